"""The table of all rows, part by part."""
