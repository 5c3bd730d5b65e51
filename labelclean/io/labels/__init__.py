"""How cells spell labels and label sets, both ways."""
