"""The user's own probabilities and embeddings."""
