"""Libraries that an earlier network described, to be described by `efficientnet_lite0`."""

import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from earlier_network import PHOTOS, Earlier, documents
from PIL import Image

from indexer.network.describer import Describer, open_describer
from indexer.network.options import NetworkOptions
from indexer.pipeline import Options, index
from indexer.progress import Silence
from indexer.stores import Store, open_store

NETWORK = "efficientnet_lite0"


@pytest.fixture(scope="session")
def network(networks: Path) -> Describer:
    return open_describer(NetworkOptions(NETWORK, batch=8), None)


@pytest.fixture(scope="session")
def earlier(network: Describer) -> Earlier:
    return Earlier(network)


@pytest.fixture(scope="session")
def pieces(tmp_path_factory: pytest.TempPathFactory, free_photos: list[Path]) -> Path:
    """Small photos cut out of real ones, in folders, with copies and a file that is not a photo."""
    home = tmp_path_factory.mktemp("pieces")
    chance = random.Random(5)
    for number in range(PHOTOS):
        with Image.open(chance.choice(free_photos)) as image:
            left, top = chance.randrange(image.width - 150), chance.randrange(image.height - 150)
            piece = image.crop((left, top, left + 150, top + 150)).convert("RGB")
        folder = home / chance.choice(["", "a", "a b", "b"])
        folder.mkdir(exist_ok=True)
        piece.save(folder / f"{number:02}.jpg")
    for number, photo in enumerate(sorted(home.rglob("*.jpg"))[::8]):
        (home / "copies").mkdir(exist_ok=True)
        (home / "copies" / f"z{number}.jpg").write_bytes(photo.read_bytes())  # of another time
    (home / "broken.jpg").write_text("not a photo")
    return home


@pytest.fixture
def folder(pieces: Path, tmp_path: Path) -> Path:
    """The photos, to be changed."""
    shutil.copytree(pieces, tmp_path / "photos")  # keeps their times
    return tmp_path / "photos"


@pytest.fixture(params=["sqlite", "elasticsearch"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/photos.db"
    return str(request.getfixturevalue("elasticsearch_store_url"))


@pytest.fixture
def run_earlier(url: str, folder: Path, earlier: Earlier) -> Callable[[], None]:
    """Index the folder with the earlier network, as `magpie index` would have."""

    def run() -> None:
        store = open_store(url)
        index(store, [folder], lambda: earlier, Options(threads=2), Silence())  # type: ignore
        store.close()

    return run


@pytest.fixture
def store(url: str, run_earlier: Callable[[], None]) -> Iterator[Store]:
    """A library that the earlier network described."""
    run_earlier()
    opened = open_store(url)
    yield opened
    opened.close()


@pytest.fixture
def afresh(tmp_path: Path, network: Describer) -> Callable[[Path], list[dict[str, Any]]]:
    """The documents of a library that is indexed by today's network from the start."""

    def make(folder: Path) -> list[dict[str, Any]]:
        store = open_store(f"sqlite:///{tmp_path}/afresh-{folder.stat().st_mtime_ns}.db")
        index(store, [folder], lambda: network, Options(threads=2), Silence())
        found = documents(store)
        store.close()
        return found

    return make
