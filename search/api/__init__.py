"""The HTTP API and the built page, over `search.library.Library`: nothing is computed here."""
