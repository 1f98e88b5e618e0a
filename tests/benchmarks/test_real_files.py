"""That files of real sizes are photos of their own, and show what they are to show."""

from pathlib import Path

import pytest
from surroundings import ROOT, missing

from benchmarks import real_files
from benchmarks.real_files import kinds
from indexer.photos.content import content_id, read
from indexer.photos.decoding import decode, measure


@pytest.mark.slow
@pytest.mark.parametrize("number", range(5))
def test_files_differ_in_a_remark_only(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, number: int
) -> None:
    if not (ROOT.parent / "shared" / "camera").is_dir():
        missing("../shared/camera")
    monkeypatch.setattr(real_files, "FOLDER", tmp_path)
    monkeypatch.setattr(real_files, "TWELVE", (400, 300))
    monkeypatch.setattr(real_files, "FORTY_EIGHT", (800, 600))
    kind = kinds(0.04)[number]
    folder = kind.files()
    files = sorted(folder.iterdir())
    assert len(files) == kind.count >= 4
    contents = [read(str(file)).read() for file in files]
    assert len({content_id(content) for content in contents}) == len(files)
    pictures = [decode(content, 224).image.tobytes() for content in contents]
    assert pictures[0] == pictures[3] != pictures[1]
    assert measure(contents[0]) in [(400, 300), (800, 600), real_files.SCREEN]
    written = [file.stat().st_mtime_ns for file in files]
    assert kind.files() == folder
    assert [file.stat().st_mtime_ns for file in files] == written
