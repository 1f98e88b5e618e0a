"""The command that would fill a library, as the page tells it to a new user."""

import os
import shlex

from indexer.derived.locations import default_store

COMMAND_VARIABLE = "MAGPIE_INDEX_COMMAND"
"""Environment variable that names another command, for example of a server in a container."""


def index_command(store: str) -> str:
    """Return what a user types on the server's machine to index photos into a store.

    Args:
        store: the location of the store; never with a password.
    """
    if told := os.environ.get(COMMAND_VARIABLE, "").strip():
        return told
    if store == default_store():
        return "magpie index ~/Pictures"
    return f"magpie index --store {shlex.quote(store)} ~/Pictures"
