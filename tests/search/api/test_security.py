"""Who is answered: hosts, origins, keys, sessions, rates."""

import pytest
from api_answers import error

from indexer.errors import BadValue
from search.api.app import make_routes
from search.api.limits import MOST_CLIENTS, RateLimit
from search.api.settings import Settings, is_loopback

KEY = "correct horse"
REMOTE = {"base": "http://photos.example.com", "host": "0.0.0.0", "key": KEY}
BEARER = {"authorization": f"Bearer {KEY}"}


@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1:9", "[::1]:80"])
def test_loopback_names_are_answered(sqlite_client, host):
    assert sqlite_client.get("/api/status", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "[::2]", "", "@"]
)
def test_other_names_of_this_machine_are_not_answered(sqlite_client, host):
    for path in ("/", "/api/status"):
        error(sqlite_client.get(path, headers={"host": host}), 403, "forbidden")


def test_people_who_come_by_another_name_are_told_in_words(sqlite_client):
    headers = {"host": "photos.lan", "accept": "text/html,*/*"}
    answer = sqlite_client.get("/words", headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (403, "text/html; charset=utf-8")
    assert "magpie serve --origin" in answer.text
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    error(sqlite_client.get("/api/status", headers=headers), 403, "forbidden")


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://localhost:1", "https://", "http://[", ""]
)
def test_pages_of_other_sites_are_refused(sqlite_client, origin):
    headers = {"origin": origin}
    error(sqlite_client.get("/api/status", headers=headers), 403, "forbidden")
    error(sqlite_client.post("/api/feedback", json={}, headers=headers), 403, "forbidden")


def test_the_page_itself_is_answered(sqlite_client):
    headers = {"origin": "http://localhost", "sec-fetch-site": "same-origin"}
    assert sqlite_client.get("/api/status", headers=headers).status_code == 200


def test_pictures_cannot_be_embedded_by_other_sites_but_links_work(sqlite_client, ids):
    path = f"/api/photos/{ids['moon.png']}/image?size=160"
    embedded = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"}
    error(sqlite_client.get(path, headers=embedded), 403, "forbidden")
    followed = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
    assert sqlite_client.get(path, headers=followed).status_code == 200


def test_a_named_origin_may_use_the_api(serve):
    site = "https://photos.example.com"
    client = serve(origins=frozenset((site,)))
    answer = client.get("/api/status", headers={"origin": site})
    assert answer.headers["access-control-allow-origin"] == site
    behind_proxy = {"host": "photos.example.com", "origin": site}
    assert client.get("/api/status", headers=behind_proxy).status_code == 200
    preflight = {"origin": site, "access-control-request-method": "POST"}
    assert client.options("/api/feedback", headers=preflight).status_code == 200
    error(client.get("/api/status", headers={"origin": "http://evil.example"}), 403, "forbidden")


def test_cors_is_off_unless_named(sqlite_client):
    preflight = {"origin": "http://evil.example", "access-control-request-method": "POST"}
    answer = sqlite_client.options("/api/feedback", headers=preflight)
    error(answer, 403, "forbidden")
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize("path", ["/", "/api/status", "/api/nothing", "/docs"])
def test_every_answer_has_the_security_headers(sqlite_client, path):
    headers = sqlite_client.get(path).headers
    policy = headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy and "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-resource-policy"] == "same-site"  # for Kibana beside it


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "photos.example.com", ""])
def test_no_network_is_served_without_a_key(host):
    assert not is_loopback(host)
    with pytest.raises(BadValue, match="MAGPIE_API_KEY"):
        Settings(host=host).check()


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "localhost", "::1", "[::1]"])
def test_loopback_needs_no_key(host):
    Settings(host=host).check()


def test_the_key_is_not_in_what_is_printed():
    assert KEY not in repr(Settings(key=KEY))


