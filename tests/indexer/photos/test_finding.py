"""Which files of a folder are taken for photos, and which folders are entered."""

import os
import shutil
import socket
import stat
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from indexer.errors import BadValue, NotFound
from indexer.photos.content import read
from indexer.photos.finding import Found, Skipped, Unwanted, check_folder, find, revisit
from indexer.photos.left_out import NO_ENDING
from indexer.photos.listing import ENDINGS
from indexer.photos.paths import to_path
from indexer.records import LeftOut, LinksOut


def put(path: Path, data: bytes = b"x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def found(*folders: Path) -> list[Path]:
    """The paths that `find` yields; nothing may be skipped."""
    items = [item for item in find(folders) if not isinstance(item, LeftOut | LinksOut | Unwanted)]
    assert [item for item in items if isinstance(item, Skipped)] == []
    return [to_path(item.path) for item in items]


def left_out(*folders: Path) -> dict[str, dict[str, int]]:
    """Folder -> ending -> the files that are left out."""
    numbers: dict[str, dict[str, int]] = {}
    for item in find(folders):
        if isinstance(item, LeftOut):
            numbers.setdefault(item.folder, {})[item.ending] = item.files
    return numbers


def skipped(*folders: Path) -> dict[Path, str]:
    items = find(folders)
    return {to_path(item.path): item.reason for item in items if isinstance(item, Skipped)}


def test_every_photo_ending_counts_in_any_case(tmp_path: Path) -> None:
    wanted = {put(tmp_path / f"a{ending}{ending}") for ending in ENDINGS}
    wanted |= {put(tmp_path / f"B{ending}{ending.upper()}") for ending in ENDINGS}
    for other in ("notes.txt", "jpg", "clip.mkv", "sound.mp3", "x.jpg.part", "photo.jpg "):
        put(tmp_path / other)
    assert set(found(tmp_path)) == wanted


def test_files_of_other_endings_are_counted_where_they_lie(tmp_path: Path) -> None:
    for name in ("a.jpg", "a.XMP", "b.xmp", "jpg", "photo.jpg ", "sub/clip.mkv", "sub/x.tar.gz"):
        put(tmp_path / name)
    assert left_out(tmp_path) == {
        str(tmp_path): {".xmp": 2, NO_ENDING: 2},
        str(tmp_path / "sub"): {".mkv": 1, ".gz": 1},
    }


def test_an_odd_ending_is_none(tmp_path: Path) -> None:
    odd = (b"v1.2 final", b"a.ending_of_many", b"x.", b"b.caf\xe9", b"c.jpg\n")
    for name in (*odd, "d.\u00e9t\u00c9".encode()):
        put(tmp_path / os.fsdecode(name))
    assert left_out(tmp_path) == {str(tmp_path): {NO_ENDING: 5, ".\u00e9t\u00e9": 1}}


def test_what_is_hidden_of_the_system_or_no_file_is_not_counted(tmp_path: Path) -> None:
    for name in (".hidden.txt", ".thumbnails/x.txt", "@eaDir/x.jpg@SynoEAStream", "__MACOSX/a.b"):
        put(tmp_path / name)
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "folder.mkv").mkdir()
    assert left_out(tmp_path) == {}


def test_a_folder_behind_links_is_counted_once(tmp_path: Path) -> None:
    put(tmp_path / "real" / "clip.mkv")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert left_out(tmp_path) == {str(tmp_path / "real"): {".mkv": 1}}


def test_size_times_and_numbers_are_those_of_the_file(tmp_path: Path) -> None:
    path = put(tmp_path / "a.jpg", b"12345")
    os.utime(path, ns=(0, 1_714_564_800_123_456_789))
    about = path.stat()
    assert list(find([tmp_path])) == [
        Found(
            str(path), 5, 1_714_564_800_123_456_789, about.st_ctime_ns, about.st_ino, about.st_dev
        )
    ]


