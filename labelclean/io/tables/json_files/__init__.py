"""JSON Lines, arrays of objects and objects of columns: read, and patch the values of single keys."""
