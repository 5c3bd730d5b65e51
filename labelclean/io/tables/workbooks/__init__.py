"""Excel workbooks: read one sheet, and patch single cells of it."""
