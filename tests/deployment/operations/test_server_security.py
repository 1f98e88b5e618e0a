"""TLS, passwords and API keys, through a proxy that asks for them; none is ever shown."""

import base64
import json
import logging

import pytest
from click.testing import CliRunner

from indexer.stores.urls import to_address
from search.commands import main

KEY = "VnVhQ2ZHY0JDZGJrUW0tZTVhT3g6Z2VoZWlt"
PASSWORD = "ge/heim@1"
BASIC = "Basic " + base64.b64encode(f"ann:{PASSWORD}".encode()).decode()
SECRETS = (KEY, PASSWORD, "ge%2Fheim", BASIC.split()[1])


def magpie(url, *words):
    """Run a command with the log of everything switched on; none of it may hold a secret."""
    records = []
    handler = logging.Handler()
    handler.emit = lambda record: records.append(record.getMessage())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        done = CliRunner().invoke(main, [*words, "--store", url])
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
    for text in (done.output, *records):
        assert not any(secret in text for secret in SECRETS)
    return done


def use(url, photos):
    """Index, search, teach and look: everything passes."""
    for words in (
        ["index", str(photos)],
        ["search", "animal"],
        ["teach", "zorbla", str(photos / "chelsea.png")],
        ["similar", str(photos / "chelsea.png"), "--json"],
        ["status", "--json"],
        ["verify"],
    ):
        done = magpie(url, *words)
        assert done.exit_code == 0, done.output
    return json.loads(magpie(url, "status", "--json").stdout)


def with_password(url):
    return url.replace("//", "//ann:ge%2Fheim%401@")


def test_a_password_in_the_url_goes_through_tls(proxy, photos):
    proxy.wanted = BASIC
    status = use(with_password(proxy.url), photos)
    assert status["photos"] == 4 and status["store"] == proxy.url


def test_an_api_key_of_the_environment_goes_through_tls(proxy, photos, monkeypatch):
    proxy.wanted = f"ApiKey {KEY}"
    monkeypatch.setenv("MAGPIE_STORE_KEY", KEY)
    assert use(proxy.url, photos)["photos"] == 4


def test_a_user_in_the_url_goes_before_a_key(monkeypatch):
    monkeypatch.setenv("MAGPIE_STORE_KEY", KEY)
    address = to_address("https://ann:x@host/photos")
    assert (address.credentials, address.key) == (("ann", "x"), "")
    assert to_address("https://host/photos").key == KEY


def one_line(done):
    assert done.exit_code == 1 and done.stdout == ""
    assert done.stderr.startswith("magpie: ") and done.stderr.count("\n") == 1
    return done.stderr


@pytest.mark.parametrize("command", [["status"], ["search", "cat"], ["words"], ["history"]])
def test_a_wrong_key_is_one_line_that_says_what_to_do(proxy, monkeypatch, command):
    proxy.wanted = "ApiKey other"
    monkeypatch.setenv("MAGPIE_STORE_KEY", KEY)
    line = one_line(magpie(proxy.url, *command))
    assert "MAGPIE_STORE_KEY" in line and proxy.url in line


def test_a_wrong_password_is_one_line(proxy, photos):
    proxy.wanted = "Basic other"
    line = one_line(magpie(with_password(proxy.url), "index", str(photos)))
    assert "refuses this user, password or key" in line


def test_an_authority_that_is_not_named_is_not_trusted(proxy, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE")
    line = one_line(magpie(with_password(proxy.url), "status"))
    assert "SSL_CERT_FILE" in line and proxy.asked == []


def test_an_authority_file_that_is_missing_or_none_is_named(proxy, monkeypatch, tmp_path):
    (tmp_path / "empty.pem").write_text("")
    for name in ("nowhere.pem", "empty.pem"):
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / name))
        line = one_line(magpie(proxy.url, "status"))
        assert name in line and "SSL_CERT_FILE" in line


def test_a_certificate_of_another_host_is_not_trusted(proxy):
    line = one_line(magpie(proxy.url.replace("localhost", "127.0.0.1"), "status"))
    assert "certificate" in line and proxy.asked == []


def test_plain_http_is_not_what_a_tls_server_answers(proxy):
    line = one_line(magpie(proxy.url.replace("https:", "http:"), "status"))
    assert "is not Elasticsearch" in line or "cannot be reached" in line
