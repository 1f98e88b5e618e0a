"""`magpie kibana`: everything arrives; what goes wrong is one clear line without a secret."""

import base64
import json
import socket
import threading

import pytest
from click.testing import CliRunner
from fake_kibana import FakeKibana, running

import mappings
from search import kibana as module
from search.commands import main

STORE = ("--store", "http://127.0.0.1:9200/photos")


@pytest.fixture(autouse=True)
def no_variables(monkeypatch):
    for name in ("MAGPIE_KIBANA", "MAGPIE_KIBANA_KEY"):
        monkeypatch.delenv(name, raising=False)


def magpie(*words):
    return CliRunner().invoke(main, ["kibana", *words])


def complaint(done):
    """The one line of a failure."""
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith("magpie: ") and done.stderr.count("\n") == 1
    assert "geheim" not in done.stderr
    return done.stderr


def test_all_objects_arrive_and_the_dashboards_are_named():
    with running(FakeKibana()) as kibana:
        done = magpie("--url", kibana.url, *STORE)
    assert done.exit_code == 0, done.stderr
    assert set(kibana.objects) == {(one["type"], one["id"]) for one in mappings.kibana()}
    first, *addresses = done.stdout.splitlines()
    assert first == f"{len(mappings.kibana())} objects are in {kibana.url}"
    start = f"{kibana.url}/app/dashboards#/view/magpie-photos-"
    assert addresses == [f"{start}library", f"{start}learning"]


def test_importing_again_replaces_and_another_store_stands_beside():
    with running(FakeKibana()) as kibana:
        for store in (*[STORE] * 2, ("--store", "http://127.0.0.1:9200/holiday")):
            assert magpie("--url", kibana.url, *store).exit_code == 0
    assert len(kibana.objects) == 2 * len(mappings.kibana())


def test_the_answer_as_json():
    with running(FakeKibana()) as kibana:
        answer = json.loads(magpie("--url", kibana.url, "--json", *STORE).stdout)
    assert answer["objects"] == len(mappings.kibana()) and answer["failed"] == []
    assert answer["kibana"] == kibana.url and len(answer["dashboards"]) == 2


def test_a_space_is_part_of_the_url():
    with running(FakeKibana(base="/kibana/s/photos")) as kibana:
        assert magpie("--url", kibana.url + "/", *STORE).exit_code == 0


def test_a_password_of_the_url_is_sent_and_not_shown():
    wanted = "Basic " + base64.b64encode(b"ann:ge/heim").decode()
    with running(FakeKibana(wanted=wanted)) as kibana:
        url = kibana.url.replace("//", "//ann:ge%2Fheim@")
        done = magpie("--url", url, *STORE)
    assert done.exit_code == 0 and "heim" not in done.output


def test_a_key_of_the_environment_is_sent_and_goes_before_a_password(monkeypatch):
    monkeypatch.setenv("MAGPIE_KIBANA_KEY", "geheim")
    with running(FakeKibana(wanted="ApiKey geheim")) as kibana:
        monkeypatch.setenv("MAGPIE_KIBANA", kibana.url.replace("//", "//ann:x@"))
        done = magpie(*STORE)
    assert done.exit_code == 0 and "geheim" not in done.output


def test_thumbnails_come_from_the_api_that_is_named():
    with running(FakeKibana()) as kibana:
        magpie("--url", kibana.url, "--api", "https://magpie.example.com", *STORE)
    view = kibana.objects["index-pattern", "magpie-photos-view-photos"]
    assert "https://magpie.example.com/api/photos/" in view["attributes"]["fieldFormatMap"]


def test_without_a_url_the_objects_are_printed_for_an_import_by_hand():
    done = magpie(*STORE)
    assert [json.loads(line) for line in done.stdout.splitlines()] == mappings.kibana()


def test_what_is_not_taken_is_named_and_the_rest_is_there():
    missing = "magpie-photos-view-words"
    with running(FakeKibana(refused=frozenset({missing}))) as kibana:
        done = magpie("--url", kibana.url, *STORE)
    assert done.exit_code == 1
    assert "index-pattern 'photos-words': unsupported_type" in done.stderr
    assert f"{len(mappings.kibana()) - 1} objects are in" in done.stdout
    assert ("index-pattern", missing) not in kibana.objects


