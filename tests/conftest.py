"""What many tests need: real photos, and a cache that leaves the user's own alone."""

import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from surroundings import ROOT, missing


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A cache of this session, for the processes it starts too.

    The user's own is left alone, and a converted network of an earlier session hides no new fault.
    """
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MAGPIE_CACHE", str(folder))
        yield folder


@pytest.fixture(scope="session")
def photos_folder() -> Path:
    """The 1,200 labelled photos beside the checkout, to be used in place."""
    folder = ROOT.parent / "shared" / "photos"
    if not folder.is_dir():
        missing("../shared/photos")
    return folder


@pytest.fixture(scope="session")
def free_photos() -> list[Path]:
    """Sixteen real photographs with free licences out of Python packages."""
    from real_photos import real_photos

    return real_photos()


@pytest.fixture(scope="session")
def inception_weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Weights of Inception v3: the real ones if they are on this machine, else seeded random ones.

    The random file's name begins with "random"; test_inception.py says which it was.
    """
    from indexer.network import models

    given = os.environ.get("MAGPIE_WEIGHTS", "")
    real = Path(given) if given.endswith(".h5") else models.load("inception_v3").local_weights()
    if real:
        return real
    path = tmp_path_factory.mktemp("weights") / "random_inception_v3.h5"
    script = ROOT / "scripts" / "random_weights.py"
    # In a process of its own, because the test run need not hold TensorFlow.
    subprocess.run([sys.executable, script, path], check=True, capture_output=True)
    return path


@pytest.fixture(scope="session")
def indexed_photos(tmp_path_factory: pytest.TempPathFactory, free_photos: list[Path]) -> Path:
    """A folder with the free photos but the last, and a store of them beside it: to be copied."""
    from search.library import open_library

    home = tmp_path_factory.mktemp("indexed")
    (home / "photos").mkdir()
    for photo in free_photos[:-1]:
        shutil.copy(photo, home / "photos")
    with open_library(f"sqlite:///{home}/photos.db") as library:
        library.index([home / "photos"])
    return home


@pytest.fixture(scope="session")
def elasticsearch_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Elasticsearch 8: the server of ES_URL, else one from Maven artifacts."""
    import elasticsearch_server

    if given := os.environ.get("ES_URL"):
        yield given.rstrip("/")
        return
    for tool in ("java", "mvn"):
        if not shutil.which(tool):
            missing(f"{tool} for Elasticsearch (or ES_URL of a server)")
    with elasticsearch_server.running(tmp_path_factory.mktemp("elasticsearch")) as url:
        yield url


@pytest.fixture
def elasticsearch_store_url(elasticsearch_url: str) -> Iterator[str]:
    """The URL of a store that is not there yet; its indices are removed after the test."""
    from elasticsearch import Elasticsearch

    name = f"magpie-test-{secrets.token_hex(6)}"
    yield f"{elasticsearch_url}/{name}"
    with Elasticsearch(elasticsearch_url) as client:
        # By name: servers refuse to delete by pattern.
        made = client.indices.get(index=f"{name}*", features="aliases")
        for index in made:
            client.indices.delete(index=index)
