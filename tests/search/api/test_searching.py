"""Searching over HTTP: the answer is the command's, and tells the page all it shows."""

import json
import shutil
from dataclasses import replace

import pytest
from api_answers import found, names
from click.testing import CliRunner

from indexer.stores import open_store
from search.commands import main


def test_a_search_answers_as_the_command_does(client, sqlite_url):
    done = CliRunner().invoke(main, ["search", "cat", "--json", "--store", sqlite_url])
    command, answer = json.loads(done.stdout), found(client, q="cat")
    for field in ("query", "familiar", "suggestions"):
        assert answer[field] == command[field]
    assert [hit["id"] for hit in answer["hits"]] == [hit["id"] for hit in command["hits"]]
    for ours, theirs in zip(answer["hits"], command["hits"], strict=True):
        shown = ("path", "width", "height", "colour", "duration")
        assert {name: ours[name] for name in shown} == {name: theirs[name] for name in shown}
        assert ours["score"] == pytest.approx(theirs["score"])
    for ours, theirs in zip(answer["words"], command["words"], strict=True):
        assert {name: ours[name] for name in ("word", "meaning", "kind", "weight", "labels")} == {
            name: theirs[name] for name in ("word", "meaning", "kind", "weight", "labels")
        }


def test_a_film_tells_its_length_and_a_damaged_file_that_it_is(serve, tmp_path, indexed_photos):
    shutil.copy(indexed_photos / "photos.db", tmp_path)
    url = f"sqlite:///{tmp_path}/photos.db"
    store = open_store(url)
    film = next(store.photos.scan())
    assert store.photos.put([replace(film, damaged=True, duration=42.5)]) == []
    store.close()
    client = serve(url=url)
    told = client.get(f"/api/photos/{film.id}").json()
    assert (told["damaged"], told["duration"]) == (True, 42.5)
    random = client.get("/api/photos/random").json()["hits"]
    near = client.get(f"/api/photos/{random[0]['id']}/similar").json()["hits"]
    ranked = found(client, q="cat", like=film.id)["hits"]
    for hits in (random, near, ranked):
        assert {hit["duration"] for hit in hits if hit["id"] == film.id} <= {42.5}
        assert {hit["duration"] for hit in hits if hit["id"] != film.id} == {None}
    assert film.id in [hit["id"] for hit in ranked]


def test_words_that_are_too_common_are_called_so(client):
    asked = ("the", "in my", "the cat", "zorblax", "")
    assert [found(client, q=words)["common"] for words in asked] == [True, True, *[False] * 3]


def test_reasons_add_up_to_the_score(client):
    for hit in found(client, q="cat")["hits"]:
        assert sum(reason["score"] for reason in hit["reasons"]) == pytest.approx(hit["score"])


def test_offset_goes_on_where_the_page_before_ended(client):
    whole = found(client, q="cat", limit=10)["hits"]
    pages = [found(client, q="cat", limit=3, offset=start)["hits"] for start in (0, 3, 6)]
    assert [hit for page in pages for hit in page] == whole[:9]


def test_a_part_that_is_switched_off_counts_as_if_it_were_not_there(client):
    only = found(client, q="cat")
    answer = found(client, q="cat rocket", without="rocket")
    assert answer["hits"] == only["hits"]
    assert [(part["part"], part["off"]) for part in answer["words"]] == [
        ("cat", False),
        ("rocket", True),
    ]
    assert answer["words"][1]["names"]  # still tells what it would mean


def test_an_excluded_part_is_switched_off_by_its_minus(client):
    assert "chelsea.png" not in names(found(client, q="coffee -cat")["hits"])
    answer = found(client, q="coffee -cat", without="-cat")
    assert answer["hits"] == found(client, q="coffee")["hits"]


def test_with_all_parts_switched_off_nothing_is_found(client):
    answer = found(client, q="cat", without="cat")
    assert (answer["hits"], answer["familiar"], answer["learning"]) == ([], False, None)


def test_like_ranks_by_a_photo_of_the_library(client, ids):
    answer = found(client, like=ids["chelsea.png"])
    assert answer["hits"][0]["id"] == ids["chelsea.png"]
    assert answer["like"]["in_library"]
    assert answer["hits"][0]["reasons"][0]["kind"] == "similar"


def test_an_upload_that_the_library_has_is_that_photo(client, ids, free_photos):
    (cat,) = [photo for photo in free_photos if photo.name == "chelsea.png"]
    answer = client.post("/api/search/image", files={"file": ("x.png", cat.read_bytes())}).json()
    assert answer["like"] == {
        "id": ids["chelsea.png"],
        "name": answer["hits"][0]["path"],
        "in_library": True,
    }
    assert answer["hits"][0]["id"] == ids["chelsea.png"]


def test_an_upload_is_searched_further_by_its_id(client, outside):
    form = {"q": "cat", "limit": "4"}
    first = client.post("/api/search/image", files={"file": ("a.jpg", outside)}, data=form).json()
    assert not first["like"]["in_library"]
    whole = found(client, q="cat", like=first["like"]["id"], limit=8)
    assert whole["hits"][:4] == first["hits"]
    rest = found(client, q="cat", like=first["like"]["id"], limit=4, offset=4)
    assert rest["hits"] == whole["hits"][4:]


