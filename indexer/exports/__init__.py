"""What the original system's scripts write: labels, features, distances, copied files."""
