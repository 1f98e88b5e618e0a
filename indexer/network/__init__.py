"""Running a vision network over photos: choices, weights, runtimes, one machine or many."""
