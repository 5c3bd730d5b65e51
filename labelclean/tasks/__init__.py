"""Other kinds of data than one label per row, reduced to the core: label sets, annotators, tokens."""