def test_a_lacking_reference_is_named(monkeypatch):
    rest = [one for one in mappings.kibana() if one["id"] != "magpie-photos-view-files"]
    monkeypatch.setattr(mappings, "kibana", lambda: rest)
    with running(FakeKibana()) as kibana:
        done = magpie("--url", kibana.url, *STORE)
    assert done.exit_code == 1
    assert "missing_references: index-pattern magpie-photos-view-files" in done.stderr


# --- trouble


def test_a_store_in_sqlite_has_nothing_for_kibana(tmp_path):
    done = magpie("--url", "http://x:5601", "--store", f"sqlite:///{tmp_path}/photos.db")
    assert "Elasticsearch" in complaint(done)


@pytest.mark.parametrize(
    "url", ["localhost:5601", "ftp://x", "http://", "http://x:geheim", "http://a:ge/heim@x"]
)
def test_a_url_that_is_none(url):
    assert "Kibana's URL" in complaint(magpie("--url", url, *STORE))


@pytest.mark.parametrize("api", ["localhost:8000", 'http://x"', "http://x/{{value}}"])
def test_an_api_that_is_no_url(api):
    assert "--api" in complaint(magpie("--api", api, *STORE))


def test_nobody_at_the_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))  # bound, but nobody listens
        url = f"http://ann:geheim@127.0.0.1:{probe.getsockname()[1]}"
        assert "cannot be reached" in complaint(magpie("--url", url, *STORE))


def test_no_answer_in_time(monkeypatch):
    monkeypatch.setattr(module, "TIMEOUT_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://ann:geheim@127.0.0.1:{silent.getsockname()[1]}"
        assert "cannot be reached" in complaint(magpie("--url", url, *STORE))


def test_a_connection_that_breaks():
    with socket.create_server(("127.0.0.1", 0)) as server:

        def hang_up():
            server.accept()[0].close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        url = f"http://ann:geheim@127.0.0.1:{server.getsockname()[1]}"
        assert "cannot be reached" in complaint(magpie("--url", url, *STORE))
        thread.join()


def test_a_service_that_speaks_no_http():
    with socket.create_server(("127.0.0.1", 0)) as server:

        def greet():
            connection, _ = server.accept()
            with connection:
                connection.sendall(b"SSH-2.0-OpenSSH_9.2\r\n")
                while connection.recv(65536):
                    pass

        thread = threading.Thread(target=greet)
        thread.start()
        url = f"http://ann:geheim@127.0.0.1:{server.getsockname()[1]}"
        assert "is not Kibana" in complaint(magpie("--url", url, *STORE))
        thread.join()


JSON, HTML = "application/json", "text/html"
ANSWERS = [
    ((401, JSON, '{"message": "unable to authenticate"}'), "refuses this user or key"),
    ((403, JSON, '{"message": "forbidden"}'), "who may save objects"),
    ((404, HTML, "<html>"), "is not Kibana (it answered 404)"),
    ((302, HTML, ""), "is not Kibana (it answered 302)"),
    ((503, HTML, "Kibana server is not ready yet"), "is not ready"),
    ((400, JSON, '{"message": "bad\\nfile"}'), "refused the import (status 400): bad"),
    ((413, JSON, '{"message": "too large"}'), "too large"),
    ((200, HTML, "<html>"), "is not Kibana (it does not answer in JSON)"),
    ((200, JSON, "[]"), "is not Kibana"),
    ((200, JSON, '{"successCount": "many"}'), "is not Kibana"),
    ((200, JSON, '{"successCount": 1, "errors": [{}]}'), "is not Kibana"),
    ((200, JSON, '{"a'), "is not Kibana"),
    ((200, JSON, "\ufffd"), "is not Kibana"),
]


@pytest.mark.parametrize(("answer", "line"), ANSWERS)
def test_an_answer_of_somebody_else(answer, line):
    with running(FakeKibana(answer=answer)) as kibana:
        done = magpie("--url", kibana.url.replace("//", "//ann:geheim@"), *STORE)
    assert line in complaint(done)
    assert len(kibana.asked) == 1  # no redirection was followed: it would get the password
