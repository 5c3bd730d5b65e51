"""What Parquet files and dataset folders share: Arrow's values, and how cells of them change."""
