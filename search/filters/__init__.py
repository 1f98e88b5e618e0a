"""Filters as people write them: in the words of a search, as options, as parameters."""

from search.filters.asked import Asked as Asked
