"""A library whose network is a folder: indexed, seen again, searched by pictures."""

import pickle
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from joint_networks import COLOURS, colour_network
from PIL import Image
from surroundings import missing

from indexer.errors import BadValue, Conflict
from indexer.network.describer import open_describer
from indexer.network.options import NetworkOptions
from indexer.photos.finding import Found, find
from indexer.run.cluster import _blocks
from indexer.run.cluster_worker import FAILED, INDEXED, Job, SortedIds, Worker
from indexer.stores import open_store
from search import Choices, Library, open_library


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    folder.mkdir()
    for colour, parts in COLOURS.items():
        for shade in (255, 235):
            rgb = tuple(shade * part for part in parts)
            Image.new("RGB", (60, 40), rgb).save(folder / f"{colour}{shade}.png")
    return folder


def library(tmp_path: Path, model: str = "auto", **options: int) -> Library:
    choices = Choices(NetworkOptions(model, **options))
    return open_library(f"sqlite:///{tmp_path / 'photos.db'}", choices)


def test_photos_are_described_by_the_network_of_a_folder(
    tmp_path: Path, colours: Path, photos: Path
) -> None:
    with library(tmp_path, str(colours)) as opened:
        report = opened.index([photos])
        assert (report.indexed, report.failed, report.model) == (11, (), "colours")
        assert opened.verify() == ()
    with library(tmp_path) as opened:  # it is remembered
        assert opened.status().model == "colours"
        assert opened.status().dimensions == 16
        nearest = opened.similar(str(photos / "red255.png"), 1)[0]
        assert Path(nearest.path).name == "red235.png"
        assert opened.index([photos]).unchanged == 12


def test_outside_pictures_are_compared_too(tmp_path: Path, colours: Path, photos: Path) -> None:
    Image.new("RGB", (30, 30), (10, 10, 240)).save(tmp_path / "outside.png")
    with library(tmp_path, str(colours)) as opened:
        opened.index([photos])
        nearest = opened.similar(str(tmp_path / "outside.png"), 2)
        assert {Path(hit.path).name[:4] for hit in nearest} == {"blue"}


def test_another_network_is_refused(tmp_path: Path, colours: Path, photos: Path) -> None:
    with library(tmp_path, str(colours)) as opened:
        opened.index([photos])
    other = colour_network(tmp_path / "other", "uint8")
    Image.new("RGB", (60, 40), (9, 99, 9)).save(photos / "new.png")
    with (
        library(tmp_path, str(other)) as opened,
        pytest.raises(Conflict, match=r"made by colours .*, not by other"),
    ):
        opened.index([photos])


def test_more_looks_may_be_asked_for(tmp_path: Path, colours: Path, photos: Path) -> None:
    with library(tmp_path, str(colours), looks=6) as opened:
        opened.index([photos])
        assert opened.status().looks == 6
        assert opened.verify() == ()


@pytest.mark.parametrize("file", ["visual/model.onnx", "textual/model.onnx"])
def test_a_network_that_cannot_work_begins_no_library(
    tmp_path: Path, colours: Path, photos: Path, file: str
) -> None:
    content = (colours / file).read_bytes()
    (colours / file).write_bytes(content[:200])
    with (
        library(tmp_path, str(colours)) as opened,
        pytest.raises(BadValue, match=rf"{file} cannot be read as an ONNX graph: download"),
    ):
        opened.index([photos])
    (colours / file).write_bytes(content)
    with library(tmp_path, str(colours)) as opened:
        assert opened.index([photos]).failed == ()
    (colours / file).write_bytes(content[:200])  # the library is told what is wrong with it, too
    with library(tmp_path) as opened, pytest.raises(BadValue, match=f"{file} cannot be read"):
        Image.new("RGB", (60, 40), (9, 99, 9)).save(photos / "new.png")
        opened.index([photos])


def test_a_worker_of_a_cluster_looks_for_it_at_the_same_path(
    tmp_path: Path, colours: Path, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if find_spec("pyarrow") is None:
        missing("pyarrow")
    describer = open_describer(NetworkOptions(str(colours)), None)
    with closing(open_store(f"sqlite:///{tmp_path / 'photos.db'}")) as store:
        store.identity.create(describer.info)
        monkeypatch.setenv("MAGPIE_CACHE", str(tmp_path / "of another machine"))
        job = Job(store, pickle.loads(pickle.dumps(describer.options)), 1)
        files = [one for one in find([photos]) if isinstance(one, Found)]

        def described() -> dict[str, list[str]]:
            worker = Worker(job, None)
            worker.__dict__["_known"] = SortedIds(np.array([b""]))
            return worker(next(_blocks(files, 1))).select(["outcome", "reason"]).to_pydict()

        assert set(described()["outcome"]) == {INDEXED}
        colours.rename(tmp_path / "elsewhere")
        failed = described()
        assert failed["outcome"] == [FAILED]
        assert str(colours) in failed["reason"][0]
