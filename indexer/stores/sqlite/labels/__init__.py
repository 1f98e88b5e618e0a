"""The labels of an SQLite store as a matrix, and photos ranked by them."""