def test_numbers_of_64_bits_fit_into_stores(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(tmp_path / "a.jpg")
    about = {name: getattr(path.stat(), name) for name in dir(path.stat()) if name[:3] == "st_"}
    odd = SimpleNamespace(**{**about, "st_ino": 2**64 - 1, "st_dev": 2**63})
    monkeypatch.setattr(Path, "stat", lambda *_, **__: odd)
    (found,) = revisit([str(path)])
    assert isinstance(found, Found) and (found.inode, found.device) == (-1, -(2**63))


def test_order_is_by_name_with_files_before_folders(tmp_path: Path) -> None:
    expected = [
        put(tmp_path / "b.jpg"),
        put(tmp_path / "z.jpg"),
        put(tmp_path / "a" / "2.jpg"),
        put(tmp_path / "a" / "1" / "1.jpg"),
        put(tmp_path / "c" / "1.jpg"),
    ]
    assert found(tmp_path) == expected


def test_hidden_and_system_folders_are_left_out(tmp_path: Path) -> None:
    for name in ("._x.jpg", ".hidden.jpg", ".thumbnails/x.jpg", "@eaDir/x.jpg", "a/.git/x.jpg"):
        put(tmp_path / name)
    for name in ("$RECYCLE.BIN", "#recycle", "lost+found", "__MACOSX", ".snapshot", ".zfs"):
        put(tmp_path / name / "x.jpg")
    for name in ("#snapshot", "@Recently-Snapshot", "~snapshot", "P.PhotosLibrary", "A.lrdata"):
        put(tmp_path / "a" / name / "b" / "x.jpg")
    wanted = put(tmp_path / "a" / "x.jpg")
    assert found(tmp_path) == [wanted]


def test_a_hidden_folder_is_walked_when_it_is_named(tmp_path: Path) -> None:
    wanted = put(tmp_path / ".secret" / "x.jpg")
    assert found(tmp_path / ".secret") == [wanted]


def test_a_folder_named_like_a_photo_is_a_folder(tmp_path: Path) -> None:
    assert found(tmp_path) == []
    wanted = put(tmp_path / "x.jpg" / "y.jpg")
    assert found(tmp_path) == [wanted]


def test_overlapping_folders_yield_a_file_once(tmp_path: Path) -> None:
    inner, outer = put(tmp_path / "a" / "b" / "1.jpg"), put(tmp_path / "a" / "2.jpg")
    assert found(tmp_path / "a", tmp_path / "a" / "b", tmp_path / "a") == [outer, inner]
    assert found(tmp_path / "a" / "b", tmp_path / "a") == [inner, outer]
    assert found(tmp_path / "a" / "b" / ".." / "b") == [inner]


def test_symlink_loops_end(tmp_path: Path) -> None:
    wanted = put(tmp_path / "a" / "1.jpg")
    (tmp_path / "a" / "up").symlink_to(tmp_path)
    (tmp_path / "a" / "self").symlink_to(tmp_path / "a")
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "to_c").symlink_to(tmp_path / "c")
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "to_b").symlink_to(tmp_path / "b")
    (tmp_path / "knot").symlink_to(tmp_path / "knot")
    assert found(tmp_path) == [wanted]


def test_a_linked_folder_never_takes_the_place_of_the_real_one(tmp_path: Path) -> None:
    wanted = put(tmp_path / "library" / "real" / "1.jpg")
    (tmp_path / "library" / "a_link").symlink_to(wanted.parent)
    assert found(tmp_path / "library") == [wanted]


def test_a_folder_elsewhere_is_walked_once_through_its_first_link(tmp_path: Path) -> None:
    put(tmp_path / "elsewhere" / "1.jpg")
    library = tmp_path / "library"
    library.mkdir()
    (library / "one").symlink_to(tmp_path / "elsewhere")
    (library / "two").symlink_to(tmp_path / "elsewhere")
    assert found(library) == [library / "one" / "1.jpg"]


def test_a_linked_file_has_a_path_of_its_own(tmp_path: Path) -> None:
    file = put(tmp_path / "a.jpg")
    link = tmp_path / "b.jpg"
    link.symlink_to(file)
    assert found(tmp_path) == [file, link]


def test_broken_links_are_named(tmp_path: Path) -> None:
    (tmp_path / "gone.jpg").symlink_to(tmp_path / "nowhere")
    (tmp_path / "knot.jpg").symlink_to(tmp_path / "knot.jpg")
    reasons = skipped(tmp_path)
    assert reasons[tmp_path / "gone.jpg"] == "No such file or directory"
    assert "symbolic links" in reasons[tmp_path / "knot.jpg"]


def test_pipes_and_sockets_are_named_and_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "socket.jpg"))
        reasons = skipped(tmp_path)
    assert set(reasons.values()) == {"not a regular file"}
    assert len(reasons) == 2


@pytest.mark.parametrize("name", [b"two\nlines.jpg", b"caf\xe9.jpg", b"\xff\xfe.jpg", b" .jpg"])
def test_odd_names_are_found_and_read(tmp_path: Path, name: bytes) -> None:
    put(tmp_path / os.fsdecode(name), b"content")
    (item,) = find([tmp_path])
    assert item.path.encode("utf-8")
    assert read(item.path).read() == b"content"


