"""Running a vision network over photos: its options, weights and runtimes; one machine or many."""
