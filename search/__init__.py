"""Magpie's reading half: query -> words -> boosts -> store -> hits.

`open_library`, `Library` and `Choices` are the Python API; they load at first use, so that
`magpie --help` does not wait for numpy.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from search.library import Choices, Library, open_library

__all__ = ["Choices", "Library", "open_library"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from search import library

        return getattr(library, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