def test_nesting_may_be_deeper_than_python_recurses(tmp_path: Path) -> None:
    folders = [tmp_path / "d"]
    folders[0].mkdir()
    for _ in range(sys.getrecursionlimit()):
        folders.append(folders[-1] / "d")
        folders[-1].mkdir()
    wanted = put(folders[-1] / "x.jpg")
    assert found(tmp_path) == [wanted]
    wanted.unlink()
    for folder in reversed(folders):  # shutil.rmtree, which pytest tidies up with, recurses
        folder.rmdir()


def test_a_folder_that_vanished_is_skipped(tmp_path: Path) -> None:
    wanted = put(tmp_path / "here" / "x.jpg")
    items = list(find([tmp_path / "gone", tmp_path / "here"]))
    assert items[0] == Skipped(str(tmp_path / "gone"), "No such file or directory")
    assert to_path(items[1].path) == wanted


def test_a_forbidden_folder_is_skipped_and_the_rest_found(ordinary_user: Path) -> None:
    wanted = put(ordinary_user / "open" / "x.jpg")
    put(ordinary_user / "closed" / "y.jpg")
    with forbidden(ordinary_user / "closed"):
        items = list(find([ordinary_user]))
        with pytest.raises(BadValue, match=r"cannot list folder .*closed': Permission denied"):
            check_folder(ordinary_user / "closed")
    assert items[0] == Skipped(str(ordinary_user / "closed"), "Permission denied")
    assert [to_path(item.path) for item in items[1:]] == [wanted]


def test_a_folder_that_can_be_walked_is_returned_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "photos").mkdir()
    monkeypatch.chdir(tmp_path)
    assert check_folder(Path("photos")) == tmp_path / "photos"
    assert check_folder(Path("photos") / "..") == tmp_path.resolve()


def test_bad_folders_are_refused_in_one_line(tmp_path: Path) -> None:
    file = put(tmp_path / "x.jpg")
    knot = tmp_path / "knot"
    knot.symlink_to(knot)
    for folder, kind, words in [
        (tmp_path / "gone", NotFound, "no folder"),
        (file, BadValue, "is not a folder"),
        (knot, BadValue, "cannot list"),
        (tmp_path / ("n" * 300), BadValue, "too long"),
        (Path("nul\0"), BadValue, "cannot list"),
        (tmp_path / "two\nlines", NotFound, "no folder"),
    ]:
        with pytest.raises(kind, match=words) as caught:
            check_folder(folder)
        assert "\n" not in str(caught.value)


class forbidden:
    """While this lasts, nobody may touch `path`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.mode = stat.S_IMODE(path.stat().st_mode)

    def __enter__(self) -> None:
        self.path.chmod(0)

    def __exit__(self, *_: object) -> None:
        self.path.chmod(self.mode)


def test_files_are_found_again_and_those_that_are_gone_left_out(tmp_path):
    here, gone = put(tmp_path / "here.jpg"), tmp_path / "gone.jpg"
    below_a_file = here / "below.jpg"
    assert [one.path for one in revisit(map(str, (gone, here, below_a_file)))] == [str(here)]


def test_files_are_found_again_as_they_were_found_sidecars_too(tmp_path):
    photos = [put(tmp_path / name) for name in ("a.jpg", "b.jpg", "c/a.jpg")]
    put(tmp_path / "b.jpg.xmp")
    put(tmp_path / "c" / "a.XMP")
    os.utime(tmp_path / "b.jpg.xmp", ns=(5, 5))
    again = [*revisit(map(str, photos))]
    assert again == [one for one in find([tmp_path]) if isinstance(one, Found)]
    latest = [
        path.stat().st_ctime_ns for path in (tmp_path / "b.jpg.xmp", tmp_path / "c" / "a.XMP")
    ]
    assert [one.changed_ns for one in again[1:]] == latest


def test_files_that_may_no_longer_be_looked_at_are_named_not_left_out(tmp_path):
    hidden = put(tmp_path / "closed" / "hidden.jpg")
    # Root may do everything, unless it gives up its capabilities.
    before = ["setpriv", "--bounding-set=-all"] if os.getuid() == 0 else []
    if before and not shutil.which("setpriv"):
        pytest.skip("root cannot give up its rights without setpriv")
    code = (
        "import sys; from indexer.photos.finding import revisit; print(list(revisit(sys.argv[1:])))"
    )
    hidden.parent.chmod(0)
    try:
        command = [*before, sys.executable, "-c", code, str(hidden)]
        answer = subprocess.run(command, capture_output=True, text=True, check=False)
    finally:
        hidden.parent.chmod(0o755)
    assert answer.stdout == f"[Skipped(path={str(hidden)!r}, reason='Permission denied')]\n"
