"""Searches with filters: by words, like a photo, by what was taught, and by filters alone."""

import json
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from starlette.testclient import TestClient

from indexer.errors import BadValue
from search.api.app import create_app
from search.commands import main
from search.commands.filters import quoted
from search.evaluation.trial_lesson import TrialLesson


def moment(photo):
    return photo.captured or photo.modified


@pytest.fixture
def photos(filtered):
    return {photo.id: photo for photo in filtered._store.photos.scan()}


@pytest.mark.parametrize("words", ["animal", "animal -cat", ""])
def test_filters_keep_the_order_of_the_words_and_leave_others_out(filtered, photos, words):
    everything = [hit.id for hit in filtered.search(words, 500, order="newest").hits]
    if words:
        everything = [hit.id for hit in filtered.search(words, 500).hits]
    kept = [id for id in everything if moment(photos[id]).startswith("2019")]
    hits = filtered.search(f"{words} in:2019", 500).hits
    assert [hit.id for hit in hits] == kept and kept
    pages = [filtered.search(f"{words} in:2019", 3, start).hits for start in (0, 3)]
    assert [hit.id for page in pages for hit in page] == kept[:6]


def test_filters_alone_list_photos_newest_first(filtered, photos):
    answer = filtered.search("camera:nikon", 500)
    listed = [photos[hit.id] for hit in answer.hits]
    assert listed and {photo.camera for photo in listed} == {"NIKON D90"}
    assert [moment(photo) for photo in listed] == sorted(map(moment, listed), reverse=True)
    assert [hit.captured for hit in answer.hits] == [photo.captured for photo in listed]
    assert answer.familiar and {hit.score for hit in answer.hits} == {0.0}
    oldest = [hit.id for hit in filtered.search("camera:nikon", 500, order="oldest").hits]
    assert [moment(photos[id]) for id in oldest] == sorted(map(moment, listed))


def test_words_may_be_sorted_by_time(filtered, photos):
    hits = filtered.search("animal", 500, order="newest").hits
    assert {hit.id for hit in hits} == {hit.id for hit in filtered.search("animal", 500).hits}
    times = [moment(photos[hit.id]) for hit in hits]
    assert times == sorted(times, reverse=True) and min(hit.score for hit in hits) > 0


def test_photos_like_one_are_filtered(filtered, photos):
    like = next(iter(photos))
    every = filtered.search("", 500, like=like).hits
    kept = [hit.id for hit in every if photos[hit.id].camera == "Apple iPhone 7"]
    given = filtered.search("", 500, like=like, filters={"camera": "IPHONE 7"}).hits
    assert [hit.id for hit in given] == kept and kept


def test_a_taught_word_is_filtered_and_its_clicks_belong_to_the_word_alone(filtered, photos):
    found = [hit.id for hit in filtered.search("animal", 6).hits]
    filtered.teach("zorbla", found[:3], found[3:])
    event = filtered.feedback("zorbla in:2019 -camera:nikon", found[:1])
    assert event.word == "zorbla"
    every = filtered.search("zorbla", 500).hits
    kept = [hit.id for hit in every if moment(photos[hit.id]).startswith("2019")]
    assert [hit.id for hit in filtered.search("zorbla 2019", 500).hits] == kept and kept
    filtered.forget("zorbla")


def test_a_date_can_be_taught_as_a_word(filtered):
    assert [part.part for part in filtered.search("1984 cat").filters] == ["in:1984"]
    found = [hit.id for hit in filtered.search("cat", 2).hits]
    filtered.teach("1984", found)
    answer = filtered.search("1984 cat")
    assert answer.filters == () and "1984" in [part.word for part in answer.parts]
    filtered.forget("1984")
    assert [part.part for part in filtered.search("1984 cat").filters] == ["in:1984"]


