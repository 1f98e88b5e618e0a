"""Pictures over HTTP: found by id, made small, uploaded."""
