"""The app on a small library of real photos, in both stores, answering without a socket."""

import secrets
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from api_server import FROM_PAGE, Server, serving
from starlette.testclient import TestClient

from indexer.stores import open_store
from search.api.app import create_app
from search.api.settings import Settings
from search.library import open_library

LOCAL = "http://localhost"


@pytest.fixture(scope="session")
def served_photos(tmp_path_factory: pytest.TempPathFactory, indexed_photos: Path) -> Path:
    """A copy of the store that all tests of an app teach, and its photos beside it."""
    home = tmp_path_factory.mktemp("served")
    shutil.copy(indexed_photos / "photos.db", home)
    (home / "photos").symlink_to(indexed_photos / "photos")
    return home


@pytest.fixture(scope="session")
def sqlite_url(served_photos: Path) -> str:
    return f"sqlite:///{served_photos}/photos.db"


@pytest.fixture(scope="session")
def served_elasticsearch(sqlite_url: str, elasticsearch_url: str) -> Iterator[str]:
    """The same library in Elasticsearch."""
    from elasticsearch import Elasticsearch

    name = f"magpie-test-{secrets.token_hex(6)}"
    source, copy = open_store(sqlite_url), open_store(f"{elasticsearch_url}/{name}")
    copy.identity.create(source.identity.info())
    assert copy.photos.put(replace(photo, version=None) for photo in source.photos.scan()) == []
    copy.files.put(source.files.read())
    copy.refresh()
    source.close()
    copy.close()
    yield f"{elasticsearch_url}/{name}"
    with Elasticsearch(elasticsearch_url) as client:
        for index in client.indices.get(index=f"{name}*", features="aliases"):
            client.indices.delete(index=index)


@pytest.fixture(scope="session")
def sqlite_client(sqlite_url: str) -> Iterator[TestClient]:
    """One app for all tests: they teach words of their own."""
    with TestClient(create_app(open_library(sqlite_url)), LOCAL, headers=FROM_PAGE) as client:
        yield client


@pytest.fixture(scope="session")
def elasticsearch_client(served_elasticsearch: str) -> Iterator[TestClient]:
    with TestClient(
        create_app(open_library(served_elasticsearch)), LOCAL, headers=FROM_PAGE
    ) as client:
        yield client


@pytest.fixture(params=["sqlite", "elasticsearch"])
def client(request: pytest.FixtureRequest) -> TestClient:
    """A client of a library in each store."""
    return request.getfixturevalue(f"{request.param}_client")


@pytest.fixture(scope="session")
def ids(sqlite_url: str) -> dict[str, str]:
    """File name -> id of the photos."""
    store = open_store(sqlite_url)
    found = {Path(photo.paths[0]).name: photo.id for photo in store.photos.scan()}
    store.close()
    return found


@pytest.fixture
def outside(free_photos: list[Path]) -> bytes:
    """A photo that is not in the library: flower.jpg."""
    return free_photos[-1].read_bytes()


@pytest.fixture
def serve(sqlite_url: str) -> Iterator[Callable[..., TestClient]]:
    """Start the app with settings of one's own."""
    clients = []

    def start(url: str = sqlite_url, base: str = LOCAL, **settings: object) -> TestClient:
        app = create_app(open_library(url), Settings(**settings))
        client = TestClient(app, base, headers=FROM_PAGE)
        clients.append(client)
        return client.__enter__()

    yield start
    for client in clients:
        client.__exit__()


@pytest.fixture(scope="session")
def server(served_photos: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A real server on a copy of the library, whose photos lie in `photos` beside it."""
    home = tmp_path_factory.mktemp("server")
    shutil.copy(served_photos / "photos.db", home)
    shutil.copytree(served_photos / "photos", home / "photos")
    with serving(f"sqlite:///{home}/photos.db", home / "log") as running:
        yield running
