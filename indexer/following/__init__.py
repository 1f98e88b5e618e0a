"""What `magpie index --watch` follows: folders, by the system's events or by looking again."""