def test_a_date_in_quotation_marks_is_judged_and_found_again(filtered):
    found = [hit.id for hit in filtered.search("cat", 2).hits]
    event = filtered.feedback('"cat 2049"', found[:1])
    assert event.word == "cat 2049"
    answer = filtered.search("cat 2049")  # as links to learned words have it
    assert answer.filters == () and answer.hits[0].id == found[0]
    filtered.undo(event.id)
    assert [part.part for part in filtered.search("cat 2049").filters] == ["in:2049"]


def test_what_is_filtered_out_does_not_change_how_much_labels_count(filtered, photos):
    found = [hit.id for hit in filtered.search("animal", 8).hits]
    event = filtered.feedback("animal", found[:4], found[4:6])
    every = {hit.id: hit.score for hit in filtered.search("animal", 500).hits}
    for words in ("animal in:2019", "animal -in:2019"):
        hits = filtered.search(words, 500).hits
        assert hits and [hit.score for hit in hits] == [every[hit.id] for hit in hits]
    filtered.undo(event.id)


def test_the_same_filter_twice_is_one(filtered):
    answer = filtered.search("animal 2019 in:2019 camera:nikon", filters={"camera": "nikon"})
    assert [part.part for part in answer.filters] == ["in:2019", "camera:nikon"]


def test_a_wrong_name_to_leave_out_is_told_whatever_else_is_found(filtered):
    for _ in range(2):
        with pytest.raises(BadValue, match="no photo was taken with a camera"):
            filtered.search("animal camera:nikon -camera:leica")
    with pytest.raises(BadValue, match="no photo was taken with a camera"):
        filtered.search("camera:leica")


def test_a_name_longer_than_all_names_of_the_library_is_told(filtered):
    with pytest.raises(BadValue, match="no photo was taken with a camera"):
        filtered.search(f"camera:{'n' * 60}")


def test_a_category_that_looks_like_a_date_is_taught_as_a_word(filtered):
    ids = filtered._store.photos.vectors().ids
    truth = SimpleNamespace(categories={id: set() for id in ids})
    lesson = TrialLesson(filtered._engine, truth, "summer 2019")
    lesson.judge([ids[-1]], [])
    assert lesson.rank()[1][0] == ids[-1]


def test_a_filter_can_be_switched_off(filtered):
    off = filtered.search("animal Christmas 2023", switched_off=["in:Christmas 2023"])
    assert [hit.id for hit in off.hits] == [hit.id for hit in filtered.search("animal").hits]
    (told,) = off.filters
    assert told.off and told.text == "Christmas 2023"


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("folder:hollyday", "folder:hollyday: no photo lies in a folder.*did you mean 'Holiday'"),
        ("animal -camera:nikkon", "no photo was taken with a camera.*did you mean 'NIKON D90'"),
        ("camera:leica", "there are 'Apple iPhone 7', 'NIKON D90'"),
        ("animal folder:home folder:xyz", "folder:xyz: no photo lies in a folder"),
        ("name:qqqqqqq", "no photo has a file with 'qqqqqqq' in its name"),
        ("format:orf", "no photo of the library has the format 'orf'"),
        ("after:2019-13", "no month"),
        ("before:2019 after:2020", "no day is both"),
    ],
)
def test_a_name_that_no_photo_has_is_told(filtered, words, why):
    with pytest.raises(BadValue, match=why):
        filtered.search(words)


def test_a_time_without_photos_is_no_mistake(filtered):
    assert filtered.search("animal in:1950").hits == ()


def run(url, *words):
    done = CliRunner().invoke(main, ["search", *words, "--json", "--store", url])
    return json.loads(done.stdout) if done.exit_code == 0 else (done.exit_code, done.stderr)


