"""Comparing photos exactly: cosines, scans over all vectors, and neighbour lists as arrays."""
