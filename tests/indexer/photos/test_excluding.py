"""What people do not want found: patterns, `.magpieignore`, `.nomedia`, companions of photos."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from indexer.errors import BadValue
from indexer.photos.finding import Found, LeftOut, Skipped, Unwanted, find
from indexer.photos.pairs import MOST_BYTES

TREE = (
    *("a.jpg", "b.png", "keep.png", "holiday 2019.jpg", "[x].jpg", "#1.jpg", "caf\u00e9.jpg"),
    *("sub/a.jpg", "sub/b.png", "sub/private/a.jpg", "sub/deep/private/b.jpg", "sub/deep/c.png"),
    *("private/a.jpg", "private/keep.png", "build/x/y.jpg", "build/x/z/keep.png", "x/build/a.jpg"),
)

# File of patterns -> its text; "" are those of the command line.
CASES: dict[str, dict[str, str]] = {
    "by ending": {".magpieignore": "*.png\n"},
    "comments and spaces": {".magpieignore": "# *.jpg\n\n*.png   \n\\#1.jpg\nholiday\\ 2019.jpg\n"},
    "negation": {".magpieignore": "*.png\n!keep.png\n"},
    "the last line decides": {".magpieignore": "!keep.png\n*.png\n"},
    "folders only": {".magpieignore": "private/\nb.png/\n"},
    "anchored": {".magpieignore": "/private\n/a.jpg\n/build/x/z/\n"},
    "with a slash inside": {".magpieignore": "sub/*.png\nsub/private\n"},
    "any depth": {".magpieignore": "**/private\nbuild/**/keep.png\n"},
    "all below": {".magpieignore": "sub/**\n"},
    "all but one folder": {".magpieignore": "/*\n!/sub/\n"},
    "only one ending": {".magpieignore": "*\n!*/\n!*.jpg\n"},
    "nothing below what is left out": {".magpieignore": "private/\n!private/keep.png\n"},
    "nested files override": {".magpieignore": "*.png\n", "sub/.magpieignore": "!*.png\n"},
    "nested files are relative": {"sub/.magpieignore": "/a.jpg\ndeep/private\n"},
    "nested below a star": {".magpieignore": "sub/*\n", "sub/.magpieignore": "!deep/\n"},
    "the command line decides first": {"": "*.png", ".magpieignore": "!*.png\n"},
    "the command line negates": {"": "!keep.png", ".magpieignore": "*.png\n"},
    "classes": {".magpieignore": "[ab].*\n\\[x\\].jpg\n?af*.jpg\n"},
    "mistakes": {".magpieignore": "!\n\\\n/\n[\n*.png\n"},
    "from Windows": {".magpieignore": "\ufeff*.png\r\nprivate/\r\n"},
}


def put(path: Path, size: int = 1) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    os.truncate(path, size)
    return path


def names(top: Path, *exclude: str) -> set[str]:
    """What `find` finds below a folder; nothing may be skipped."""
    items = list(find([top], exclude=exclude))
    assert not [item for item in items if isinstance(item, Skipped)]
    return {item.path[len(f"{top}/") :] for item in items if isinstance(item, Found)}


def unwanted(top: Path, *exclude: str) -> set[str]:
    items = find([top], exclude=exclude)
    return {item.path[len(f"{top}/") :] for item in items if isinstance(item, Unwanted)}


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
@pytest.mark.parametrize("case", CASES)
def test_patterns_mean_what_they_mean_to_git(tmp_path: Path, case: str) -> None:
    for name in TREE:
        put(tmp_path / name)
    files = CASES[case].copy()
    given = files.pop("", None)
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8", newline="")
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    command = ["git", "ls-files", "-z", "--others", "--exclude-per-directory=.magpieignore"]
    command += [f"--exclude={given}"] if given else []
    listed = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    expected = {name for name in listed.stdout.split("\0") if name.endswith((".jpg", ".png"))}
    assert len(expected) < len(TREE)
    assert names(tmp_path, *([given] if given else [])) == expected


def test_patterns_are_relative_to_each_folder(tmp_path: Path) -> None:
    for name in ("one/a.jpg", "one/sub/a.jpg", "two/a.jpg", "two/sub/a.jpg"):
        put(tmp_path / name)
    items = find([tmp_path / "one", tmp_path / "two"], exclude=["/a.jpg"])
    paths = [item.path for item in items if isinstance(item, Found)]
    assert paths == [str(tmp_path / "one/sub/a.jpg"), str(tmp_path / "two/sub/a.jpg")]


def test_patterns_hold_behind_links(tmp_path: Path) -> None:
    put(tmp_path / "elsewhere" / "a.jpg")
    put(tmp_path / "elsewhere" / "b.png")
    (tmp_path / "top").mkdir()
    (tmp_path / "top" / "link").symlink_to(tmp_path / "elsewhere")
    assert names(tmp_path / "top", "link/*.png") == {"link/a.jpg"}
    assert names(tmp_path / "top", "link/") == set()


def test_patterns_match_names_that_are_not_text(tmp_path: Path) -> None:
    put(tmp_path / os.fsdecode(b"caf\xe9.jpg"))
    put(tmp_path / "a.jpg")
    (tmp_path / ".magpieignore").write_bytes(b"caf\xe9*\n")
    assert names(tmp_path) == {"a.jpg"}


@pytest.mark.parametrize("pattern", ["", "!", "# all", "/", "a\\"])
def test_what_is_not_a_pattern_is_refused_on_the_command_line(tmp_path, pattern):
    with pytest.raises(BadValue, match=r"is not a pattern: write it as in \.gitignore"):
        list(find([tmp_path], exclude=["*.png", pattern]))


def test_the_unwanted_is_named_and_not_counted(tmp_path: Path) -> None:
    for name in ("a.jpg", "b.png", "notes.txt", "private/a.jpg", "private/notes.txt", "@eaDir/a"):
        put(tmp_path / name)
    (tmp_path / ".magpieignore").write_text("*.png\n*.txt\nprivate\n")
    assert names(tmp_path) == {"a.jpg"}
    assert unwanted(tmp_path) == {"b.png", "private", "@eaDir"}
    assert not [item for item in find([tmp_path]) if isinstance(item, LeftOut)]


def test_no_media_leaves_out_its_folder_and_all_below(tmp_path: Path) -> None:
    for name in ("a.jpg", "cache/.nomedia", "cache/a.jpg", "cache/deep/a.jpg", "cache/x.txt"):
        put(tmp_path / name)
    assert names(tmp_path) == {"a.jpg"}
    assert unwanted(tmp_path) == {"cache"}
    assert list(find([tmp_path / "cache"])) == [Unwanted(str(tmp_path / "cache"))]
    assert names(tmp_path / "cache" / "deep") == {"a.jpg"}  # what is named is wanted


def test_a_folder_whose_patterns_cannot_be_read_is_skipped(tmp_path, monkeypatch):
    put(tmp_path / "sub" / "a.jpg")
    put(tmp_path / "sub" / ".magpieignore")
    put(tmp_path / "z" / "b.jpg")

    def refuse(*_: object) -> str:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_text", refuse)
    reason = "cannot read .magpieignore: Permission denied"
    first, second = find([tmp_path])
    assert first == Skipped(str(tmp_path / "sub"), reason)
    assert isinstance(second, Found)


def test_a_pipe_is_not_a_file_of_patterns(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / ".magpieignore")
    put(tmp_path / "a.jpg")
    assert names(tmp_path) == {"a.jpg"}


@pytest.mark.parametrize(
    ("photo", "companion"),
    [
        ("IMG_1.JPG", "IMG_1.CR2"),
        ("IMG_1.jpg", "img_1.dng"),
        ("DSC.HIF", "DSC.ARW"),
        ("IMG_1.HEIC", "IMG_1.MOV"),
        ("IMG_1.jpeg", "IMG_1.mp4"),
        ("PXL_1.MP.jpg", "PXL_1.MP"),
        ("IMG_1.jpg", "IMG_1.MP"),
    ],
)
def test_a_raw_and_a_short_film_belong_to_the_photo_beside_them(tmp_path, photo, companion):
    put(tmp_path / photo)
    put(tmp_path / companion)
    put(tmp_path / "sub" / companion)  # of another folder
    entries = [one for one in find([tmp_path]) if not one_of(one, tmp_path / "sub")]
    assert [one.path for one in entries if isinstance(one, Found)] == [str(tmp_path / photo)]
    assert not [one for one in entries if isinstance(one, LeftOut)]


def one_of(entry: Found | Skipped | LeftOut | Unwanted, folder: Path) -> bool:
    place = entry.folder if isinstance(entry, LeftOut) else entry.path
    return place.startswith(str(folder))


@pytest.mark.parametrize(
    ("beside", "other"),
    [("IMG_1.png", "IMG_1.CR2"), ("IMG_2.jpg", "IMG_1.MOV"), (".IMG_1.jpg", "IMG_1.dng")],
)
def test_others_of_a_name_are_photos_of_their_own(tmp_path, beside, other):
    put(tmp_path / beside)
    put(tmp_path / other)
    assert other not in unwanted(tmp_path)


def test_a_large_film_beside_a_photo_is_a_film(tmp_path: Path) -> None:
    put(tmp_path / "IMG_1.HEIC")
    film = put(tmp_path / "IMG_1.MOV", MOST_BYTES + 1)
    assert film.name not in unwanted(tmp_path)
    os.truncate(film, MOST_BYTES)
    assert film.name not in names(tmp_path)


def test_a_raw_is_wanted_again_without_its_photo(tmp_path: Path) -> None:
    put(tmp_path / "a.dng")
    put(tmp_path / "a.jpg")
    assert "a.dng" not in names(tmp_path)
    assert "a.jpg" not in names(tmp_path, "*.jpg")
    assert "a.dng" not in unwanted(tmp_path, "*.jpg")  # whose photo is not wanted itself
    (tmp_path / "a.jpg").unlink()
    assert "a.dng" not in unwanted(tmp_path)
