"""Completions over HTTP: what photos show comes first, and how many photos do is told."""

import pytest

PREFIXES = ("c", "ca", "co", "ro", "f")


def completed(client, words, limit=10):
    answer = client.get("/api/suggest", params={"q": words, "limit": limit})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_count_is_what_the_search_finds(client):
    photos = {}
    for prefix in PREFIXES:
        answer = completed(client, prefix)
        assert set(answer["photos"]) <= set(answer["suggestions"])
        photos |= answer["photos"]
    assert any(photos.values())
    for words, count in photos.items():
        assert client.get("/api/search", params={"q": words}).json()["likely"] == count, words


@pytest.mark.parametrize("prefix", PREFIXES)
def test_what_finds_nothing_comes_last(client, prefix):
    answer = completed(client, prefix)
    found = [answer["photos"].get(words) != 0 for words in answer["suggestions"]]
    assert found == sorted(found, reverse=True)


def test_what_photos_show_comes_before_commoner_words(client):
    answer = completed(client, "ca", 20)
    learned = {one["word"] for one in client.get("/api/words").json()["words"]}  # by other tests
    assert next(one for one in answer["suggestions"] if one not in learned) == "cat"
    assert answer["photos"]["cat"] == 1


def test_a_guess_has_no_count_and_comes_after_names(client):
    answer = completed(client, "gra", 60)
    assert "grass" in answer["suggestions"]  # a word without a label
    assert "grass" not in answer["photos"]
    learned = {one["word"] for one in client.get("/api/words").json()["words"]}  # by other tests
    others = [words for words in answer["suggestions"] if words not in learned]
    names = [words for words in others if answer["photos"].get(words)]
    assert others[: len(names)] == names


def test_words_beside_others_are_not_counted(client):
    answer = completed(client, "coffee on ca")
    assert "coffee on cat" in answer["suggestions"]
    assert answer["photos"] == {}


def test_learned_words_come_first_and_are_counted_anew(sqlite_client, ids):
    before = completed(sqlite_client, "qua")
    sqlite_client.post("/api/words/quagmirecat/examples", json={"good": [ids["chelsea.png"]]})
    answer = completed(sqlite_client, "qua")
    assert answer["suggestions"][0] == "quagmirecat" not in before["suggestions"]
    likely = sqlite_client.get("/api/search", params={"q": "quagmirecat"}).json()["likely"]
    assert answer["photos"]["quagmirecat"] == likely > 0
    # The same word is taught again: no name is new, but what it finds is.
    others = [id for name, id in ids.items() if name != "chelsea.png"]
    sqlite_client.post("/api/words/quagmirecat/examples", json={"good": others})
    now = sqlite_client.get("/api/search", params={"q": "quagmirecat"}).json()["likely"]
    assert completed(sqlite_client, "qua")["photos"]["quagmirecat"] == now > likely


def test_nothing_is_completed_without_a_library_but_words(serve, tmp_path):
    answer = completed(serve(url=f"sqlite:///{tmp_path}/none.db"), "zeb")
    assert "zebra" in answer["suggestions"]
    assert answer["photos"] == {}
