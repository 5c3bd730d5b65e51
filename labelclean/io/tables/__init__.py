"""One reader and write-back for each kind of file."""
