"""`magpie evaluate` on labelled photos: the measures, the contract, bad files."""

import json
import shutil
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from indexer.errors import BadValue, NotFound
from indexer.stores import open_store
from search.commands import main
from search.evaluation.truth import read_queries, read_truth
from search.library import open_library


@pytest.fixture(scope="module")
def home(tmp_path_factory, free_photos):
    """A folder with a store of three photos, a truth and queries."""
    home = tmp_path_factory.mktemp("evaluate")
    (home / "photos" / "deep").mkdir(parents=True)
    for photo in free_photos:
        if photo.name in ("chelsea.png", "coffee.png", "rocket.jpg"):
            shutil.copy(photo, home / "photos" / "deep")
    (home / "truth.csv").write_text(
        "path,category\ndeep/chelsea.png,cat\ndeep/coffee.png,drink\n"
        "deep/rocket.jpg,spacecraft\nelsewhere/none.png,cat\n"
    )
    (home / "queries.csv").write_text(
        "query,categories,kind\ncat,cat,name\nespresso,drink;spacecraft,name\nzebra,horse,name\n"
        "xkcdzz,cat,other\n"
    )
    with open_library(f"sqlite:///{home}/photos.db") as library:
        library.index([home / "photos"])
    return home


@pytest.fixture
def store(home):
    with closing(open_store(f"sqlite:///{home}/photos.db")) as opened:
        yield opened


def evaluate(home, *words):
    return CliRunner().invoke(
        main, ["evaluate", *map(str, words), "--store", f"sqlite:///{home}/photos.db"]
    )


def test_the_contract_and_the_measures(home):
    done = evaluate(home, home / "truth.csv", "--queries", home / "queries.csv", "--json")
    report = json.loads(done.stdout)
    assert report["queries"] == 3  # zebra has no correct answer here
    scores = {one["query"]: one["average_precision"] for one in report["per_query"]}
    assert scores["cat"] == 1.0 and scores["xkcdzz"] == 0.0
    assert 0.5 <= scores["espresso"] <= 1.0
    assert report["map"] == pytest.approx(sum(scores.values()) / 3)
    assert {"p_at_20", "kind"} <= set(report["per_query"][0])
    assert (report["photos"], report["missing"]) == (3, 1)


def test_the_table_names_kinds_and_the_worst_query_with_why(home):
    done = evaluate(home, home / "truth.csv", "--queries", home / "queries.csv")
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert [line.split()[0] for line in lines[1:4]] == ["name", "other", "all"]
    assert "xkcdzz" in lines[lines.index("worst queries") + 1]


def test_the_line_of_likely_photos_is_measured_by_kind_and_in_tenths(home):
    done = evaluate(home, home / "truth.csv", "--queries", home / "queries.csv", "--json")
    report = json.loads(done.stdout)
    by_query = {one["query"]: one["likely"] for one in report["per_query"]}
    assert by_query["cat"] == {"precision": 1.0, "recall": 1.0, "f1": 1.0}
    assert by_query["xkcdzz"] == {"precision": 1.0, "recall": 0.0, "f1": 0.0}
    for kind in report["kinds"]:
        some = [one for one in report["per_query"] if kind["kind"] in (one["kind"], "all")]
        mean = sum(one["likely"]["f1"] for one in some) / len(some)
        assert kind["likely"]["f1"] == pytest.approx(mean)
    tenths = report["reliability"]
    assert all(one["least"] <= one["called"] <= one["most"] for one in tenths)
    assert all(0 <= one["right"] <= 1 <= one["photos"] for one in tenths)
    printed = evaluate(home, home / "truth.csv", "--queries", home / "queries.csv").stdout
    assert "likely: F1" in printed.splitlines()[0] and "how often photos are right" in printed


def test_nothing_is_written_to_the_store(home):
    before = {path.name: path.stat().st_mtime_ns for path in home.glob("photos.db")}
    evaluate(home, home / "truth.csv", "--queries", home / "queries.csv")
    assert {path.name: path.stat().st_mtime_ns for path in home.glob("photos.db")} == before


