"""The commands as a user meets them: output, JSON, exit codes, one-line errors."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from indexer.photos import reading
from search.commands import main

MAGPIE = Path(sys.executable).with_name("magpie")


@pytest.fixture(scope="module")
def library(tmp_path_factory, free_photos):
    """A store of all free photos, and the folder they lie in."""
    home = tmp_path_factory.mktemp("library")
    folder = home / "photos"
    folder.mkdir()
    for photo in free_photos:
        shutil.copy(photo, folder)
    url = f"sqlite:///{home / 'photos.db'}"
    done = CliRunner().invoke(main, ["index", str(folder), "--store", url, "--json"])
    assert done.exit_code == 0, done.output
    report = json.loads(done.stdout)
    assert (report["indexed"], report["failed"]) == (len(free_photos), [])
    return url, folder


@pytest.fixture
def magpie(library):
    """Run a command on the library; return what it did."""

    def run(*words, store=library[0]):
        return CliRunner().invoke(main, [*words, "--store", store])

    return run


def test_index_reports_what_the_contract_names(library, magpie):
    done = magpie("index", str(library[1]), "--json")
    report = json.loads(done.stdout)
    assert set(report) >= {
        "indexed",
        "unchanged",
        "moved",
        "removed",
        "failed",
        "model",
        "seconds",
        "photos_per_second",
    }
    assert (report["indexed"], report["unchanged"]) == (0, 16)


def test_index_and_status_tell_what_was_left_out(tmp_path, free_photos):
    photos, url = tmp_path / "photos", f"sqlite:///{tmp_path}/p.db"
    photos.mkdir()
    shutil.copy(free_photos[0], photos)
    (photos / "clip.mkv").write_text("film")
    for number in range(3):
        (photos / f"{number}.xmp").write_text("x")

    def magpie(*words):
        return CliRunner().invoke(main, [*words, "--store", url]).stdout

    line = "4 files left out: 3 .xmp, 1 .mkv"
    assert magpie("index", str(photos)).splitlines()[-1].startswith(line)
    again = json.loads(magpie("index", str(photos), "--json"))
    assert list(again["left_out"].items()) == [(".xmp", 3), (".mkv", 1)]
    assert json.loads(magpie("status", "--json"))["left_out"] == {".xmp": 3, ".mkv": 1}
    assert "left out     4 files: 3 .xmp, 1 .mkv" in magpie("status")
    for path in (*photos.glob("*.xmp"), photos / "clip.mkv"):
        path.unlink()
    assert "left out" not in magpie("index", str(photos)) + magpie("status")


def test_index_names_damaged_photos_on_stderr(tmp_path, free_photos, monkeypatch):
    photos = tmp_path / "photos"
    photos.mkdir()
    cat = shutil.copy(free_photos[0], photos)
    decode = reading.decode

    def damaged(*arguments, **named):
        return replace(decode(*arguments, **named), damaged=True)

    monkeypatch.setattr(reading, "decode", damaged)
    done = CliRunner().invoke(
        main, ["index", str(photos), "--store", f"sqlite:///{tmp_path}/p.db", "--json"]
    )
    assert json.loads(done.stdout)["damaged"] == [str(cat)]
    line = f"damaged '{cat}': a part of the picture is missing; indexed what is there"
    assert line in done.stderr


def test_index_names_unreadable_files_on_stderr(tmp_path):
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "a\nb.jpg").write_text("text")
    done = CliRunner().invoke(
        main, ["index", str(tmp_path / "photos"), "--store", f"sqlite:///{tmp_path}/p.db", "--json"]
    )
    assert done.exit_code == 0
    failed = json.loads(done.stdout)["failed"]
    assert [set(trouble) for trouble in failed] == [{"path", "reason"}]
    assert "a\\nb.jpg" in done.stderr and "not an image" in done.stderr


def test_odd_names_are_indexed_and_printed_on_one_line(tmp_path, free_photos):
    odd = tmp_path / "photos"
    odd.mkdir()
    for name in (b"new\nline.png", b"caf\xe9.png"):
        photo = free_photos[3] if b"new" in name else free_photos[5]
        shutil.copy(photo, os.fsdecode(os.fsencode(odd) + b"/" + name))
    store = f"sqlite:///{tmp_path}/p.db"
    done = CliRunner().invoke(main, ["index", str(odd), "--store", store, "--json"])
    assert json.loads(done.stdout)["indexed"] == 2
    found = CliRunner().invoke(main, ["search", "cat", "--store", store, "--limit", "1"])
    assert len(found.stdout.splitlines()) == 1 and "new\\nline.png" in found.stdout
    for hit in json.loads(
        CliRunner().invoke(main, ["search", "cat", "coffee", "--store", store, "--json"]).stdout
    )["hits"]:
        assert CliRunner().invoke(main, ["similar", hit["path"], "--store", store]).exit_code == 0


def test_a_name_gives_no_orders_to_the_terminal(tmp_path, free_photos):
    (tmp_path / "photos").mkdir()
    shutil.copy(free_photos[0], tmp_path / "photos" / "\x1b[2J\x07café.png")
    store = f"sqlite:///{tmp_path}/p.db"
    done = CliRunner().invoke(main, ["index", str(tmp_path / "photos"), "--store", store])
    assert done.exit_code == 0
    like = str(free_photos[0])
    found = CliRunner().invoke(main, ["search", "--like", like, "--store", store])
    assert "\\x1b[2J\\x07café.png" in found.stdout and "\x1b" not in found.output


def test_a_cache_that_cannot_be_used_is_one_line(tmp_path, free_photos, monkeypatch):
    monkeypatch.setenv("MAGPIE_CACHE", os.devnull)
    store = f"sqlite:///{tmp_path}/p.db"
    done = CliRunner().invoke(main, ["index", str(free_photos[0].parent), "--store", store])
    assert done.exit_code == 1 and len(done.stderr.splitlines()) == 1
    assert "magpie: cannot use the cache folder /dev/null" in done.stderr
    assert "MAGPIE_CACHE" in done.stderr


def test_an_empty_name_is_not_the_current_folder(tmp_path, monkeypatch, free_photos):
    monkeypatch.chdir(free_photos[0].parent)
    done = CliRunner().invoke(main, ["index", "", "--store", f"sqlite:///{tmp_path}/p.db"])
    assert done.exit_code == 1 and "'' is not the name of a folder" in done.stderr
    assert not (tmp_path / "p.db").exists()


def test_search_puts_the_cat_on_top_with_its_reasons_adding_up(magpie):
    answer = json.loads(magpie("search", "cat", "--json").stdout)
    assert answer["query"] == "cat" and answer["familiar"] is True
    top = answer["hits"][0]
    assert Path(top["path"]).name == "chelsea.png"
    assert sum(reason["score"] for reason in top["reasons"]) == pytest.approx(top["score"])
    assert {"word", "meaning", "kind", "weight", "labels"} <= set(answer["words"][0])


def test_search_prints_score_path_and_reason(magpie):
    done = magpie("search", "cat", "--limit", "1")
    assert done.exit_code == 0
    assert "chelsea.png" in done.stdout and len(done.stdout.splitlines()) == 1


def test_limit_limits(magpie):
    assert len(json.loads(magpie("search", "animal", "--limit", "2", "--json").stdout)["hits"]) == 2


def test_likely_photos_are_counted_and_the_others_left_out_on_demand(magpie):
    whole = magpie("search", "cat")
    answer = json.loads(magpie("search", "cat", "--json").stdout)
    alone = magpie("search", "cat", "--likely")
    lines = whole.stdout.splitlines()
    assert 0 < answer["likely"] < len(lines)
    assert alone.stdout.splitlines() == lines[: answer["likely"]]
    assert f"{answer['likely']} likely" in whole.stderr
    assert [hit["likely"] for hit in answer["hits"]].count(True) == answer["likely"]


def test_likely_tells_that_no_photo_is(magpie):
    told = magpie("search", "chimpanzee", "--likely")
    assert told.stdout == ""
    assert "no photo is likely: without --likely there may be others\n" in told.stderr
    assert "no photo is likely" not in magpie("search", "chimpanzee").stderr


def test_minus_leaves_photos_of_a_word_out(magpie):
    with_cat = json.loads(magpie("search", "animal", "--json").stdout)["hits"]
    without = json.loads(magpie("search", "animal", "-cat", "--json").stdout)["hits"]
    names = {Path(hit["path"]).name for hit in without}
    assert "chelsea.png" in {Path(hit["path"]).name for hit in with_cat}
    assert "chelsea.png" not in names


def test_similar_takes_an_id_a_path_inside_and_a_file_outside(magpie, library, tmp_path):
    inside = library[1] / "motorcycle_left.png"
    by_path = json.loads(magpie("similar", str(inside), "--limit", "3", "--json").stdout)["hits"]
    assert len(by_path) == 3
    photo = json.loads(magpie("similar", by_path[0]["id"], "--json").stdout)["hits"]
    assert by_path[0]["id"] not in {hit["id"] for hit in photo}
    from PIL import Image

    with Image.open(inside) as image:
        image.convert("RGB").save(tmp_path / "outside.jpg")
    outside = json.loads(magpie("similar", str(tmp_path / "outside.jpg"), "--json").stdout)["hits"]
    assert Path(outside[0]["path"]).name == "motorcycle_left.png"
    assert outside[0]["score"] > 0.9


def test_an_example_ranks_together_with_words(magpie, library):
    like = str(library[1] / "rocket.jpg")
    alone = json.loads(magpie("search", "--like", like, "--json").stdout)["hits"]
    assert Path(alone[0]["path"]).name == "rocket.jpg"
    both = json.loads(magpie("search", "cat", "--like", like, "--json").stdout)["hits"]
    assert {Path(hit["path"]).name for hit in both[:2]} == {"rocket.jpg", "chelsea.png"}
    for hit in both:
        assert sum(reason["score"] for reason in hit["reasons"]) == pytest.approx(hit["score"])


def test_status_counts(magpie):
    status = json.loads(magpie("status", "--json").stdout)
    assert (status["photos"], status["files"], status["unreadable"]) == (16, 16, 0)
    assert status["model"] in ("efficientnet_lite0", "inception_v3") and status["bytes"] > 0
    assert "16" in magpie("status").stdout


def test_verify_finds_nothing_wrong_with_a_sound_store(magpie):
    done = magpie("verify")
    assert (done.exit_code, done.stdout) == (0, "everything is as it should be\n")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("index", "nowhere"), "no folder 'nowhere'"),
        (("index", __file__), "is not a folder"),
        (("similar", "nowhere.jpg"), "no photo 'nowhere.jpg': give a file, or an id"),
        (("similar", __file__), "not an image"),
        (("search", "cat", "--like", "nowhere.jpg"), "no photo 'nowhere.jpg'"),
        (("index", ".", "--model", "resnet"), "unknown model 'resnet': use one of auto"),
        (("index", ".", "--engine", "torch"), "unknown engine 'torch': use one of auto"),
    ],
)
def test_bad_values_are_one_line_and_exit_code_1(magpie, words, message):
    done = magpie(*words)
    assert done.exit_code == 1, done.output
    assert message in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("ftp://me:secret@host/x", "unknown store 'ftp': give a URL that begins with sqlite://"),
        ("http://[::1/x", "the store's URL is malformed"),
        ("photos.db", "unknown store 'photos.db'"),
        ("sqlite:///nowhere/photos.db", "run magpie index FOLDER first"),
        ("http://127.0.0.1:9/photos", "127.0.0.1:9"),
        (f"sqlite:///{__file__}", "is not a Magpie store"),
    ],
)
def test_a_bad_store_is_one_line_and_is_not_created(magpie, url, message):
    done = magpie("search", "cat", store=url)
    assert done.exit_code == 1, done.output
    assert message in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1 and "secret" not in done.stderr
    assert not Path("nowhere").exists()


@pytest.mark.parametrize("words", [("words",), ("history",), ("undo",), ("export", "taught.jsonl")])
def test_a_mistyped_store_is_not_a_library_in_which_nothing_was_taught(
    magpie, tmp_path, monkeypatch, words
):
    monkeypatch.chdir(tmp_path)
    done = magpie(*words, store="sqlite:///mistyped.db")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "mistyped.db: run magpie index FOLDER first" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "words",
    [
        ("search",),
        ("index",),
        ("search", "cat", "--limit", "0"),
        ("search", "cat", "--limit", "x"),
        ("index", ".", "--nonsense"),
        ("search", "cat", "--nonsense"),
        ("index", ".", "--weights", "none.pth"),
        ("nonsense",),
        ("similar",),
    ],
)
def test_wrong_usage_is_exit_code_2(magpie, words):
    assert magpie(*words).exit_code == 2


def test_a_password_in_the_store_is_never_shown(magpie):
    done = magpie("status", store="http://elastic:topsecret@127.0.0.1:9/photos")
    assert done.exit_code == 1 and "topsecret" not in done.output


def test_help_loads_nothing_heavy():
    heavy = "tensorflow", "openvino", "gensim", "numpy", "scipy", "sklearn", "PIL", "rich"
    heavy += "fastapi", "starlette", "pydantic"
    code = (
        "import sys; from search.commands import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_the_program_is_installed_under_its_name():
    done = subprocess.run([MAGPIE, "--version"], capture_output=True, text=True, check=True)
    assert "0.1.0" in done.stdout


def test_every_command_and_option_has_help_and_none_is_short():
    for name, command in main.commands.items():
        assert command.help, name
        for parameter in command.params:
            if parameter.param_type_name == "option":
                assert parameter.help, (name, parameter.name)
                assert all(option.startswith("--") for option in parameter.opts)


def test_explaining_prints_parts_weights_labels_and_filters_before_the_photos(magpie):
    words = ["search", "3:cat", "cup", "-dog", "before:2100", "--limit", "2"]
    plain, explained = magpie(*words), magpie(*words, "--explain")
    lines = explained.stdout.splitlines()
    parts = [line for line in lines if line.startswith("part ")]
    assert [part.split(" = ")[0] for part in parts] == ["part cat", "part cup", "part dog"]
    assert parts[0].endswith("(hypernym), weight 3") and parts[2].endswith("(excluded), weight 1")
    assert "filter before:2100 = before 2100-01-01" in lines
    assert any(line.startswith("  ") and line.endswith("a kind of cat") for line in lines)
    hits = [line.partition("  (")[0] for line in plain.stdout.splitlines()]
    assert [line.partition("  (")[0] for line in lines[-2:]] == hits
    assert "hypernym" in plain.stderr and explained.stderr == ""
    assert json.loads(magpie(*words, "--explain", "--json").stdout) == json.loads(
        magpie(*words, "--json").stdout
    )


def test_explaining_says_that_a_word_is_not_known(magpie):
    done = magpie("search", "griffox", "--explain")
    assert "part griffox = unknown (unfamiliar), weight 0" in done.stdout
    assert "I do not know 'griffox'" in done.stderr
