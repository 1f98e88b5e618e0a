"""What a run says while it goes on: lines, a file that others read, the lock of a run."""
