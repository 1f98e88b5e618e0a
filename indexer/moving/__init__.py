"""Moving a library: `copy_*` take it to another store, `reindex*` to another network."""