def test_nothing_but_the_empty_page_is_told_without_the_key(serve):
    client = serve(**REMOTE)
    described = make_routes().openapi()["paths"]
    opened = {"/healthz", "/readyz", "/api/session"}
    routes = [(m, path) for path in described.keys() - opened for m in described[path]]
    assert len(routes) > 15
    for method, path in [*routes, ("get", "/docs"), ("get", "/openapi.json")]:
        error(client.request(method, path), 401, "unauthorized")
    for path in ("/", "/words", "/healthz"):
        assert client.get(path).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"authorization": "Bearer wrong"},
        {"authorization": "Bearer "},
        {"authorization": f"Basic {KEY}"},
        {"authorization": KEY},
        {"authorization": f"Bearer {KEY}x"},
        {"cookie": "magpie_session=9999999999.0"},
        {"cookie": "magpie_session=."},
        {"cookie": 'magpie_session="\\'},
        {"cookie": f"magpie_session={KEY}"},
    ],
)
def test_a_wrong_key_is_401(serve, headers):
    answer = serve(**REMOTE).get("/api/status", headers=headers)
    error(answer, 401, "unauthorized")
    assert answer.headers["www-authenticate"] == "Bearer"


def test_the_key_opens_all(serve):
    client = serve(**REMOTE)
    assert client.get("/api/status", headers=BEARER).status_code == 200
    assert client.get("/metrics", headers=BEARER).status_code == 200


def test_a_session_carries_pictures_too(serve, ids):
    client = serve(**REMOTE)
    answer = client.post("/api/session", json={"key": KEY})
    assert answer.status_code == 204
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=Strict" in cookie and KEY not in cookie
    assert "Secure" not in cookie  # it would not come back over http
    assert client.get(f"/api/photos/{ids['moon.png']}/image?size=160").status_code == 200
    assert client.delete("/api/session").status_code == 204
    error(client.get("/api/status"), 401, "unauthorized")


def test_behind_https_the_cookie_is_secure(serve):
    headers = {"origin": "https://photos.example.com"}
    answer = serve(**REMOTE).post("/api/session", json={"key": KEY}, headers=headers)
    assert "Secure" in answer.headers["set-cookie"]


def test_a_session_of_another_key_is_worth_nothing(serve):
    cookie = serve(**REMOTE).post("/api/session", json={"key": KEY}).cookies["magpie_session"]
    other = serve(**{**REMOTE, "key": "another"})
    answer = other.get("/api/status", headers={"cookie": f"magpie_session={cookie}"})
    error(answer, 401, "unauthorized")


def test_a_session_ends(serve, monkeypatch):
    client = serve(**REMOTE)
    client.post("/api/session", json={"key": KEY})
    monkeypatch.setattr("search.api.sessions.time.time", lambda: 2**33)
    error(client.get("/api/status"), 401, "unauthorized")


def test_where_no_key_is_set_a_session_is_nothing(sqlite_client):
    answer = sqlite_client.post("/api/session", json={"key": "any"})
    assert (answer.status_code, "set-cookie" in answer.headers) == (204, False)


def test_guessing_the_key_is_slowed_down(serve):
    client = serve(**REMOTE)
    for _ in range(10):
        error(client.post("/api/session", json={"key": "guess"}), 401, "unauthorized")
    answer = client.post("/api/session", json={"key": "guess"})
    error(answer, 429, "too_many")
    assert int(answer.headers["retry-after"]) >= 1
    # the page, which has no key yet, goes on
    error(client.get("/api/status"), 401, "unauthorized")


def test_too_many_requests_are_429(serve):
    client = serve(burst=3, requests_a_second=0.001)
    for _ in range(3):
        assert client.get("/api/status").status_code == 200
    answer = client.get("/api/status")
    error(answer, 429, "too_many")
    assert int(answer.headers["retry-after"]) > 100
    assert client.get("/healthz").status_code == 200  # a supervisor must not think it dead


def test_a_bucket_fills_again():
    now = [0.0]
    limit = RateLimit(per_second=2, burst=2, clock=lambda: now[0])
    assert [limit.take("a") for _ in range(3)] == [0, 0, 0.5]
    assert limit.take("b") == 0  # others have their own
    now[0] = 0.5
    assert limit.peek("a") == 0
    assert [limit.take("a") for _ in range(2)] == [0, 0.5]


def test_addresses_of_one_network_count_as_one():
    limit = RateLimit(per_second=1, burst=1, clock=lambda: 0.0)
    assert limit.take("2001:db8::1") == 0
    assert limit.take("2001:db8::2") == 1
    assert limit.take("2001:db8:0:1::1") == 0


def test_clients_do_not_fill_the_memory():
    limit = RateLimit(per_second=1, burst=1, clock=lambda: 0.0)
    for number in range(MOST_CLIENTS + 10):
        limit.take(str(number))
    assert len(limit._buckets) == MOST_CLIENTS
