"""Counts of what searches find: each is what the filter of its value finds."""

import json
from dataclasses import replace

import pytest
from click.testing import CliRunner
from starlette.testclient import TestClient

from indexer.errors import BadValue
from indexer.stores import open_store
from search.api.app import create_app
from search.api.schemas.searches import FacetsAnswer
from search.commands import main
from search.library import open_library

KINDS = {"years": "in", "months": "in", "cameras": "camera", "formats": "format"}


def all_found(library, words, **more):
    return library.search(words, 500, order="newest", **more).hits


def check(library, words, **more):
    """Ask for the filter of each value; return the counts."""
    counted = library.facets(words, **more)
    assert counted.photos == len(all_found(library, words, **more)) > 0
    for facet, kind in KINDS.items():
        for one in getattr(counted, facet):
            hits = all_found(library, f'{words} {kind}:"{one.value}"', **more)
            assert one.photos == len(hits), one
    for one in counted.folders:
        hits = all_found(library, f'{words} folder:"{one.value}/"', **more)
        assert one.photos == len(hits), one
    return counted


@pytest.mark.parametrize(
    "words", ["", "animal", "animal -cat", "animal camera:nikon", "after:2019 before:2020"]
)
def test_each_count_is_what_the_filter_of_its_value_finds(filtered, words):
    counted = check(filtered, words)
    assert sum(one.photos for one in counted.months) == counted.photos


def test_photos_like_one_and_taught_words_are_counted(filtered):
    like = filtered.search("cat", 1).hits[0].id
    assert check(filtered, "", like=like).photos < filtered.facets().photos + 1
    found = [hit.id for hit in filtered.search("animal", 6).hits]
    event = filtered.teach("zorbla", found[:3], found[3:])
    check(filtered, "zorbla")
    filtered.undo(event.id)


def test_photos_without_a_date_or_a_camera_are_told(filtered):
    photos = list(filtered._store.photos.scan())
    counted = filtered.facets()
    undated = sum(photo.captured is None for photo in photos)
    nameless = sum(photo.camera is None for photo in photos)
    assert undated and nameless
    assert counted.without == {"date": undated, "camera": nameless, "place": len(photos)}
    assert {one.value: one.photos for one in counted.months}["2022-05"] == undated
    assert sum(one.photos for one in counted.cameras) == len(photos) - nameless


@pytest.fixture
def alike(tmp_path, filtered_url):
    """Photos of cameras, places and folders whose names begin or end with another's."""
    url = f"sqlite:///{tmp_path}/alike.db"
    source, store = open_store(filtered_url), open_store(url)
    store.identity.create(source.identity.info())
    names = [
        ("NIKON D70", "York, England, United Kingdom", "/photos/art"),
        ("NIKON D700", "New York, England, United Kingdom", "/photos/art/old"),
        ("nikon d70", "York, England, United Kingdom (2)", "/photos/art 2"),
    ]
    for number, photo in enumerate(source.photos.scan()):
        camera, place, folder = names[number % 3]
        paths = (f"{folder}/{number}.jpg",)
        told = replace(photo, version=None, camera=camera, place=place, paths=paths)
        assert store.photos.put([told]) == []
    source.close()
    store.close()
    with open_library(url) as library:
        yield library


@pytest.mark.parametrize("words", ["", "animal"])
def test_a_whole_name_finds_what_was_counted_and_not_what_begins_like_it(alike, words):
    counted = alike.facets(words)
    for kind in ("camera", "place", "folder"):
        for one in getattr(counted, f"{kind}s"):
            hits = alike.search(f'{words} {kind}:"={one.value}"', 500).hits
            assert len(hits) == one.photos, one.value
            others = alike.search(f'{words} -{kind}:="{one.value}"', 500).hits
            assert len(others) == counted.photos - one.photos
        assert len(getattr(counted, f"{kind}s")) == 3
    (nikons,) = alike.facets(words, filters={"camera": "=NIKON D70"}).cameras
    assert nikons.value == "NIKON D70"


