"""Files of annotation tools, both ways."""
