"""Every error of the contract comes in its one shape, with a message that helps."""

import json

import pytest
from api_answers import error

from indexer.records import Origin, StoreInfo
from indexer.stores import open_store
from search.api.app import make_routes

UNKNOWN = "0" * 32
PATHS = ("/api/photos/{}", "/api/photos/{}/similar", "/api/photos/{}/image")


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("id", [UNKNOWN, "x", "0" * 5000, "%00", "..%2f..%2fetc%2fpasswd", "é"])
def test_an_unknown_photo_is_404(client, path, id):
    error(client.get(path.format(id)), 404, "not_found")


@pytest.mark.parametrize("like", [UNKNOWN, "/etc/passwd", "../photos.db", "\0", "x" * 3000])
def test_like_takes_no_path(client, like):
    error(client.get("/api/search", params={"like": like}), 404, "not_found")


def test_like_takes_no_path_of_a_photo_either(sqlite_client, served_photos):
    path = str(served_photos / "photos" / "chelsea.png")
    error(sqlite_client.get("/api/search", params={"like": path}), 404, "not_found")
    body = {"query": "cat", "good": [path]}
    error(sqlite_client.post("/api/feedback", json=body), 404, "not_found")
    answer = sqlite_client.post("/api/words/pathword/examples", json={"good": [path]})
    error(answer, 404, "not_found")


@pytest.mark.parametrize("offset, limit", [(10_000, 1), (9_999, 2), (10**9, 20)])
def test_more_than_ten_thousand_results_are_refused(client, offset, limit):
    answer = client.get("/api/search", params={"q": "cat", "offset": offset, "limit": limit})
    assert "10000" in error(answer, 400, "bad_value")


def test_the_last_of_ten_thousand_results_is_available(client):
    answer = client.get("/api/search", params={"q": "cat", "offset": 9_999, "limit": 1})
    assert answer.json()["hits"] == []


def test_a_query_of_ten_thousand_characters_is_400(client):
    answer = client.get("/api/search", params={"q": "a" * 10_000})
    assert "10000 characters" in error(answer, 400, "bad_value")


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=-1", "limit=x", "limit=1001", "offset=-1", "offset=1.5", "limit="]
)
def test_numbers_of_the_wrong_shape_are_422(client, query):
    assert "query." in error(client.get(f"/api/search?q=cat&{query}"), 422, "wrong_shape")


@pytest.mark.parametrize("size", ["0", "100", "321", "big", "-160", "160.5"])
def test_a_size_that_is_not_offered_is_422(sqlite_client, ids, size):
    answer = sqlite_client.get(f"/api/photos/{ids['moon.png']}/image?size={size}")
    assert "160, 320, 400, 640 or 1280" in error(answer, 422, "wrong_shape")


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"",
        b"[]",
        b"null",
        b'"cat"',
        b"\xff\xfe",
        b'{"query": "cat", "good": "x"}',
        b'{"query": 5}',
        b'{"good": []}',
        b'{"query": "cat", "godo": []}',
        b'{"query": "\\ud800", "good": []}',
        b'{"query": "cat", "user": ""}',
        json.dumps({"query": "a" * 1001}).encode(),
        json.dumps({"query": "cat", "good": [UNKNOWN] * 10_001}).encode(),
    ],
)
def test_bodies_of_the_wrong_shape_are_422(sqlite_client, body):
    headers = {"content-type": "application/json"}
    error(sqlite_client.post("/api/feedback", content=body, headers=headers), 422, "wrong_shape")


def test_json_that_is_sent_as_something_else_is_422(sqlite_client):
    body = {"content": b'{"query": "cat"}', "headers": {"content-type": "text/plain"}}
    error(sqlite_client.post("/api/feedback", **body), 422, "wrong_shape")


def test_deep_json_is_refused(sqlite_client):
    body = b'{"query": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    headers = {"content-type": "application/json"}
    answer = sqlite_client.post("/api/feedback", content=body, headers=headers)
    assert answer.status_code in (400, 422), answer.text


def test_a_body_that_is_too_large_is_413(sqlite_client):
    headers = {"content-type": "application/json"}
    answer = sqlite_client.post("/api/feedback", content=b" " * 1_000_001, headers=headers)
    error(answer, 413, "too_large")


@pytest.mark.parametrize("good, bad", [([], []), ("same", "same")])
def test_judgements_that_say_nothing_are_400(client, ids, good, bad):
    photo = [ids["moon.png"]]
    body = {"query": "cat", "good": photo if good else [], "bad": photo if bad else []}
    error(client.post("/api/feedback", json=body), 400, "bad_value")


@pytest.mark.parametrize("query", ["", "   ", "-cat"])
def test_judging_for_no_word_is_400(client, ids, query):
    body = {"query": query, "good": [ids["moon.png"]]}
    error(client.post("/api/feedback", json=body), 400, "bad_value")


def test_unknown_words_and_events_are_404(client):
    error(client.delete("/api/words/neverlearned"), 404, "not_found")
    error(client.delete("/api/words/neverlearned/for-good"), 404, "not_found")
    error(client.patch("/api/words/neverlearned", json={"rename": "x"}), 404, "not_found")
    error(client.delete("/api/feedback/nosuchevent"), 404, "not_found")


@pytest.mark.parametrize("body", [{}, {"rename": "a", "merge_into": "b"}, {"rename": 5}])
def test_a_change_that_is_not_exactly_one_is_422(sqlite_client, body):
    error(sqlite_client.patch("/api/words/cat", json=body), 422, "wrong_shape")


def test_unknown_paths_and_methods_are_told(sqlite_client):
    assert "/docs" in error(sqlite_client.get("/api/nothing"), 404, "not_found")
    assert "PUT" in error(sqlite_client.put("/api/search"), 405, "bad_method")
    error(sqlite_client.get("/static/../../etc/passwd"), 404, "not_found")


def test_messages_hold_no_markup_that_a_browser_would_run(sqlite_client):
    answer = sqlite_client.get("/api/photos/<script>alert(1)<%2Fscript>")
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "method, path",
    [("GET", "search?q=cat"), ("GET", "words"), ("GET", "feedback"), ("GET", "export"),
     ("DELETE", "feedback/e1"), ("GET", "photos/random"), ("GET", "photos"),
     ("GET", "photos/months"), ("GET", "ideas"), ("GET", "status/unreadable")],
)  # fmt: skip
def test_nothing_is_told_of_an_incomplete_copy(serve, tmp_path, method, path):
    url = f"sqlite:///{tmp_path}/copy.db"
    copy = open_store(url)
    copy.identity.create(StoreInfo("net", "00" * 32, 8), Origin("3f2a", "sqlite:////ann/photos.db"))
    copy.close()
    begun = error(serve(url=url).request(method, f"/api/{path}"), 409, "conflict")
    assert "an incomplete copy of sqlite:////ann/photos.db" in begun
    documented = make_routes().openapi()["paths"]
    route = path.partition("?")[0].replace("/e1", "/{event}")
    assert "409" in documented[f"/api/{route}"][method.lower()]["responses"]
