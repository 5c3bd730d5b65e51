"""Learning: held-out probabilities for any classifier, and classifiers that forgive wrong labels."""
