"""Everything that can go wrong and is the user's business: one line each, no traceback.

A message says what was wrong, the value received, and what to do.
"""


class MagpieError(Exception):
    """Base of all expected failures; the command line prints its message and exits with 1."""


class BadValue(MagpieError):
    """A value that can never work: a file that is not a photo, a malformed URL."""


class Unreadable(BadValue):
    """A file that cannot become a photo; the message is only the reason, without the path."""


class NotNow(Unreadable):
    """A file that cannot be decoded now, as when memory is short; another attempt may work."""


class NotFound(MagpieError):
    """An id, path or store that does not exist."""


class Conflict(MagpieError):
    """The store holds something that does not fit: another model, another mapping version."""


class StoreAway(MagpieError):
    """The store cannot be reached, is full or refuses writes; trying again later may work."""


class Damaged(StoreAway):
    """Part of the store is not what was written; `magpie verify` names what.

    Attributes:
        is_readable: whether something can be read of it all the same.
    """

    def __init__(self, message: str, is_readable: bool = False) -> None:
        """Take one line for users."""
        super().__init__(message)
        self.is_readable = is_readable


class ReadOnly(StoreAway):
    """The store may be searched and not written, until somebody allows it."""
