"""How the page's files are served: one document for all screens, the rest kept by browsers."""

import gzip
import re

import pytest
from api_answers import error
from starlette.applications import Starlette
from starlette.testclient import TestClient

from search.api.page import BUILT, page_routes


@pytest.fixture
def built(tmp_path):
    """A client of a page that has a few files."""
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<!doctype html><title>a page</title>" + " " * 500)
    (tmp_path / "icon.svg").write_text("<svg/>")
    (tmp_path / "assets" / "index-1a2b.js").write_text("// " + "a long script " * 100)
    (tmp_path / "assets" / "font-1a2b.woff2").write_bytes(bytes(range(256)))
    return TestClient(Starlette(routes=page_routes(tmp_path)))


@pytest.mark.parametrize("path", ["/", "/photo/0f8fad5b", "/words", "/history"])
def test_all_screens_are_one_document_that_is_always_revalidated(built, path):
    answer = built.get(path)
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["cache-control"] == "no-cache"
    assert "a page" in answer.text


def test_a_mistyped_address_is_the_page_for_browsers_and_an_error_for_programs(built):
    browser = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    answer = built.get("/nothing/here", headers=browser)
    assert (answer.status_code, "a page" in answer.text) == (404, True)
    assert "a page" not in built.get("/nothing/here", headers={"accept": "*/*"}).text
    assert "a page" not in built.get("/api/nothing", headers=browser).text


def test_a_server_lets_the_page_tell_people_that_an_address_is_wrong(client):
    answer = client.get("/nothing/here", headers={"accept": "text/html"})
    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")
    error(client.get("/nothing/here"), 404, "not_found")


@pytest.mark.parametrize(
    ("path", "type"),
    [
        ("/favicon.ico", "image/"),
        ("/apple-touch-icon.png", "image/png"),
        ("/manifest.webmanifest", "application/manifest+json"),
    ],
)
def test_systems_find_the_icons_and_the_manifest_by_their_names(client, path, type):
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(type)


def test_all_icons_of_the_manifest_are_there(client):
    icons = client.get("/manifest.webmanifest").json()["icons"]
    assert len(icons) == 4
    for icon in icons:
        assert client.get(icon["src"]).headers["content-type"].startswith(icon["type"])


def test_files_with_a_hash_in_their_names_are_kept_for_good(built):
    answer = built.get("/assets/index-1a2b.js")
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-type"].startswith("text/javascript")
    assert built.get("/assets/font-1a2b.woff2").headers["content-type"] == "font/woff2"
    assert built.get("/icon.svg").headers["cache-control"] == "no-cache"


def test_texts_are_packed_where_the_browser_unpacks_them(built):
    packed = built.get("/assets/index-1a2b.js", headers={"accept-encoding": "gzip, br"})
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < 200
    plain = built.get("/assets/index-1a2b.js", headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.content == packed.content
    assert gzip.compress(plain.content, mtime=0)
    font = built.get("/assets/font-1a2b.woff2", headers={"accept-encoding": "gzip"})
    assert "content-encoding" not in font.headers


@pytest.mark.parametrize("form", ["{}", "W/{}", '"x", {}', "*"])
def test_what_the_browser_has_is_not_sent_again(built, form):
    etag = built.get("/").headers["etag"]
    answer = built.get("/", headers={"if-none-match": form.format(etag)})
    assert (answer.status_code, answer.content) == (304, b"")
    assert built.get("/", headers={"if-none-match": '"other"'}).status_code == 200


@pytest.mark.parametrize("path", ["/../secret", "/assets/../../secret", "/%2e%2e/secret", "/nope"])
def test_no_other_file_can_be_named(built, tmp_path, path):
    (tmp_path.parent / "secret").write_text("secret")
    assert built.get(path).status_code == 404


def test_without_a_built_page_it_says_how_to_build_it(tmp_path):
    client = TestClient(Starlette(routes=page_routes(tmp_path / "none")))
    assert "make page" in client.get("/").text


def test_the_page_that_is_shipped_runs_under_its_own_policy(sqlite_client):
    document = sqlite_client.get("/").text
    assert (BUILT / "index.html").read_text("utf-8") == document
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\bon\w+=|style=", document)
    for path in re.findall(r'(?:src|href)="([^"]+)"', document):
        assert path.startswith("/")  # nothing comes from elsewhere
        assert sqlite_client.get(path).status_code == 200


def test_the_documentation_needs_no_other_server(sqlite_client):
    document = sqlite_client.get("/docs").text
    assert "//" not in document.replace("<!doctype", "")
    for path in re.findall(r'(?:src|href)="([^"]+)"', document):
        assert sqlite_client.get(path).status_code == 200
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\bon\w+=", document)


def test_unknown_screens_are_404_in_the_shape_of_all_errors(sqlite_client):
    error(sqlite_client.get("/settings"), 404, "not_found")
