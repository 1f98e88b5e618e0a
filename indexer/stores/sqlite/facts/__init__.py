"""What filters ask about the photos of an SQLite store, as columns in memory."""
