"""What the routes take and answer: the shapes that /openapi.json describes."""
