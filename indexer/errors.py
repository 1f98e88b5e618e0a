"""Everything that can go wrong and is the user's business: one line, no traceback.

A message says what was wrong, the value, and what to do. `code` is the word that the HTTP API
puts into its answers.
"""


class MagpieError(Exception):
    """Base of all expected failures; the command line prints its message and exits with 1."""

    code = "failed"


class BadValue(MagpieError):
    """A value that can never work: a missing folder, a file that is no image, a bad URL."""

    code = "bad_value"


class NotFound(MagpieError):
    """An id, path or store that does not exist."""

    code = "not_found"


class Conflict(MagpieError):
    """The store holds something that does not fit: another model, another mapping version."""

    code = "conflict"


class StoreAway(MagpieError):
    """The store cannot be reached, is full or refuses writes; trying again later may work."""

    code = "store_away"
