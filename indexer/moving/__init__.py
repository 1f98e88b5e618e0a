"""A library's way to another store, or to another network."""
