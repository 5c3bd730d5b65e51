"""Label sets: how likely each label belongs to each text, held out, and how likely each given one is wrong."""