def test_paths_are_matched_by_whole_parts(store, home, tmp_path):
    (tmp_path / "t.csv").write_text("path,category\nlsea.png,cat\nphotos/deep/chelsea.png,cat\n")
    truth = read_truth(tmp_path / "t.csv", store)
    assert (len(truth.categories), truth.missing) == (1, 1)


def test_a_photo_may_show_several_categories(store, tmp_path):
    (tmp_path / "t.csv").write_text("path,category\nchelsea.png,cat\nchelsea.png,pet\n")
    truth = read_truth(tmp_path / "t.csv", store)
    assert list(truth.categories.values()) == [frozenset({"cat", "pet"})]
    assert truth.photos_of(frozenset({"pet"})) == frozenset(truth.categories)


@pytest.mark.parametrize(
    ("content", "error", "message"),
    [
        (None, NotFound, "cannot read"),
        (b"file,what\na,b\n", BadValue, "has no column 'path'"),
        (b"", BadValue, "has no column 'path'"),
        (b"path,category\nonly-a-path\n", BadValue, "line 2"),
        (b"path,category\n\xff\xfe\x00,x\n", BadValue, "is not CSV in UTF-8"),
        (b"path,category\nnowhere.jpg,cat\n", NotFound, "holds no photo of"),
    ],
)
def test_a_bad_truth_is_one_line(store, tmp_path, content, error, message):
    file = tmp_path / "truth.csv"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(error, match=message):
        read_truth(file, store)


def test_a_spreadsheets_csv_is_read_and_what_asks_for_nothing_scores_nothing(home, tmp_path):
    (tmp_path / "t.csv").write_bytes(
        b"\xef\xbb\xbfpath,category,remark\r\nchelsea.png,pet,x\r\ncoffee.png,drink,\r\n"
    )
    (tmp_path / "q.csv").write_bytes(
        b"query,categories\r\ncat,pet;unknown\r\nrain,unknown\r\n-cat,pet\r\n,drink\r\n"
    )
    done = evaluate(home, tmp_path / "t.csv", "--queries", tmp_path / "q.csv", "--json")
    report = json.loads(done.stdout)
    scores = {one["query"]: one["average_precision"] for one in report["per_query"]}
    assert scores == {"cat": 1.0, "-cat": 0.0, "": 0.0}
    assert [kind["kind"] for kind in report["kinds"]] == ["all queries", "all"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "has no column 'query'"),
        (b"query;categories\ncat;pet\n", "has no column 'query'"),
        (b"query,kind\ncat,name\n", "has no column 'categories'"),
        (b"query,categories\n", "no query of"),
        (b"\x89PNG\r\n\x1a\n", "is not CSV in UTF-8"),
        (b"query,categories\n" + b"x" * 2000 + b",cat\n", "q.csv': the query has 2000 characters"),
    ],
)
def test_bad_queries_are_one_line(home, tmp_path, content, message):
    (tmp_path / "q.csv").write_bytes(content)
    done = evaluate(home, home / "truth.csv", "--queries", tmp_path / "q.csv")
    assert (done.exit_code, done.stdout) == (1, "")
    assert message in done.stderr and len(done.stderr.splitlines()) == 1


def test_queries_without_right_answers_are_refused(store, home, tmp_path):
    (tmp_path / "q.csv").write_text("query,categories\nzebra,horse\n")
    with pytest.raises(BadValue, match="no query of"):
        read_queries(tmp_path / "q.csv", read_truth(home / "truth.csv", store))


def test_usage(home):
    truth, queries = home / "truth.csv", home / "queries.csv"
    assert evaluate(home, truth).exit_code == 2
    assert evaluate(home, truth, "--queries", queries, "--teach").exit_code == 2
    small = evaluate(home, truth, "--teach")
    assert (small.exit_code, small.stderr.count("\n")) == (1, 1)
    assert "no category has 20 photos" in small.stderr
    missing = evaluate(home, Path("none.csv"), "--queries", home / "queries.csv")
    assert (missing.exit_code, len(missing.stderr.strip().splitlines())) == (1, 1)
