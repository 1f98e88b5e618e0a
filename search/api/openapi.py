"""Print the OpenAPI description: `python -m search.api.openapi > web/openapi.json`."""

import json
import sys

from search.api.app import make_routes

if __name__ == "__main__":
    sys.stdout.write(json.dumps(make_routes().openapi(), indent=1, sort_keys=True) + "\n")
