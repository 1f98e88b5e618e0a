"""Teaching over HTTP: judging, examples, words, history, undo, export and import."""

import json
import shutil

import pytest
from api_answers import error, found, names

from indexer.stores.events import from_document
from search.library import open_library

LINES = {"content-type": "application/x-ndjson"}
NOTHING_NEW = {"events": 0, "added": [], "words": 0}


def judge(client, query, **photos):
    answer = client.post("/api/feedback", json={"query": query, **photos})
    assert answer.status_code == 200, answer.text
    return answer.json()


def undo(client, done):
    answer = client.delete(f"/api/feedback/{done['event']}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def ranking(client, query):
    return [(hit["id"], hit["score"]) for hit in found(client, q=query)["hits"]]


def test_a_click_changes_the_next_search_and_undo_brings_the_old_one_back(client, ids):
    before = ranking(client, "animal")
    assert ids["grass.png"] in dict(before)  # which labels hardly speak for
    done = judge(client, "animal", good=[ids["moon.png"]], bad=[ids["grass.png"]])
    assert (done["word"], done["good"], done["bad"]) == (
        "animal",
        [ids["moon.png"]],
        [ids["grass.png"]],
    )
    after = found(client, q="animal")
    assert after["hits"][0]["id"] == ids["moon.png"]
    assert "grass.png" not in names(after["hits"])
    assert after["learning"] == {"word": "animal", "good": 1, "bad": 1}
    assert undo(client, done)["undone"] == done["event"]
    assert ranking(client, "animal") == before
    assert found(client, q="animal")["learning"] == {"word": "animal", "good": 0, "bad": 0}


def test_judged_photos_are_marked_in_this_query_only(client, ids):
    done = judge(client, "round thing", good=[ids["moon.png"]])
    marks = {hit["id"]: hit["judged"] for hit in found(client, q="round thing")["hits"]}
    assert marks.pop(ids["moon.png"]) == {"good": 1, "bad": 0}
    assert set(marks.values()) <= {None}
    assert {hit["judged"] for hit in found(client, q="round")["hits"]} <= {None}
    undo(client, done)


def test_a_part_tells_what_it_was_taught(client, ids):
    learned = judge(client, "gizmoid", good=[ids["rocket.jpg"]], bad=[ids["moon.png"]])
    (cat, gizmoid) = found(client, q="cat gizmoid")["words"]
    assert (gizmoid["good"], gizmoid["bad"], gizmoid["kind"]) == (1, 1, "taught")
    assert (cat["good"], cat["bad"]) == (0, 0)
    (_, gizmoid) = found(client, q="cat gizmoid", without="gizmoid")["words"]
    assert (gizmoid["good"], gizmoid["off"]) == (1, True)
    undo(client, learned)
    assert found(client, q="gizmoid")["words"][0]["kind"] == "unfamiliar"


def test_feedback_to_the_word_of_the_answer_is_feedback_to_the_query(client, ids):
    word = found(client, q="Round THINGS -cat")["learning"]["word"]
    done = judge(client, word, good=[ids["moon.png"]])
    assert found(client, q="Round THINGS -cat")["learning"]["good"] == 1
    undo(client, done)


def test_users_are_told_apart(client, ids):
    first = judge(client, "votable", good=[ids["moon.png"]], user="ann")
    second = judge(client, "votable", good=[ids["moon.png"]], user="bob")
    (hit,) = [h for h in found(client, q="votable")["hits"] if h["id"] == ids["moon.png"]]
    assert hit["judged"] == {"good": 2, "bad": 0}
    (word,) = [w for w in client.get("/api/words").json()["words"] if w["word"] == "votable"]
    assert word["users"] == 2
    undo(client, first)
    undo(client, second)


def test_an_uploaded_example_teaches_and_its_thumbnail_is_kept(client, outside):
    files = [("good", ("rose.jpg", outside, "image/jpeg"))]
    answer = client.post("/api/words/uploadword/examples", files=files)
    assert answer.status_code == 200, answer.text
    (id,) = answer.json()["good"]
    (word,) = [w for w in client.get("/api/words").json()["words"] if w["word"] == "uploadword"]
    assert word["examples"] == [{"id": id, "good": True, "in_library": False}]
    assert (word["good"], word["uploads"]) == (1, 1)
    picture = client.get(f"/api/photos/{id}/image?size=320")
    assert picture.headers["content-type"] == "image/jpeg"
    assert client.get(f"/api/photos/{id}/similar").json()["hits"]
    error(client.get(f"/api/photos/{id}/image?download=true"), 404, "not_found")
    assert found(client, q="uploadword")["familiar"]
    assert client.delete("/api/words/uploadword").status_code == 200
    assert not found(client, q="uploadword")["familiar"]


def test_what_is_forgotten_for_good_is_nowhere_any_more(client, ids, outside):
    own = outside + b"which no other test has"
    files = [("good", ("rose.jpg", own, "image/jpeg"))]
    taught = client.post("/api/words/secretword/examples", files=files).json()
    (upload,) = taught["good"]
    judge(client, "secretword", bad=[ids["moon.png"]])
    judge(client, "openword", good=[ids["moon.png"]])
    client.get("/api/search", params={"q": "secretword", "user": "ann"})
    assert "secretword" in client.get("/api/export").text
    answer = client.delete("/api/words/secretword/for-good")
    assert answer.status_code == 200, answer.text
    gone = answer.json()
    assert (gone["word"], gone["events"], gone["examples"]) == ("secretword", 2, 1)
    assert gone["searches"] >= 1
    assert "secretword" not in client.get("/api/export").text
    history = [one["word"] for one in client.get("/api/feedback").json()["events"]]
    assert "openword" in history and "secretword" not in history
    assert "secretword" not in {one["word"] for one in client.get("/api/words").json()["words"]}
    error(client.get(f"/api/photos/{upload}/image?size=320"), 404, "not_found")
    error(client.delete(f"/api/feedback/{taught['event']}"), 400, "bad_value")
    error(client.delete("/api/words/secretword/for-good"), 404, "not_found")
    assert not found(client, q="secretword")["familiar"]


def test_recent_uploads_stay_where_nothing_is_forgotten_for_good(client, outside):
    upload = client.post("/api/search/image", files={"file": ("a.jpg", outside)}).json()["like"]
    error(client.delete("/api/words/neverword/for-good"), 404, "not_found")
    assert client.get("/api/search", params={"like": upload["id"]}).status_code == 200


def test_examples_by_id_may_be_photos_or_recent_uploads(client, ids, outside):
    upload = client.post("/api/search/image", files={"file": ("a.jpg", outside)}).json()["like"]
    body = {"good": [upload["id"], ids["rocket.jpg"]], "bad": [ids["moon.png"]]}
    answer = client.post("/api/words/mixedword/examples", json=body)
    assert answer.status_code == 200, answer.text
    assert answer.json()["good"] == body["good"]
    (word,) = [w for w in client.get("/api/words").json()["words"] if w["word"] == "mixedword"]
    shown = {example["id"]: example for example in word["examples"]}
    assert not shown[upload["id"]]["in_library"]
    assert shown[ids["rocket.jpg"]]["in_library"]
    assert not shown[ids["moon.png"]]["good"]
    undo(client, answer.json())


def test_an_uploaded_photo_of_the_library_is_that_photo(client, ids, free_photos):
    (moon,) = [photo for photo in free_photos if photo.name == "moon.png"]
    files, texts = {"file": ("m.png", moon.read_bytes())}, {"bad": ids["rocket.jpg"]}
    answer = client.post("/api/words/moonish/examples", files=files, data=texts).json()
    assert (answer["good"], answer["bad"]) == ([ids["moon.png"]], [ids["rocket.jpg"]])
    (word,) = [w for w in client.get("/api/words").json()["words"] if w["word"] == "moonish"]
    assert (word["good"], word["bad"], word["uploads"]) == (1, 1, 0)
    undo(client, answer)


def withdraw(client, query, photo):
    return client.delete("/api/feedback", params={"query": query, "photo": photo})


def test_what_was_said_of_a_photo_is_taken_back_without_naming_the_event(client, ids):
    moon, rocket = ids["moon.png"], ids["rocket.jpg"]
    before = ranking(client, "vehicle")
    judge(client, "vehicle", bad=[moon])
    judge(client, "vehicles", good=[moon, rocket])
    assert withdraw(client, "vehicle", moon).status_code == 200
    answer = found(client, q="vehicle")
    assert answer["learning"] == {"word": "vehicle", "good": 1, "bad": 0}
    assert answer["hits"][0]["id"] == rocket
    assert withdraw(client, "vehicle", rocket).json()["word"] == "vehicle"
    assert ranking(client, "vehicle") == before
    error(withdraw(client, "vehicle", rocket), 404, "not_found")


def test_what_was_said_is_taken_back_after_its_word_got_another_name(client, ids):
    judge(client, "oldname", good=[ids["moon.png"]])
    client.patch("/api/words/oldname", json={"rename": "newname"})
    assert withdraw(client, "newname", ids["moon.png"]).status_code == 200
    assert found(client, q="newname")["learning"] == {"word": "newname", "good": 0, "bad": 0}


def test_a_word_is_renamed_merged_and_forgotten_and_all_of_it_undone(client, ids):
    taught = judge(client, "firstname", good=[ids["moon.png"]])
    other = judge(client, "othername", good=[ids["rocket.jpg"]])
    renamed = client.patch("/api/words/firstname", json={"rename": "secondname"}).json()
    assert (renamed["word"], renamed["target"]) == ("firstname", "secondname")
    error(client.patch("/api/words/othername", json={"rename": "secondname"}), 400, "bad_value")
    merged = client.patch("/api/words/othername", json={"merge_into": "secondname"}).json()
    assert found(client, q="secondname")["learning"]["good"] == 2
    undo(client, merged)
    assert found(client, q="secondname")["learning"]["good"] == 1
    forgotten = client.delete("/api/words/secondname").json()
    assert not found(client, q="secondname")["familiar"]
    undo(client, forgotten)
    undo(client, renamed)
    assert found(client, q="firstname")["learning"]["good"] == 1
    undo(client, taught)
    undo(client, other)


def test_the_history_lists_the_newest_first_and_what_was_undone(client, ids):
    before = client.get("/api/feedback").json()["total"]
    done = judge(client, "Historical!", good=[ids["moon.png"]], shown=list(ids.values()))
    taken = undo(client, done)
    answer = client.get("/api/feedback", params={"limit": 2}).json()
    assert answer["total"] == before + 2
    last, first = answer["events"]
    assert (last["id"], last["kind"], last["target"]) == (taken["event"], "undo", done["event"])
    assert (first["id"], first["undone"], first["query"]) == (done["event"], True, "Historical!")
    page = client.get("/api/feedback", params={"limit": 1, "offset": 1}).json()["events"]
    assert page == [first]
    error(client.delete(f"/api/feedback/{done['event']}"), 400, "bad_value")


@pytest.fixture
def fresh(serve, indexed_photos, tmp_path):
    """A client of a separate library in which nothing was taught."""
    shutil.copy(indexed_photos / "photos.db", tmp_path)
    (tmp_path / "photos").symlink_to(indexed_photos / "photos")
    return serve(url=f"sqlite:///{tmp_path}/photos.db"), f"sqlite:///{tmp_path}/photos.db"


def test_what_was_taught_moves_to_another_library(client, fresh, ids, outside):
    taught = judge(client, "movable", good=[ids["moon.png"]], bad=[ids["rocket.jpg"]])
    kept = client.post("/api/words/carried/examples", files={"file": ("a.jpg", outside)}).json()
    exported = client.get("/api/export")
    assert exported.headers["content-type"] == "application/x-ndjson"
    assert "attachment" in exported.headers["content-disposition"]
    events = [from_document(json.loads(line)) for line in exported.text.splitlines()]
    other, url = fresh
    answer = other.post("/api/import", content=exported.content, headers=LINES).json()
    assert answer["events"] == len(events)
    assert {taught["event"], kept["event"]} <= set(answer["added"])
    assert other.post("/api/import", content=exported.content, headers=LINES).json() == NOTHING_NEW
    assert found(other, q="movable")["learning"] == {"word": "movable", "good": 1, "bad": 1}
    assert other.get("/api/export").content == exported.content
    with open_library(url) as library:  # and the commands see it
        assert "movable" in library.vocabulary().lessons
    undo(client, taught)
    undo(client, kept)


@pytest.mark.parametrize(
    "content", [b"text", b"{}", b"[1]", b'{"id": "x"}', b"\xff\xfe", b"[" * 100_000]
)
def test_an_import_that_is_not_an_export_changes_nothing(client, content):
    before = client.get("/api/export").content
    error(client.post("/api/import", content=content, headers=LINES), 400, "bad_value")
    assert client.get("/api/export").content == before


def test_an_empty_import_adds_nothing(client):
    assert client.post("/api/import", content=b"", headers=LINES).json() == NOTHING_NEW


def test_an_import_that_undoes_what_was_there_cannot_be_undone_at_once(client, fresh, ids):
    other, _ = fresh
    own = judge(other, "griffin", good=[ids["moon.png"]])
    content = other.get("/api/export").content
    assert client.post("/api/import", content=content, headers=LINES).json()["added"]
    undo(client, own)
    answer = other.post("/api/import", content=client.get("/api/export").content, headers=LINES)
    assert answer.json()["events"] > 0
    assert answer.json()["added"] == []


def test_an_import_is_undone_at_once(client, fresh, ids, outside):
    taught = judge(client, "carriage", good=[ids["moon.png"]])
    withdrawn = judge(client, "carriage", bad=[ids["rocket.jpg"]])
    kept = client.post("/api/words/coach/examples", files={"file": ("a.jpg", outside)}).json()
    undo(client, withdrawn)
    other, _ = fresh
    own = judge(other, "ownword", good=[ids["moon.png"]])
    content = client.get("/api/export").content
    answer = other.post("/api/import", content=content, headers=LINES).json()
    assert answer["words"] >= 2
    undone = other.post("/api/feedback/undo", json={"events": answer["added"]}).json()
    history = other.get("/api/feedback", params={"limit": 1000}).json()["events"]
    assert {one["id"] for one in history if one["kind"] != "undo" and not one["undone"]} == {
        own["event"]
    }
    before = sum(one["undone"] for one in client.get("/api/feedback").json()["events"])
    assert undone == {"undone": len(answer["added"]) - before}
    assert [word["word"] for word in other.get("/api/words").json()["words"]] == ["ownword"]
    again = other.post("/api/feedback/undo", json={"events": [*answer["added"], "none"]}).json()
    assert again == {"undone": 0}
    for done in (taught, kept):
        undo(client, done)


def test_the_history_is_asked_for_one_word(client, ids):
    judge(client, "pennyfarthing", good=[ids["moon.png"]])
    renamed = client.patch("/api/words/pennyfarthing", json={"rename": "boneshaker"}).json()

    def about(word):
        answer = client.get("/api/feedback", params={"word": word}).json()
        assert answer["total"] == len(answer["events"])
        return [(event["kind"], event["word"]) for event in answer["events"]]

    both = [("rename", "pennyfarthing"), ("click", "pennyfarthing")]
    assert (about("Pennyf"), about("boneshakers"), about("nothere")) == (both, both[:1], [])
    undo(client, renamed)


def test_an_uploaded_example_can_be_taken_away_and_given_back(client, outside):
    first = client.post("/api/words/upagain/examples", files={"file": ("a.jpg", outside)}).json()
    (id,) = first["good"]
    assert withdraw(client, "upagain", id).status_code == 200
    assert client.get(f"/api/photos/{id}/image?size=320").status_code == 200
    again = client.post("/api/words/upagain/examples", json={"good": [id]})
    assert again.status_code == 200, again.text
    (word,) = [w for w in client.get("/api/words").json()["words"] if w["word"] == "upagain"]
    assert word["examples"] == [{"id": id, "good": True, "in_library": False}]
    undo(client, again.json())


@pytest.mark.parametrize(
    "request_",
    [
        {"json": {"good": "x"}},
        {"json": {"gut": []}},
        {"content": b"{"},
        {"files": {"photo": b"x"}},
        {"files": [("good", b"x")] * 21},
    ],
)
def test_examples_of_the_wrong_shape_are_422(sqlite_client, request_):
    error(sqlite_client.post("/api/words/shapeless/examples", **request_), 422, "wrong_shape")


def test_empty_examples_are_400_and_other_files_than_pictures_415(sqlite_client):
    error(sqlite_client.post("/api/words/nothing/examples", json={}), 400, "bad_value")
    files = {"file": ("a.jpg", b"no picture")}
    error(sqlite_client.post("/api/words/nothing/examples", files=files), 415, "not_an_image")


@pytest.mark.parametrize("word", ["%20", "-cat", "the"])
def test_what_is_not_a_word_cannot_be_learned(sqlite_client, ids, word):
    answer = sqlite_client.post(f"/api/words/{word}/examples", json={"good": [ids["moon.png"]]})
    assert answer.status_code in (200, 400)
    if answer.status_code == 200:  # a stop word alone is a word
        undo(sqlite_client, answer.json())


@pytest.mark.parametrize("word", ["<i>bold</b>", "Robert'); DROP TABLE photos;--", '{"a": 1}'])
def test_words_of_any_characters_are_only_words(client, ids, word):
    done = judge(client, word, good=[ids["moon.png"]])
    assert found(client, q=word)["hits"][0]["id"] == ids["moon.png"]
    undo(client, done)


def test_the_history_is_asked_for_a_part_of_a_word_that_is_no_word_itself(client, ids):
    done = judge(client, "menorah lady", good=[ids["moon.png"]])
    for part in ("men", "MEN", "ladies", "orah l"):
        events = client.get("/api/feedback", params={"word": part}).json()["events"]
        assert done["event"] in {event["id"] for event in events}, part
    undo(client, done)
