"""Files of cells between delimiters: read, and patch single cells."""
