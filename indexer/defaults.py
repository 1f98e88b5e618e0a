"""Defaults that `--help` shows: apart from the records, whose import loads numpy."""

DEFAULT_LIMIT = 20
"""Photos in an answer where nobody said how many."""

ANONYMOUS = "anonymous"
"""The user where nobody was named."""
