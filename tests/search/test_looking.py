"""Searches by a network that reads words, in a space with a known answer, on both stores."""

import json
import math
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import elasticsearch_server
import numpy as np
import pytest
from click.testing import CliRunner
from fastapi.testclient import TestClient
from joint_networks import COLOURS, colour_network, plain_photos
from PIL import Image

from indexer.errors import Conflict
from indexer.kinds import Kind
from indexer.network.options import NetworkOptions
from search import Choices, Library, open_library
from search.answers import Answer
from search.api.app import create_app
from search.commands import main
from search.looking import HALF, UNSEEN, background

SHADES = (255, 250, 245, 240, 235)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder of networks, one of plain photos, and a cache of their own."""
    home = tmp_path_factory.mktemp("looking")
    colour_network(home / "models" / "colours")
    plain_photos(home / "photos", SHADES)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MAGPIE_CACHE", str(home / "cache"))
        patch.setenv("MAGPIE_MODELS", str(home / "models"))
        yield home


@pytest.fixture
def library(url: str, home: Path) -> Iterator[Library]:
    with open_library(url, Choices(NetworkOptions("colours"))) as opened:
        opened.index([home / "photos"])
        yield opened


@pytest.fixture(scope="module", params=["sqlite", "elasticsearch"])
def searched_url(
    request: pytest.FixtureRequest, home: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The store of the library that all tests share which do not change it."""
    with ExitStack() as stores:
        if request.param == "sqlite":
            url = f"sqlite:///{tmp_path_factory.mktemp('searched') / 'photos.db'}"
        else:
            server = request.getfixturevalue("elasticsearch_url")
            url = stores.enter_context(elasticsearch_server.new_store(server))
        with open_library(url, Choices(NetworkOptions("colours"))) as opened:
            opened.index([home / "photos"])
        yield url


@pytest.fixture
def searched(searched_url: str) -> Iterator[Library]:
    with open_library(searched_url, Choices(NetworkOptions("colours"))) as opened:
        yield opened


def names(answer: Answer) -> list[str]:
    """The colours of the photos that were found, best first."""
    return [Path(hit.path).stem.rstrip("0123456789") for hit in answer.hits]


def by_text(answer: Answer) -> set[str]:
    """Colours of photos that look like the text."""
    return {
        colour
        for colour, hit in zip(names(answer), answer.hits, strict=True)
        if any(reason.kind == Kind.TEXT for reason in hit.reasons)
    }


@pytest.mark.parametrize("colour", COLOURS)
def test_a_colour_finds_the_photos_of_that_colour(searched: Library, colour: str) -> None:
    answer = searched.search(colour)
    assert answer.familiar
    assert names(answer)[:5] == [colour] * 5
    assert colour in by_text(answer)


def test_the_text_is_a_part_of_the_query(searched: Library) -> None:
    answer = searched.search("Red")
    part = answer.parts[-1]
    assert (part.word, part.kind, part.weight, part.name) == ("Red", Kind.TEXT, 1.0, '"Red"')
    assert not [part for part in answer.parts if part.kind == Kind.UNFAMILIAR]


def test_reasons_say_how_near_and_add_up(searched: Library) -> None:
    for hit in searched.search("red").hits[:5]:
        (reason,) = (reason for reason in hit.reasons if reason.kind == Kind.TEXT)
        assert reason.what in ("looks like 'red' .98", "looks like 'red' .99")
        assert sum(reason.score for reason in hit.reasons) == pytest.approx(hit.score, abs=1e-6)
        assert 0 < reason.score < 1


def test_minus_leaves_out_what_looks_like_a_word(searched: Library) -> None:
    both = names(searched.search("yellow", limit=30))
    assert "red" not in names(searched.search("yellow -red", limit=30))
    assert both[:5] == ["yellow"] * 5
    answer = searched.search("blue -red", limit=30)
    assert names(answer)[:5] == ["blue"] * 5
    assert "red" not in names(answer)
    assert "red" not in names(searched.search("red -red", limit=30))
    assert searched.search("blue without dogs").parts[-1].word == "blue"


