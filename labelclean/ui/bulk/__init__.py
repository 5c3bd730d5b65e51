"""The page of bulk decisions, part by part."""
