"""HEAD, as load balancers and link checkers send it: what GET answers, without the body."""

import httpx2
import pytest

from search.api.app import make_routes

READ = [path for path, routes in make_routes().openapi()["paths"].items() if "get" in routes]
OWN = {"x-request-id", "date"}
"""Headers that no two answers share."""


def heads(answer):
    return {name: value for name, value in answer.headers.items() if name not in OWN}


@pytest.mark.parametrize("path", [*READ, "/", "/docs", "/openapi.json", "/api/nothing"])
def test_head_answers_as_get_does_without_its_body(server, path):
    (hit,) = httpx2.get(f"{server.url}/api/photos/random?limit=1").json()["hits"]
    url = server.url + path.format(id=hit["id"])
    with httpx2.Client() as client:  # on one connection, which a body would put out of step
        asked, got, again = client.head(url), client.get(url), client.head(url)
    assert asked.status_code == got.status_code == again.status_code
    assert asked.content == again.content == b""
    if path not in ("/metrics", "/api/status"):  # which tell other numbers each time
        assert heads(asked) == heads(got) == heads(again)


def test_head_tells_of_the_whole_file_whatever_range_is_asked_for(server):
    (hit,) = httpx2.get(f"{server.url}/api/photos/random?limit=1").json()["hits"]
    url = f"{server.url}/api/photos/{hit['id']}/image?download=true"
    whole, asked = httpx2.get(url), httpx2.head(url, headers={"range": "bytes=0-9"})
    assert (asked.status_code, asked.content) == (200, b"")
    assert heads(asked) == heads(whole)


def test_head_of_a_download_sends_nothing_on(client, ids, monkeypatch):
    path = f"/api/photos/{ids['moon.png']}/image?download=true"
    whole = client.get(path)
    monkeypatch.setattr("search.api.routes.photos.pieces", None)  # would fail if it were used
    asked = client.head(path)
    assert (asked.status_code, heads(asked)) == (200, heads(whole))


def test_head_changes_nothing_and_is_refused_where_there_is_nothing_to_get(server):
    for path in ("/api/import", "/api/session", "/api/words/zorbla", "/api/search/image"):
        assert httpx2.head(server.url + path).status_code == 405


def test_head_is_counted_as_what_it_is(server):
    httpx2.head(f"{server.url}/api/suggest?q=do")
    counted = httpx2.get(f"{server.url}/metrics").text
    assert 'method="HEAD",route="/api/suggest",status="200"' in counted


def test_head_needs_the_key_too(serve):
    client = serve(key="k" * 20)
    assert client.head("/api/status").status_code == 401
    key = {"authorization": f"Bearer {'k' * 20}"}
    assert client.head("/api/status", headers=key).status_code == 200