def test_options_and_words_say_the_same(filtered_url):
    by_words = run(filtered_url, "animal", "camera:iPhone 7", "after:2019-08")
    options = run(filtered_url, "animal", "--camera", "iPhone 7", "--after", "2019-08")
    assert by_words["hits"] == options["hits"] != []
    assert [part["part"] for part in by_words["filters"]] == ["camera:iPhone 7", "after:2019-08"]
    assert {part["part"] for part in options["filters"]} == {"camera:iPhone 7", "after:2019-08"}
    several = run(filtered_url, "--camera", "nikon", "--camera", "apple", "--sort", "oldest")
    assert several["hits"] and "captured" in several["hits"][0]


def test_every_ranking_keeps_the_orientation_that_is_asked_for(filtered, photos):
    def ids(words, beside):
        return [hit.id for hit in filtered.search(words, 500, like=beside).hits]

    like = next(iter(photos))
    filtered.teach("zorbla", [like])
    for words, beside in (("animal", None), ("zorbla", None), ("", like)):
        every = ids(words, beside)
        square = [id for id in every if photos[id].height == photos[id].width]
        others = [id for id in every if id not in square]
        assert ids(f"{words} orientation:square", beside) == square and square
        assert ids(f"{words} -orientation:square", beside) == others and others
    filtered.forget("zorbla")
    (part,) = filtered.search("orientation:portrait").filters
    assert (part.part, part.meaning) == ("orientation:portrait", "higher than wide")


def test_orientations_are_an_option_and_a_parameter(filtered_url, filtered):
    found = [hit.id for hit in filtered.search("orientation:square orientation:landscape").hits]
    shapes = ("--orientation", "square", "--orientation", "landscape")
    assert [hit["id"] for hit in run(filtered_url, *shapes)["hits"]] == found != []
    with TestClient(create_app(filtered), base_url="http://localhost") as client:
        asked = {"orientation": ["square", "landscape"]}
        answer = client.get("/api/search", params=asked).json()
        assert [hit["id"] for hit in answer["hits"]] == found
        wrong = client.get("/api/search", params={"orientation": "tall"})
    assert wrong.status_code == 400 and "portrait, landscape, square" in wrong.text


@pytest.mark.parametrize(
    ("word", "taken"),
    [
        ("camera:iPhone 7", 'camera:"iPhone 7"'),
        ("-before:May 2019", '-before:"May 2019"'),
        ("in:last month", 'in:"last month"'),
        ("in:2019 dog", "in:2019 dog"),
        ("dog in the snow", "dog in the snow"),
    ],
)
def test_quotation_marks_that_the_shell_took_away_come_back(word, taken):
    assert quoted(word) == taken


def test_the_command_tells_what_it_took_a_date_for_and_what_is_wrong(filtered_url):
    done = CliRunner().invoke(main, ["search", "animal", "summer 2019", "--store", filtered_url])
    assert "summer 2019 = from 2019-06-01 to 2019-08-31" in done.stderr
    code, told = run(filtered_url, "--folder", "hollyday")
    assert code == 1 and told.count("\n") == 1 and "'Holiday'" in told


@pytest.mark.parametrize(
    "words", ["3:cat cup", '"coffee cup" cat', '2:"coffee cup" -animal', "cup of coffee and a cat"]
)
def test_filters_keep_the_order_of_weighed_and_quoted_words(filtered, photos, words):
    everything = [hit.id for hit in filtered.search(words, 500).hits]
    kept = [id for id in everything if moment(photos[id]).startswith("2019")]
    for text in (f"{words} in:2019", f"in:2019 {words}"):
        answer = filtered.search(text, 500)
        assert [hit.id for hit in answer.hits] == kept and 0 < len(kept) < len(everything)
        assert [part.part for part in answer.filters] == ["in:2019"]
        assert answer.parts == filtered.search(words).parts


def test_a_weight_moves_the_photos_of_its_word_up(filtered):
    def best(text):
        hit = filtered.search(text).hits[0]
        return max(hit.reasons, key=lambda reason: reason.score).what

    assert "cat" in best("9:cat espresso") and best("cat 9:espresso") == "espresso"
