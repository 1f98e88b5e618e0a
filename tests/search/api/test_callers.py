"""Whom limits count for: an address, or whom a known proxy tells of."""

import pytest
from api_answers import error
from starlette.datastructures import Headers

from indexer.errors import BadValue
from search.api.callers import caller, parse_ip

KEY = "correct horse"
PROXY = "testclient"  # as which starlette's client comes


def of(told, peer="10.0.0.1", proxies=("10.0.0.1", "10.0.0.2")):
    headers = Headers(raw=[(b"x-forwarded-for", one.encode()) for one in told])
    return caller({"type": "http", "client": (peer, 1)}, headers, proxies)


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ([], "10.0.0.1"),
        (["192.0.2.7"], "192.0.2.7"),
        (["6.6.6.6, 192.0.2.7"], "192.0.2.7"),  # the first one is what the caller says
        (["6.6.6.6", "192.0.2.7, 10.0.0.2"], "192.0.2.7"),
        (["2001:DB8::1"], "2001:db8::1"),
        (["10.0.0.2"], "10.0.0.2"),
        (["nonsense"], "nonsense"),
    ],
)
def test_a_known_proxy_is_believed_about_the_last_caller(told, found):
    assert of(told) == found


def test_an_ipv4_address_is_the_same_on_a_socket_for_both():
    assert of([], peer="::ffff:192.0.2.7") == "192.0.2.7"
    assert of(["::ffff:192.0.2.7"], peer="::ffff:10.0.0.1") == "192.0.2.7"
    assert of(["192.0.2.7, ::ffff:10.0.0.2"]) == "192.0.2.7"
    assert parse_ip("[::ffff:127.0.0.1]") == "127.0.0.1"


def test_nobody_else_is_believed():
    assert of(["192.0.2.7"], peer="203.0.113.5") == "203.0.113.5"
    assert of(["192.0.2.7"], proxies=()) == "10.0.0.1"


def test_an_address_of_a_proxy_is_one():
    assert parse_ip("[::1]") == "::1"
    with pytest.raises(BadValue, match=r"127\.0\.0\.1"):
        parse_ip("nginx")


def test_wrong_keys_slow_down_who_guesses_behind_a_proxy(serve):
    client = serve(
        base="http://photos.example.com", host="0.0.0.0", key=KEY, proxies=frozenset([PROXY])
    )
    guesser, owner = {"x-forwarded-for": "192.0.2.6"}, {"x-forwarded-for": "192.0.2.7"}
    wrong = {"authorization": "Bearer wrong", **guesser}
    for _ in range(10):
        error(client.get("/api/status", headers=wrong), 401, "unauthorized")
    error(client.get("/api/status", headers=wrong), 429, "too_many")
    made_up = {**wrong, "x-forwarded-for": "192.0.2.9, 192.0.2.6"}
    error(client.get("/api/status", headers=made_up), 429, "too_many")
    right = {"authorization": f"Bearer {KEY}", **owner}
    assert client.get("/api/status", headers=right).status_code == 200
    assert client.post("/api/session", json={"key": KEY}, headers=owner).status_code == 204