def test_what_looks_like_nothing_is_unfamiliar(searched: Library) -> None:
    answer = searched.search("zorbla")
    assert not answer.familiar
    assert not answer.hits
    assert [(part.kind, part.meaning) for part in answer.parts] == [(Kind.UNFAMILIAR, UNSEEN)]


def test_a_part_may_be_switched_off(searched: Library) -> None:
    answer = searched.search("red", switched_off=['"red"'])
    assert not by_text(answer)
    assert [part.kind for part in answer.switched_off] == [Kind.TEXT]


def test_teaching_moves_them(library: Library) -> None:
    """Users find that what they call red is blue."""
    blues = [hit.id for hit in library.search("blue").hits[:5]]
    reds = [hit.id for hit in library.search("red").hits[:5]]
    library.feedback("red", blues[:3], reds)
    answer = library.search("red", limit=30)
    assert {hit.id for hit in answer.hits[:3]} == set(blues[:3])
    assert names(answer)[3:5] == ["blue"] * 2
    assert not set(reds) & {hit.id for hit in answer.hits}
    assert {reason.kind for hit in answer.hits[:3] for reason in hit.reasons} >= {Kind.VOTE}
    for hit in answer.hits:
        assert sum(reason.score for reason in hit.reasons) == pytest.approx(hit.score, abs=1e-5)


def test_an_unfamiliar_word_can_be_taught(library: Library) -> None:
    green = library.search("green").hits[0].id
    library.teach("zorbla", [green])
    answer = library.search("zorbla")
    assert answer.familiar
    assert set(names(answer)[:5]) == {"green"}


def test_both_stores_give_the_same(
    tmp_path: Path, home: Path, elasticsearch_store_url: str
) -> None:
    answers = []
    for url in (f"sqlite:///{tmp_path / 'photos.db'}", elasticsearch_store_url):
        with open_library(url, Choices(NetworkOptions("colours"))) as opened:
            opened.index([home / "photos"])
            found = [opened.search(text, limit=30) for text in ("red", "blue -red", "red fox")]
            answers.append(
                [[(hit.id, hit.score, hit.reasons) for hit in one.hits] for one in found]
            )
    assert answers[0] == answers[1]


