"""Searching over HTTP: the answer is the command's, and tells the page all it shows."""

import json

import pytest
from api_answers import found, names
from click.testing import CliRunner

from search.commands import main


def test_a_search_answers_as_the_command_does(client, sqlite_url):
    done = CliRunner().invoke(main, ["search", "cat", "--json", "--store", sqlite_url])
    command, answer = json.loads(done.stdout), found(client, q="cat")
    for field in ("query", "familiar", "suggestions"):
        assert answer[field] == command[field]
    assert [hit["id"] for hit in answer["hits"]] == [hit["id"] for hit in command["hits"]]
    for ours, theirs in zip(answer["hits"], command["hits"], strict=True):
        assert {name: ours[name] for name in ("path", "width", "height", "colour")} == {
            name: theirs[name] for name in ("path", "width", "height", "colour")
        }
        assert ours["score"] == pytest.approx(theirs["score"])
    for ours, theirs in zip(answer["words"], command["words"], strict=True):
        assert {name: ours[name] for name in ("word", "meaning", "kind", "weight", "labels")} == {
            name: theirs[name] for name in ("word", "meaning", "kind", "weight", "labels")
        }


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
    assert client.get("/api/suggest").json() == {"suggestions": []}


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
