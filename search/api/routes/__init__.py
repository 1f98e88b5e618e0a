"""The routes, a file a subject; each asks the library in a thread and answers with a schema."""
