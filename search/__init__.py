"""Magpie's reading half: query -> words -> boosts -> store -> hits."""

from search.library import Choices, Library, open_library

__all__ = ["Choices", "Library", "open_library"]