def test_completion_goes_on_from_the_last_words(client):
    assert "zebra" in client.get("/api/suggest", params={"q": "zeb"}).json()["suggestions"]
    both = client.get("/api/suggest", params={"q": "cat on zeb"}).json()["suggestions"]
    assert "cat on zebra" in both
    nothing = {"suggestions": [], "photos": {}}
    assert client.get("/api/suggest").json() == nothing
    for words in ("puppy on", "cat with the"):
        assert client.get("/api/suggest", params={"q": words}).json() == nothing


def test_similar_photos_are_those_of_the_command(client, sqlite_url, ids):
    done = CliRunner().invoke(
        main, ["similar", ids["coffee.png"], "--limit", "5", "--json", "--store", sqlite_url]
    )
    command = json.loads(done.stdout)["hits"]
    answer = client.get(f"/api/photos/{ids['coffee.png']}/similar", params={"limit": 5}).json()
    assert [hit["id"] for hit in answer["hits"]] == [hit["id"] for hit in command]
    assert [hit["score"] for hit in answer["hits"]] == [hit["score"] for hit in command]


def test_random_photos_of_a_seed_come_once_each(client, ids):
    pages = [
        client.get("/api/photos/random", params={"seed": 5, "limit": 4, "offset": start}).json()
        for start in range(0, 20, 4)
    ]
    seen = [hit["id"] for page in pages for hit in page["hits"]]
    assert sorted(seen) == sorted(ids.values())
    other = client.get("/api/photos/random", params={"seed": 6, "limit": 15}).json()["hits"]
    assert [hit["id"] for hit in other] != seen


def test_filters_are_parameters_and_stand_in_the_words(client):
    everything = found(client, sort="newest", limit=1000)["hits"]
    given = found(client, format="jpg", sort="newest", limit=1000)
    written = found(client, q="format:jpg", limit=1000)
    assert given["hits"] == written["hits"] and 0 < len(given["hits"]) < len(everything)
    assert given["filters"] == [
        {
            "part": "format:jpg",
            "kind": "format",
            "value": "jpg",
            "text": "format:jpg",
            "negative": False,
            "meaning": "format jpeg",
            "off": False,
        }
    ]
    others = found(client, q="-format:jpg", limit=1000)["hits"]
    ids = {hit["id"] for hit in everything}
    assert {hit["id"] for hit in [*given["hits"], *others]} == ids
    assert len(given["hits"]) + len(others) == len(everything)
    off = found(client, q="cat format:jpg", without="format:jpg")
    assert off["hits"] == found(client, q="cat")["hits"] and off["filters"][0]["off"]


def test_filters_that_make_no_sense_are_bad_values(client):
    for wrong, why in (
        ({"after": "2019-02-30"}, "no day '2019-02-30'"),
        ({"after": "2020", "before": "2019"}, "both after:2020 and before:2019"),
        ({"q": "in:someday"}, "'someday' is not a date"),
        ({"folder": "no such folder"}, "folder:no such folder: no photo"),
        ({"camera": ["qwertz"]}, "camera:qwertz: no photo"),
        ({"format": "docx"}, "no format 'docx'"),
    ):
        refused = client.get("/api/search", params=wrong)
        message = refused.json()["error"]["message"]
        assert refused.status_code == 400 and why in message and "\n" not in message


def test_an_answer_counts_its_likely_photos_and_leaves_the_others_out_on_demand(
    client, free_photos
):
    whole = found(client, q="cat", limit=100)
    marks = [hit["likely"] for hit in whole["hits"]]
    count = whole["likely"]
    assert 0 < count < len(marks) and marks == [True] * count + [False] * (len(marks) - count)
    assert found(client, q="cat", limit=1, offset=3)["likely"] == count  # whichever page
    alone = found(client, q="cat", limit=100, likely=True)
    assert alone["likely"] == count and alone["hits"] == whole["hits"][:count]
    assert found(client, q="cat", offset=count, likely=True)["hits"] == []
    newest = found(client, q="cat", likely=True, sort="newest")
    assert {hit["id"] for hit in newest["hits"]} == {hit["id"] for hit in alone["hits"]}
    (cat,) = (path for path in free_photos if path.name == "chelsea.png")
    form = {"file": ("cat.png", cat.read_bytes())}
    alike = client.post("/api/search/image", files=form, data={"likely": "true"}).json()
    assert len(alike["hits"]) == alike["likely"] > 0
    refused = client.post("/api/search/image", files=form, data={"likely": "perhaps"})
    assert refused.status_code == 422


def test_lists_of_similar_and_of_random_photos_call_none_likely(client, ids):
    for route in (f"/api/photos/{ids['chelsea.png']}/similar", "/api/photos/random"):
        assert {hit["likely"] for hit in client.get(route).json()["hits"]} == {None}
    listed = found(client, sort="newest", limit=2)
    assert listed["likely"] == len(ids) and [hit["likely"] for hit in listed["hits"]] == [True] * 2
