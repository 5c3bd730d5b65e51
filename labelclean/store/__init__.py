"""Projects, runs and decisions in a database."""
