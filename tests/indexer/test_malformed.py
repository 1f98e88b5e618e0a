"""Malformed files of all kinds among good photos: these are indexed, those are named."""

from pathlib import Path

import pytest
from malformed_samples import KINDS, malformed

SHOWN = {
    "jpeg flipped header",
    "jpeg of many scans",
    "png bomb behind little",
    "tiff bomb",
    "dng flipped header",
    "jpeg2000 wide",
}
"""Kinds of which decoders may show a picture."""


def test_the_same_seed_gives_the_same_files() -> None:
    first, again, other = (list(malformed(len(KINDS), seed)) for seed in (5, 5, 6))
    assert [one.content for one in first] == [one.content for one in again]
    assert [one.content for one in first] != [one.content for one in other]
    assert len(KINDS) >= 60
    assert sum(len(one.content) for one in first) < 5_000_000


@pytest.mark.slow
def test_good_photos_are_indexed_and_malformed_ones_named(run, store, folder):
    good = {path.name for path in folder.iterdir()}
    bad = {file.name: file.content for file in malformed(len(KINDS))}
    for name, content in bad.items():
        (folder / name).write_bytes(content)
    report = run()
    indexed = {Path(path).name for photo in store.photos.scan() for path in photo.paths}
    named = {Path(one.path).name: one.reason for one in report.failed}
    assert good <= indexed
    assert named.keys() | (indexed - good) == bad.keys()
    assert all(named.values())
    shown = {name.rpartition("-")[0].replace("-", " ") for name in indexed & bad.keys()}
    assert shown <= SHOWN
    again = run()
    assert again.indexed == 0
    assert {Path(one.path).name for one in again.failed} == named.keys()
