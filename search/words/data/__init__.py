"""Bundled word data, built by scripts/words; the licences lie beside it."""
