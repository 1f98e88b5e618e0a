"""Changes come from the page or from who has the key; names of hosts and origins are parsed."""

import pytest
from api_answers import error

from indexer.errors import BadValue
from search.api.addresses import NamedHost, parse_host, parse_origin
from search.api.app import ended_sessions
from search.api.sessions import Sessions
from search.api.settings import Settings

KEY = "correct horse"
REMOTE = {"base": "http://photos.example.com", "host": "0.0.0.0", "key": KEY}
NOWHERE = {"sec-fetch-site": "none"}
CHANGES = [
    ("POST", "/api/feedback"),
    ("DELETE", "/api/feedback/e1"),
    ("PATCH", "/api/words/pet"),
    ("DELETE", "/api/words/pet"),
    ("DELETE", "/api/words/pet/for-good"),
    ("POST", "/api/words/pet/examples"),
    ("POST", "/api/import"),
    ("DELETE", "/api/session"),
]


@pytest.mark.parametrize("sign", [NOWHERE, {"sec-fetch-site": "same-site"}, {"sec-fetch-site": ""}])
@pytest.mark.parametrize(("method", "path"), CHANGES[:-1])
def test_a_change_without_a_sign_of_its_origin_is_refused(sqlite_client, method, path, sign):
    answer = sqlite_client.request(method, path, headers=sign)
    assert "Sec-Fetch-Site" in error(answer, 403, "forbidden")


@pytest.mark.parametrize(
    "sign", [{"origin": "http://localhost"}, {"origin": "http://LOCALHOST:80"}]
)
def test_an_origin_of_the_server_is_a_sign(sqlite_client, sign):
    answer = sqlite_client.delete("/api/feedback/nosuchevent", headers={**NOWHERE, **sign})
    error(answer, 404, "not_found")


def test_the_key_is_a_sign_and_the_cookie_is_none(serve):
    client = serve(**REMOTE)
    given = {**NOWHERE, "authorization": f"Bearer {KEY}"}
    error(client.delete("/api/words/neverlearned", headers=given), 404, "not_found")
    assert client.post("/api/session", json={"key": KEY}, headers=NOWHERE).status_code == 204
    error(client.delete("/api/words/neverlearned", headers=NOWHERE), 403, "forbidden")
    error(client.delete("/api/words/neverlearned"), 404, "not_found")  # from the page


def test_where_no_key_is_set_none_is_a_sign(sqlite_client):
    for key in ("Bearer ", "Bearer x", "Bearer"):
        answer = sqlite_client.delete("/api/words/x", headers={**NOWHERE, "authorization": key})
        error(answer, 403, "forbidden")


def test_searching_by_a_picture_changes_nothing(sqlite_client, outside):
    sent = {"files": {"file": ("a.jpg", outside)}, "headers": NOWHERE}
    assert sqlite_client.post("/api/search/image", **sent).status_code == 200


@pytest.mark.parametrize(
    "type", ["", "text/plain", "multipart/form-data", "application/octet-stream", "x-ndjson"]
)
def test_an_import_has_its_own_type(sqlite_client, type):
    answer = sqlite_client.post("/api/import", content=b"", headers={"content-type": type})
    assert "application/x-ndjson" in error(answer, 422, "wrong_shape")


@pytest.mark.parametrize(
    "host",
    ["localhost:evil", "[::1]evil.example", "[::1].evil.example", "localhost:80@evil.example",
     "localhost.", "localhost:99999", "a@localhost", "localhost/", "local host", "[::1"],
)  # fmt: skip
def test_what_begins_as_this_machine_is_not_this_machine(sqlite_client, host):
    error(sqlite_client.get("/api/status", headers={"host": host}), 403, "forbidden")


@pytest.mark.parametrize(
    "origin",
    ["http://localhost/", "http://localhost.evil.example", "http://a@localhost", "localhost",
     "http://localhost:80x", "http://localhost http://evil.example"],
)  # fmt: skip
def test_what_begins_as_the_page_is_another_site(sqlite_client, origin):
    error(sqlite_client.get("/api/status", headers={"origin": origin}), 403, "forbidden")


def test_ports_of_schemes_are_known():
    host, page = parse_host("Photos.example.com"), parse_origin("https://photos.example.com:443")
    assert host == NamedHost("photos.example.com", None)
    assert page == parse_origin("https://photos.example.com") and page.is_at(host)
    assert not parse_origin("https://photos.example.com:444").is_at(host)
    assert parse_host("[0:0::1]:8000") == NamedHost("[::1]", 8000)


def test_an_origin_that_is_none_starts_no_server():
    with pytest.raises(BadValue, match="is not like"):
        Settings(origins=frozenset(["https://photos.example.com/x"])).check()


def test_a_session_that_was_ended_is_worth_nothing_to_who_copied_it(serve):
    client = serve(**REMOTE)
    client.post("/api/session", json={"key": KEY})
    copied = {"cookie": f"magpie_session={client.cookies['magpie_session']}"}
    assert client.delete("/api/session").status_code == 204
    client.cookies.clear()
    error(client.get("/api/status", headers=copied), 401, "unauthorized")
    again = serve(**REMOTE)  # nor after a restart
    error(again.get("/api/status", headers=copied), 401, "unauthorized")


def test_other_sessions_go_on(tmp_path):
    file = tmp_path / "locks" / "ended"
    sessions = Sessions(KEY, file)
    first, second = sessions.begin(), sessions.begin()
    for made_up in ("", ".", "1.2.3", f"{first}x", "é", first.replace(".", "é")):
        sessions.end(made_up)
    sessions.end(first)
    for reader in (sessions, Sessions(KEY, file)):
        assert (reader.is_open(first), reader.is_open(second)) == (False, True)
    assert file.stat().st_mode & 0o077 == 0
    assert first.rpartition(".")[2] not in file.read_text()


def test_each_library_has_its_own_file_of_ended_sessions():
    assert ended_sessions("sqlite:////a.db") != ended_sessions("sqlite:////b.db")
