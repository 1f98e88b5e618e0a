"""Photo files: finding, reading and decoding them, and what their EXIF tells."""
