"""Photo files: finding, reading, decoding, and what their EXIF tells."""
