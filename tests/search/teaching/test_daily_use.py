"""What people do from day to day, by command and in Python: undo, near words, odd words, names."""

import pytest

from indexer.errors import BadValue
from search.library import open_library

ODD = ("C++", "#42", "日本", "naïve café", "ѝмя", "🦄", "a/b\\c", "x'; DROP TABLE feedback;--")


def ids(answer):
    return [hit.id for hit in answer.hits]


def top(library, *queries):
    return [
        [(hit.id, hit.score, hit.reasons) for hit in library.search(query, limit=100).hits]
        for query in queries
    ]


@pytest.mark.parametrize(
    "act",
    [
        lambda library, photo: library.feedback("zorbla", [photo("coffee.png")]),
        lambda library, photo: library.teach("zorbla", [photo("coffee.png")]),
        lambda library, photo: library.forget("zorbla"),
        lambda library, photo: library.rename("zorbla", "vleemo"),
        lambda library, photo: library.merge("zorbla", "qwyzzt"),
    ],
    ids=["feedback", "teach", "forget", "rename", "merge"],
)
def test_undo_of_anything_gives_back_the_identical_top_100(library, photo_id, act):
    queries = "zorbla", "qwyzzt", "vleemo", "zorbla coffee", "animal -zorbla"
    library.teach("zorbla", [photo_id("chelsea.png")], [photo_id("rocket.jpg")])
    library.teach("qwyzzt", [photo_id("rocket.jpg")])
    before, words = top(library, *queries), library.words()
    event = act(library, photo_id)
    assert top(library, *queries) != before
    undo = library.undo(event.id)
    assert top(library, *queries) == before and library.words() == words
    history = library.history()
    assert [entry.id for entry in history if entry.undone] == [event.id]
    with pytest.raises(BadValue, match="was undone already"):
        library.undo(event.id)
    with pytest.raises(BadValue, match="is itself an undo"):
        library.undo(undo.id)


def test_a_taught_word_is_suggested_for_words_like_it(library, photo_id):
    library.teach("griffin", [photo_id("chelsea.png")])
    assert "griffin" in library.search("gryphon").suggestions
    assert "griffin" in library.search("grifin").suggestions


@pytest.mark.parametrize("word", ODD)
def test_words_of_odd_characters_are_learned_and_found(library, photo_id, word):
    before = library.search(word)
    library.teach(word, [photo_id("chelsea.png")])
    assert ids(library.search(word))[0] == photo_id("chelsea.png")
    library.undo()
    assert ids(library.search(word)) == ids(before)


@pytest.mark.parametrize("text", ["x" * 10_000, "x " * 5000, "日" * 10_000])
def test_words_of_10000_characters_are_refused_in_one_line(library, photo_id, text):
    for act in (
        lambda: library.search(text),
        lambda: library.teach(text, [photo_id("chelsea.png")]),
        lambda: library.feedback(text, [photo_id("chelsea.png")]),
        lambda: library.forget(text),
    ):
        with pytest.raises(BadValue, match="10000 characters") as caught:
            act()
        assert len(str(caught.value)) < 200 and "\n" not in str(caught.value)


def test_a_library_that_lost_all_photos_answers_taught_words_with_nothing(library, store, outside):
    library.teach("zorbla", [str(outside)])
    event = library.teach("cat", [str(outside)])
    library.feedback("animal", bad=[store.photos.vectors().ids[0]])
    store.photos.delete(store.photos.vectors().ids)
    assert event.uploads and not library.search("zorbla").hits
    for query in ("cat", "animal", "zorbla cat", "cat -zorbla"):
        assert library.search(query).hits == ()


def test_reasons_name_examples_from_outside(library, outside):
    library.teach("zorbla", [str(outside)])
    reason = library.search("zorbla").hits[0].reasons[0]
    assert reason.kind == "neighbour" and f"{outside.name} marked good (" in reason.what


def test_a_reason_names_the_nearest_of_several_examples_and_its_likeness(library, photo_id):
    library.teach("zorbla", [photo_id("chelsea.png"), photo_id("rocket.jpg")])
    told = [hit.reasons[0].what for hit in library.search("zorbla").hits[2:]]
    assert any("chelsea.png" in what for what in told)
    assert any("rocket.jpg" in what for what in told)
    assert all(what.startswith("near ") and what.endswith(")") for what in told)


def test_what_one_process_learned_another_has_at_once(library, url, photo_id):
    with open_library(url) as other:
        other.search("zorbla")
        library.teach("zorbla", [photo_id("chelsea.png")])
        assert other.search("zorbla").familiar


def test_a_day_by_command(magpie, photo_id, outside):
    chelsea, rocket = photo_id("chelsea.png"), photo_id("rocket.jpg")
    taught = magpie("teach", "zorbla", str(outside), chelsea, "--not", rocket)
    assert len(taught["examples"]) == 2 and taught["counterexamples"] == [rocket]
    magpie("feedback", "zorbla", "--good", photo_id("coffee.png"), "--user", "bob")
    found = magpie("search", "zorbla", "--user", "ann")
    assert {hit["id"] for hit in found["hits"][:2]} == {chelsea, photo_id("coffee.png")}
    both = magpie("search", "zorbla", "--like", rocket)
    assert found["hits"][0]["id"] in {hit["id"] for hit in both["hits"]}
    kinds = {reason["kind"] for hit in both["hits"] for reason in hit["reasons"]}
    assert {"vote", "neighbour", "similar"} <= kinds
    for hit in [*found["hits"], *both["hits"]]:
        total = sum(part["score"] for part in hit["reasons"])
        assert total == pytest.approx(hit["score"], abs=1e-5)
    magpie("undo", "--user", "bob")
    assert magpie("search", "zorbla")["hits"][0]["id"] == chelsea
    nobody = magpie("undo", "--user", "bob")
    assert nobody.exit_code == 1 and "bob has nothing to undo" in nobody.stderr
    assert [event["kind"] for event in magpie("history")["events"]] == ["teach", "click", "undo"]