def test_a_whole_name_that_no_photo_has_is_told(alike):
    with pytest.raises(BadValue, match="no photo was taken with this camera: did you mean 'NIKON"):
        alike.search("camera:=D70")
    with pytest.raises(BadValue, match="no photo lies in this folder: did you mean '/photos/art'"):
        alike.search("folder:=art")
    with pytest.raises(BadValue, match="no photo was taken at this place: did you mean"):
        alike.search("place:=York")
    assert alike.search('folder:"=/photos/art/"', 500).hits


def test_filters_and_parts_that_are_switched_off_do_not_count(filtered):
    off = filtered.facets("animal in:2019", switched_off=["in:2019"])
    assert off.photos == filtered.facets("animal").photos and off.filters[0].off
    assert filtered.facets("animal", filters={"in": "2019"}) != off


def test_only_the_most_frequent_names_are_told_and_the_others_counted(filtered):
    counted = filtered.facets(most=1)
    assert len(counted.cameras) == len(counted.folders) == 1
    assert counted.more == {"cameras": 1, "places": 0, "folders": 1, "formats": 1}
    with pytest.raises(BadValue, match="0 names"):
        filtered.facets(most=0)


def test_what_nobody_knows_counts_nothing_and_wrong_names_are_told(filtered):
    counted = filtered.facets("catt")
    assert (counted.photos, counted.familiar, counted.months) == (0, False, ())
    assert "cat" in counted.suggestions
    assert filtered.facets("animal in:1950").photos == 0
    with pytest.raises(BadValue, match="did you mean 'NIKON D90'"):
        filtered.facets("animal camera:nikkon")


def run(url, *words):
    return CliRunner().invoke(main, ["facets", *words, "--store", url])


def test_the_command_the_api_and_the_library_count_alike(filtered, filtered_url):
    done = run(filtered_url, "animal", "-cat", "--camera", "nikon", "--limit", "5", "--json")
    command = json.loads(done.stdout)
    with TestClient(create_app(filtered), base_url="http://localhost") as client:
        asked = {"q": "animal -cat", "camera": "nikon", "limit": 5, "sort": "newest"}
        answer = client.get("/api/facets", params=asked)
        wrong = client.get("/api/facets", params={"camera": "nikkon"})
    assert answer.status_code == 200 and answer.json() == command
    FacetsAnswer.model_validate(answer.json(), strict=True, extra="forbid")
    assert wrong.status_code == 400
    counted = filtered.facets("animal -cat", filters={"camera": "nikon"}, most=5)
    assert [one["value"] for one in command["months"]] == [one.value for one in counted.months]
    assert command["photos"] == counted.photos == sum(one["photos"] for one in command["years"])


def test_the_command_prints_a_line_for_each_count(filtered, filtered_url):
    done = run(filtered_url, "animal", "--limit", "1")
    counted = filtered.facets("animal", most=1)
    lines = done.stdout.splitlines()
    assert lines[0] == f"{counted.photos} photos"
    for name in ("years", "months", "cameras", "folders", "formats"):
        start = lines.index(f"{name}:") + 1
        shown = [tuple(line.split(None, 1)) for line in lines[start:]]
        for place, one in enumerate(getattr(counted, name)):
            assert shown[place] == (str(one.photos), one.value)
    assert any(line.endswith("without a camera") for line in lines)
    assert "  and 1 more: see --limit" in lines


def test_the_command_tells_what_is_wrong_in_one_line(filtered_url):
    for words in (["--camera", "nikkon"], ["in:someday"]):
        done = run(filtered_url, *words)
        assert done.exit_code == 1 and done.stderr.count("\n") == 1, done.stderr
    assert run(filtered_url, "--nonsense").exit_code == 2
    unknown = run(filtered_url, "catt")
    assert unknown.exit_code == 0 and "I do not know 'catt'" in unknown.stderr
    assert unknown.stdout == "0 photos\n"
