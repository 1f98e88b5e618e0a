"""Files beside a store that may be deleted: they are made from it, and rebuilt when needed."""
