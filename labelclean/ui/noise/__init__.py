"""The noise page, part by part."""
