"""The table of all rows: what is asked of it, its rows, and its edits."""
