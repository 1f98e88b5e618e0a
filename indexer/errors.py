"""Everything that can go wrong and is the user's business: one line each, no traceback.

A message says what was wrong, the value received, and what to do.
"""


class MagpieError(Exception):
    """Base of all expected failures; the command line prints its message and exits with 1."""


class BadValue(MagpieError):
    """A value that can never work: a file that is not a photo, a malformed URL."""


class Unreadable(BadValue):
    """A file that cannot become a photo; the message is only the reason, without the path."""


class NotFound(MagpieError):
    """An id, path or store that does not exist."""


class Conflict(MagpieError):
    """The store holds something that does not fit: another model, another mapping version."""


class StoreAway(MagpieError):
    """The store cannot be reached, is full or refuses writes; trying again later may work."""
