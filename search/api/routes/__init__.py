"""The routes, one file per subject; each asks the library in a thread and answers a schema."""
