"""The description of the API holds: no request makes the server fail or answer otherwise."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import checks

from search.api.app import make_routes

ROOT = Path(__file__).parents[3]
CONTRACT = {
    "/api/search": {"get"},
    "/api/search/image": {"post"},
    "/api/facets": {"get"},
    "/api/photos": {"get"},
    "/api/photos/months": {"get"},
    "/api/photos/{id}": {"get"},
    "/api/photos/{id}/exif": {"get"},
    "/api/photos/{id}/similar": {"get"},
    "/api/photos/{id}/image": {"get"},
    "/api/photos/random": {"get"},
    "/api/photos/zip": {"post"},
    "/api/feedback": {"post", "get", "delete"},
    "/api/feedback/undo": {"post"},
    "/api/feedback/{event}": {"delete"},
    "/api/words": {"get"},
    "/api/words/{word}/examples": {"post"},
    "/api/words/{word}": {"patch", "delete"},
    "/api/words/{word}/for-good": {"delete"},
    "/api/export": {"get"},
    "/api/import": {"post"},
    "/api/suggest": {"get"},
    "/api/ideas": {"get"},
    "/api/session": {"post", "delete"},
    "/api/status": {"get"},
    "/api/status/unreadable": {"get"},
    "/healthz": {"get"},
    "/readyz": {"get"},
    "/metrics": {"get"},
}
ASKED = settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
CHECKS = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
]


@pytest.fixture(scope="module")
def described():
    return make_routes().openapi()


@pytest.fixture(scope="module")
def api(server):
    """The live server as schemathesis sees it."""
    return schemathesis.openapi.from_url(f"{server.url}/openapi.json")


@schemathesis.serializer("application/x-ndjson")
def lines(_, value):
    """How a body of lines is sent: as it is."""
    return value if isinstance(value, bytes) else str(value).encode()


@pytest.mark.parametrize(
    "path, method", [(path, method) for path in CONTRACT for method in sorted(CONTRACT[path])]
)
def test_whatever_is_asked_is_answered_as_described(api, path, method):
    @ASKED
    @given(case=api[path][method].as_strategy())
    def ask(case):
        case.validate_response(case.call(), checks=CHECKS)

    ask()


def test_all_routes_of_the_contract_are_described(described):
    assert {path: set(routes) for path, routes in described["paths"].items()} == CONTRACT


def test_routes_say_what_they_do_and_give_examples(described):
    for path, routes in described["paths"].items():
        for method, route in routes.items():
            assert route["description"].endswith("."), (method, path)
            assert route["tags"], (method, path)
    for name in ("HitAnswer", "PartAnswer", "StatusAnswer", "FeedbackBody", "EventEntry"):
        fields = described["components"]["schemas"][name]["properties"].values()
        told = [field for field in fields if '"examples"' in json.dumps(field) or "$ref" in field]
        assert len(told) >= len(fields) / 3, name


def test_errors_are_described_in_their_one_shape(described):
    for path, routes in described["paths"].items():
        for method, route in routes.items():
            for status, answer in route["responses"].items():
                if status >= "400":
                    (content,) = answer["content"].values()
                    assert content["schema"]["$ref"].endswith("ErrorAnswer"), (method, path, status)


def test_the_description_is_printed_for_the_page(described):
    done = subprocess.run(
        [sys.executable, "-m", "search.api.openapi"], cwd=ROOT, capture_output=True, check=True
    )
    assert json.loads(done.stdout) == json.loads(json.dumps(described))
