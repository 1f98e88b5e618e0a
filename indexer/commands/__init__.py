"""The click commands that write to a library, and those that need none."""
