"""Awkward little files, each with what labelclean must make of it."""
