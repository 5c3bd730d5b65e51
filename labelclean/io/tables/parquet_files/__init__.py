"""Parquet files: read, and write again page for page but for the columns that change."""