def test_a_network_that_is_gone_leaves_the_labels(
    searched_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MAGPIE_MODELS")
    monkeypatch.setenv("MAGPIE_CACHE", str(tmp_path / "other"))
    with open_library(searched_url) as opened:
        assert not by_text(opened.search("red fox"))


def test_another_network_than_the_librarys_is_refused(searched_url: str, tmp_path: Path) -> None:
    other = colour_network(tmp_path / "other", "uint8")
    with (
        open_library(searched_url, Choices(NetworkOptions(str(other)))) as opened,
        pytest.raises(Conflict, match=r"made by colours .*, not by other"),
    ):
        opened.search("red")


def test_the_command_and_the_api_say_it(library: Library, url: str) -> None:
    done = CliRunner().invoke(main, ["search", "red", "--limit", "5", "--store", url, "--json"])
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["words"][-1]["kind"] == "text"
    assert any("looks like 'red'" in reason["what"] for reason in told["hits"][0]["reasons"])
    done = CliRunner().invoke(main, ["search", "zorbla", "--store", url])
    assert UNSEEN in done.stderr
    with TestClient(create_app(library), base_url="http://localhost") as c:
        answer = c.get("/api/search", params={"q": "blue -red"}).json()
    assert answer["words"][-1] == {**answer["words"][-1], "kind": "text", "part": '"blue"'}
    assert "blue" in answer["hits"][0]["path"]


def test_where_all_photos_are_red_all_are_found(url: str, home: Path, tmp_path: Path) -> None:
    for shade in SHADES:
        Image.new("RGB", (40, 30), (shade, 0, 0)).save(tmp_path / f"red{shade}.png")
    with open_library(url, Choices(NetworkOptions("colours"))) as opened:
        opened.index([tmp_path])
        assert names(opened.search("red")) == ["red"] * 5
        assert not opened.search("zorbla").hits
        assert "red" not in names(opened.search("blue -red"))


def test_the_background_is_what_lies_below_the_middle() -> None:
    cosines = np.array([0.0, 0.1, 0.2, 0.9, 0.9], np.float32)
    centre, deviation = background(cosines)
    assert centre == pytest.approx(0.2)
    assert deviation == pytest.approx(math.sqrt((0.04 + 0.01) / 3))
    assert background(np.full(9, 0.3, np.float32)) == pytest.approx((0.3, 0.02))
    assert HALF / (HALF + HALF) == 0.5


def test_evaluate_varies_the_weight_of_the_text(searched_url: str, tmp_path: Path) -> None:
    truth, queries = tmp_path / "truth.csv", tmp_path / "queries.csv"
    rows = [f"{colour}{shade}.png,{colour}" for colour in COLOURS for shade in SHADES]
    truth.write_text("path,category\n" + "\n".join(rows), "utf-8")
    queries.write_text("query,categories\nred,red\ngreen,green\n", "utf-8")
    command = ["evaluate", str(truth), "--queries", str(queries), "--store", searched_url, "--json"]
    mixed = CliRunner().invoke(main, command)
    alone = CliRunner().invoke(main, [*command, "--text-weight", "0"])
    assert json.loads(mixed.stdout)["map"] == 1
    assert "photos that look like 'red'" in mixed.stdout
    reasons = [one["why"] for one in json.loads(alone.stdout)["per_query"]]
    assert not [why for why in reasons if "on top looks like" in why]


def test_a_report_compares_labels_text_and_both(
    library: Library, url: str, home: Path, tmp_path: Path
) -> None:
    more = tmp_path / "more"
    more.mkdir()
    for colour in ("red", "blue"):
        for number in range(20):
            rgb = [230 * part + number for part in COLOURS[colour]]
            Image.new("RGB", (40, 30), tuple(rgb)).save(more / f"{colour}-{number}.png")
    library.index([more])
    rows = [f"{colour}-{n}.png,{colour}" for colour in ("red", "blue") for n in range(20)]
    files = {
        "truth.csv": "path,category\n" + "\n".join(rows),
        "queries.csv": "query,categories,kind\nred,red,name\nblue,blue,name\n",
        "captions.csv": "path,caption\nred-0.png,zorbla\nblue-1.png,a blue photo\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, "utf-8")
    truth, queries, captions = (str(tmp_path / name) for name in files)
    command = ["evaluate", truth, "--queries", queries, "--model-report", "--captions", captions]
    done = CliRunner().invoke(main, [*command, "--store", url, "--json"])
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["captions"]["captions"] == 2
    assert 0 <= told["captions"]["at_1"] <= told["captions"]["at_10"] <= 1
    by = {one["by"]: one["kinds"][-1]["map"] for one in told["words"]}
    assert by["text"] == by["mixed"] == 1
    assert told["categories"] == 2
    steps = [(one["clicks"], one["text"]) for one in told["teaching"]]
    assert steps == [(n, text) for n in (0, 1, 5, 20) for text in (False, True)]
    assert told["teaching"][-1]["map"] == 1
    told_lines = CliRunner().invoke(main, [*command, "--store", url]).stdout
    assert "ranked by" in told_lines
    assert "2 captions: recall@1" in told_lines


def test_a_report_needs_a_network_that_reads_words(indexed_photos: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{indexed_photos / 'photos.db'}"
    name = next((indexed_photos / "photos").iterdir()).name
    (tmp_path / "t.csv").write_text(f"path,category\n{name},x\n", "utf-8")
    (tmp_path / "q.csv").write_text("query,categories\nx,x\n", "utf-8")
    command = ["evaluate", str(tmp_path / "t.csv"), "--queries", str(tmp_path / "q.csv")]
    done = CliRunner().invoke(main, [*command, "--model-report", "--store", url])
    assert done.exit_code == 1
    assert "--model-report is of networks that read words" in done.stderr
    assert CliRunner().invoke(main, [*command, "--captions", "x", "--store", url]).exit_code == 2
