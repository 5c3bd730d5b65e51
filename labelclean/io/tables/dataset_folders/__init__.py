"""Folders as Hugging Face datasets saves them, and archives of such folders."""
