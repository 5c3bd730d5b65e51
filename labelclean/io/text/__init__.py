"""Bytes to text and back: encodings, archives, records."""
