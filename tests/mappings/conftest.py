"""A library that is named as in the documents, of real photos, with clicks, words and searches."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from elasticsearch import Elasticsearch
from PIL import Image

from indexer.stores import open_store
from search.library import open_library

NAME = "photos"
CAPTURED = {"chelsea.png": datetime(2023, 5, 4, 10), "coffee.png": datetime(2023, 5, 20, 8)}
LATER = datetime(2024, 1, 2, 12)
POSITIONS = {"chelsea.png": (38.713911, 9.139422), "coffee.png": (41.1496, 8.611)}
GPS = 0x8825
CAPTURE_TIME, EXIF, MAKE, MODEL = 0x9003, 0x8769, 0x010F, 0x0110


@dataclass(frozen=True)
class Taught:
    """The library, a client of its server, and the ids of its photos by file name."""

    url: str
    client: Elasticsearch
    ids: dict[str, str]

    def ask(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        """Send a request as Kibana's console does."""
        headers = {"accept": "application/json", "content-type": "application/json"}
        answer = self.client.perform_request(method, f"/{path}", headers=headers, body=body)
        return dict(answer.body)


@pytest.fixture(scope="session")
def taught(
    tmp_path_factory: pytest.TempPathFactory, free_photos: list[Path], elasticsearch_url: str
) -> Iterator[Taught]:
    """Fifteen photos, two of them with capture times, and one file that is not a photo."""
    home = tmp_path_factory.mktemp("photographs")
    for photo in free_photos[:-1]:
        _copy(photo, home)
    (home / "broken.jpg").write_bytes(b"no photo")
    url = f"{elasticsearch_url}/{NAME}"
    with Elasticsearch(elasticsearch_url) as client:
        if client.indices.exists(index=f"{NAME}-1"):
            pytest.fail(f"{elasticsearch_url} has an index {NAME}-1: give another ES_URL")
        try:
            with open_library(url) as library:
                library.index([home])
                ids = {Path(p.paths[0]).stem: p.id for p in open_store(url).photos.scan()}
                _teach(library, ids, free_photos[-1])
            client.indices.refresh(index=f"{NAME}*")
            yield Taught(url, client, ids)
        finally:
            for index in client.indices.get(index=f"{NAME}*", features="aliases"):
                client.indices.delete(index=index)


def _copy(photo: Path, home: Path) -> None:
    """Copy a photo as a camera would have written it; every second one without a time."""
    image = Image.open(photo).convert("RGB")
    exif = Image.Exif()
    time = CAPTURED.get(photo.name, LATER if photo.name < "d" else None)
    if time:
        exif[MAKE], exif[MODEL] = "Canon", "Canon EOS 5D"
        exif.get_ifd(EXIF)[CAPTURE_TIME] = time.strftime("%Y:%m:%d %H:%M:%S")
    if photo.name in POSITIONS:
        north, west = POSITIONS[photo.name]
        exif.get_ifd(GPS).update({1: "N", 2: (north, 0.0, 0.0), 3: "W", 4: (west, 0.0, 0.0)})
    image.save(home / f"{photo.stem}.jpg", exif=exif, quality=95)


def _teach(library: Any, ids: dict[str, str], outside: Path) -> None:
    shown = [ids["chelsea"], ids["moon"], ids["grass"]]
    library.feedback("cat", good=[ids["chelsea"]], bad=[ids["moon"]], shown=shown, user="ann")
    library.feedback("cat", good=[ids["chelsea"]], shown=shown, user="bob")
    library.feedback("drink", good=[ids["coffee"]], bad=[ids["coins"], ids["rocket"]], user="ann")
    library.teach("zorbla", [ids["coffee"], str(outside)], [ids["brick"]], user="bob")
    library.rename(library.teach("wugg", [ids["moon"]]).word, "wuggle")
    for words in ("cat", "drink", "griffox", "griffox nessy", "dog"):
        library.search(words, user="ann")
