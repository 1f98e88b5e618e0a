"""Words in a search of real photos: what is found, why, and what cannot be asked."""

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from search.commands import main
from search.library import open_library

CATEGORIES = ("zebra", "domestic_cat", "dog", "stove", "refrigerator", "car", "banana")

Search = Callable[..., Any]


@pytest.fixture(scope="module")
def shown(photos_folder: Path) -> dict[str, str]:
    """File name -> category, of the photos that are searched."""
    with (photos_folder / "truth.csv").open(encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines) if row["path"].startswith("everyday/")]
    return {
        Path(row["path"]).name: row["category"] for row in rows if row["category"] in CATEGORIES
    }


@pytest.fixture(scope="module")
def store(
    tmp_path_factory: pytest.TempPathFactory, photos_folder: Path, shown: dict[str, str]
) -> str:
    home = tmp_path_factory.mktemp("words")
    (home / "photos").mkdir()
    for name in shown:
        shutil.copy(photos_folder / "everyday" / name, home / "photos")
    with open_library(f"sqlite:///{home}/photos.db") as library:
        library.index([home / "photos"])
    return f"sqlite:///{home}/photos.db"


@pytest.fixture
def run(store: str) -> Callable[..., Result]:
    """Run `magpie search` on the photos."""

    def search(*words: str, **environment: str) -> Result:
        return CliRunner(env=environment).invoke(main, ["search", *words, "--store", store])

    return search


@pytest.fixture
def search(run: Callable[..., Result]) -> Search:
    """Run `magpie search --json` and return the answer."""

    def answer(*words: str, **environment: str) -> Any:
        done = run(*words, "--json", **environment)
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)

    return answer


def categories(answer: Any, shown: dict[str, str], count: int = 3) -> set[str]:
    return {shown[Path(hit["path"]).name] for hit in answer["hits"][:count]}


@pytest.mark.parametrize("how", ["option", "environment"])
def test_a_dictionary_finds_zebras_by_their_german_name(
    search: Search, shown: dict[str, str], tmp_path: Path, how: str
) -> None:
    files = [tmp_path / f"freedict-deu-eng.{end}" for end in ("index", "dict")]
    files[0].write_text("steppenpferd\tA\tW\n", encoding="utf-8")
    files[1].write_text("Steppenpferd\nzebra <n>\n", encoding="utf-8")
    if how == "option":
        answer = search("Steppenpferd", "--dictionary", str(files[0]))
    else:
        answer = search("Steppenpferd", MAGPIE_DICTIONARY=str(files[1]))
    assert categories(answer, shown) == {"zebra"}
    assert [part["kind"] for part in answer["words"]] == ["translated"]
    reason = answer["hits"][0]["reasons"][0]
    assert (reason["kind"], reason["what"]) == ("translated", "zebra, steppenpferd = zebra")


@pytest.mark.parametrize("how", ["option", "environment"])
def test_vectors_of_ones_own_find_zebras_by_a_word_beside_zebra(
    search: Search, shown: dict[str, str], vector_file: Path, how: str
) -> None:
    if how == "option":
        answer = search("foo", "--word-vectors", str(vector_file))
    else:
        answer = search("foo", MAGPIE_WORD_VECTORS=str(vector_file))
    assert categories(answer, shown) == {"zebra"}
    assert [(part["word"], part["kind"]) for part in answer["words"]] == [("foo", "word2vec")]
    reason = answer["hits"][0]["reasons"][0]
    assert reason["kind"] == "word2vec" and reason["what"].startswith("zebra, cosine ")


def test_without_them_the_word_is_unfamiliar_and_ranks_nothing(search: Search) -> None:
    answer = search("foo")
    assert (answer["familiar"], answer["hits"]) == (False, [])
    assert answer["words"][0]["kind"] == "unfamiliar"


@pytest.mark.parametrize("text", ["cat", "kitchen", "red car", "cat -dog", "animal in a kitchen"])
def test_reasons_of_every_hit_add_up_to_its_score(search: Search, text: str) -> None:
    for hit in search(*text.split())["hits"]:
        total = sum(reason["score"] for reason in hit["reasons"])
        assert total == pytest.approx(hit["score"], rel=1e-5)
        assert all(reason["what"] for reason in hit["reasons"])


def test_a_hit_says_whether_a_label_is_of_the_word_or_only_related(search: Search) -> None:
    kinds: dict[str, set[str]] = {}
    for hit in search("dog")["hits"]:
        for reason in hit["reasons"]:
            kinds.setdefault(reason["kind"], set()).add(reason["what"])
    assert kinds.keys() == {"hypernym", "related"}
    assert all("a kind of dog" in what for what in kinds["hypernym"])
    assert not any("a kind of dog" in what for what in kinds["related"])


def test_an_excluded_word_leaves_its_photos_out(search: Search, shown: dict[str, str]) -> None:
    def cats(*query: str) -> int:
        hits = search(*query, "--limit", "30")["hits"]
        return sum(shown[Path(hit["path"]).name] == "domestic_cat" for hit in hits)

    assert cats("animal") == 3
    assert cats("animal", "-cat") == 1  # the network takes that one for a black dog


@pytest.mark.parametrize(
    "text",
    ["\x00\x07", "🦓", "собака", "犬", "the of", "-cat", "-cat -dog", "...", "-"],
)
def test_what_asks_for_nothing_known_finds_nothing(search: Search, text: str) -> None:
    answer = search(text)
    assert (answer["familiar"], answer["hits"]) == (False, [])


@pytest.mark.parametrize("text", ["", " ", "\t\n"])
def test_nothing_is_not_a_search(run: Callable[..., Result], text: str) -> None:
    done = run(text)
    assert done.exit_code == 2
    assert "give words, a filter, or a photo with --like" in done.stderr


@pytest.mark.parametrize("text", ["\x00", "🦓", "собака", "the of", "-cat"])
def test_people_are_told_so_without_a_traceback(run: Callable[..., Result], text: str) -> None:
    done = run(text)
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr.strip()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("-cat", "'-cat' says only what to leave out: add what is to be seen, or a filter"),
        ("not a dog", "'not a dog' says only what to leave out"),
        ("no cats or dogs", "'no cats or dogs' says only what to leave out"),
        ("the of", "'the of' is too common to search for: add what is to be seen"),
        ("собака", "I do not know 'собака' yet"),
    ],
)
def test_what_is_missing_from_a_query_is_told(
    run: Callable[..., Result], text: str, told: str
) -> None:
    assert run(text).stderr.splitlines()[-1].startswith(told)


def test_ten_thousand_characters_are_one_line_of_error(run: Callable[..., Result]) -> None:
    done = run("zebra " * 1700)
    assert done.exit_code == 1
    assert len(done.stderr.splitlines()) == 1 and len(done.stderr) < 200


@pytest.mark.parametrize(
    "content",
    [
        None,
        b"",
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20,
        b"zebra 1 2\nfoo 1 3\ndog 2 1\n",
        b"zebra 1 2 3\nfoo 1 2\n",
        b"3 4\nzebra 1 2 3 4\n",
        b"this is a letter\nto nobody at all\n",
    ],
    ids=["missing", "empty", "picture", "two dimensions", "two lengths", "truncated", "prose"],
)
def test_a_bad_vector_file_is_one_line_of_error(
    run: Callable[..., Result], tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / "own.txt"
    if content is not None:
        file.write_bytes(content)
    done = run("zebra", "--word-vectors", str(file))
    assert (done.exit_code, done.stdout) == (1, "")
    assert len(done.stderr.splitlines()) == 1 and str(file) in done.stderr
