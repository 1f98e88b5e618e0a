"""docs/queries.md: every query runs as printed, and finds what is there."""

import json
import re
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from indexer import imagenet
from indexer.stores import open_store
from search.commands import main
from search.library import open_library
from search.words.tree import load_tree

TEXT = (Path(__file__).parents[2] / "docs" / "queries.md").read_text("utf-8")
TIGER_CAT = "n02123159"
CAT = "n02121808"


@dataclass
class Asked:
    """What the queries of a section answered, and the library they were asked of."""

    answers: list
    library: object

    @property
    def ids(self):
        return [hit["_id"] for hit in self.answers[-1]["hits"]["hits"]]

    @property
    def scores(self):
        return [hit["_score"] for hit in self.answers[-1]["hits"]["hits"]]

    def buckets(self, name):
        return {one["key"]: one for one in self.answers[-1]["aggregations"][name]["buckets"]}

    def photo(self, name):
        return self.library.ids[name]


def sections():
    """Title -> the blocks below it."""
    parts = re.split(r"^### (.+)\n", TEXT, flags=re.MULTILINE)[1:]
    blocks = [re.findall(r"```console\n(.*?)```", text, re.DOTALL) for text in parts[1::2]]
    return {
        title.replace("`", ""): queries for title, queries in zip(parts[::2], blocks, strict=True)
    }


def fill(text, variables):
    """Put variables in as Kibana's console does: quotes go away around what is not text."""
    for name, value in variables.items():
        if not isinstance(value, str):
            text = text.replace(f'"${{{name}}}"', json.dumps(value))
        text = text.replace(f"${{{name}}}", str(value))
    return text


def run(library, queries):
    variables = {"photo": library.ids["chelsea"]}
    answers = []
    for query in queries:
        if "${vector}" in query and "vector" not in variables:
            source = library.ask("GET", f"photos/_doc/{variables['photo']}")["_source"]
            variables["vector"] = source["vector"]
        head, _, body = fill(query, variables).partition("\n")
        method, path = head.split(" ")
        answers.append(library.ask(method, path, json.loads(body) if body else None))
        variables |= kept(answers[-1])
    return Asked(answers, library)


def kept(answer):
    """What a section tells to put into variables."""
    found = answer.get("aggregations", {})
    if found.keys() >= {"shown", "good"}:
        return {"found": [b["key"] for name in ("shown", "good") for b in found[name]["buckets"]]}
    return {}


# --- what each section must find


def everything_known_about_a_photo(asked):
    source = asked.answers[0]["_source"]
    assert source["id"] == asked.photo("chelsea") and "vector" not in source
    assert len(source["neighbours"]) == 14 and source["camera"] == "Canon EOS 5D"


def photos_by_label_with_a_least_probability(asked):
    with closing(open_store(asked.library.url)) as store:
        photos = {photo.id: dict((x.wnid, x.probability) for x in photo.labels)
                  for photo in store.photos.scan()}  # fmt: skip
    expected = {id: p[TIGER_CAT] for id, p in photos.items() if p.get(TIGER_CAT, 0) >= 0.3}
    assert dict(zip(asked.ids, asked.scores, strict=True)) == pytest.approx(expected)
    assert asked.photo("chelsea") in expected


def photos_by_their_first_label(asked):
    assert asked.ids == [asked.photo("coffee")]


def all_labels_under_an_ancestor(asked):
    printed = set(re.findall(r"n0212\d{4}", sections()["All labels under an ancestor"][0]))
    assert printed == set(load_tree().below(CAT)) & set(imagenet.classes())
    assert asked.ids == [asked.photo("chelsea")] and asked.scores[0] > 0.5


def what_magpie_search_sends(asked):
    chelsea, *others = asked.scores
    assert asked.ids[0] == asked.photo("chelsea") and chelsea > 2.2
    assert others == sorted(others, reverse=True) and all(0 < score < 1 for score in others)


def photos_near_a_photo_by_knn(asked):
    assert len(asked.ids) == 10 and asked.ids[0] == asked.photo("chelsea")
    assert asked.scores[0] == pytest.approx(1)
    stored = asked.library.ask("GET", f"photos/_doc/{asked.photo('chelsea')}")["_source"]
    near = [(near["id"], pytest.approx((1 + near["cosine"]) / 2, abs=1e-3))
            for near in stored["neighbours"][:9]]  # fmt: skip
    assert list(zip(asked.ids, asked.scores, strict=True))[1:] == near


def a_label_and_knn_together(asked):
    assert asked.ids[0] == asked.photo("chelsea")
    assert asked.scores[0] == pytest.approx(1 + 2 * probability(asked, "chelsea"), abs=1e-3)
    for hit in asked.answers[-1]["hits"]["hits"][1:]:
        assert 0 < hit["_score"] < asked.scores[0]


def probability(asked, name):
    source = asked.library.ask("GET", f"photos/_doc/{asked.photo(name)}")["_source"]
    return source["labels"][TIGER_CAT]


def neighbours_of_a_photo(asked):
    near = asked.answers[0]["_source"]["neighbours"]
    assert [one["cosine"] for one in near] == sorted((x["cosine"] for x in near), reverse=True)
    assert len(near) == 14 and set(asked.ids) == {one["id"] for one in near}


def labels_by_month_of_capture(asked):
    months = {one["key_as_string"][:7]: one for one in asked.buckets("months").values()}
    assert months["2023-05"]["doc_count"] == 2 and months.keys() == {"2023-05", "2024-01"}
    assert {x["key"] for x in months["2023-05"]["labels"]["buckets"]} >= {"espresso"}


def photos_without_a_time_of_capture(asked):
    assert asked.photo("moon") in asked.ids and asked.photo("chelsea") not in asked.ids


def how_large_photos_of_each_format_are(asked):
    (jpeg,) = asked.buckets("formats").values()
    assert (jpeg["key"], jpeg["doc_count"]) == ("jpeg", 15)
    assert jpeg["bytes"]["min"] > 1000 and jpeg["widest"]["value"] == 1411


def files_that_could_not_be_read(asked):
    (hit,) = asked.answers[0]["hits"]["hits"]
    assert hit["_source"]["path"].endswith("broken.jpg") and hit["_source"]["reason"]


def photos_most_often_voted_good(asked):
    votes = {key: one["doc_count"] for key, one in asked.buckets("photos").items()}
    assert votes.pop(asked.photo("chelsea")) == 2 and votes.pop(asked.photo("coffee")) == 2
    assert votes.pop(asked.photo("moon")) == 1 and list(votes.values()) == [1]  # an upload


def photos_nobody_found_yet(asked):
    found = {asked.photo(name) for name in ("chelsea", "moon", "grass", "coffee")}
    assert set(asked.ids) <= set(asked.library.ids.values()) - found
    assert asked.answers[-1]["hits"]["total"]["value"] == 11


def good_and_bad_clicks_by_user(asked):
    clicks = {k: (v["good"]["value"], v["bad"]["value"]) for k, v in asked.buckets("users").items()}
    assert clicks == {"ann": (2, 3), "bob": (1, 0)}


def good_and_bad_clicks_by_query(asked):
    found = asked.buckets("queries")
    clicks = {k: (v["good"]["value"], v["bad"]["value"]) for k, v in found.items()}
    assert clicks == {"cat": (2, 1), "drink": (1, 2)}


def words_learned_this_week(asked):
    words = {hit["_source"]["word"]: hit["_source"] for hit in asked.answers[0]["hits"]["hits"]}
    assert words.keys() == {"cat", "drink", "zorbla", "wuggle"}
    assert words["zorbla"]["uploads"] == 1 and words["wuggle"]["examples"] == [asked.photo("moon")]


def how_a_word_came_about(asked):
    (event,) = [hit["_source"] for hit in asked.answers[0]["hits"]["hits"]]
    assert (event["kind"], event["user"]) == ("teach", "bob") and len(event["good"]) == 2


def unfamiliar_words_by_how_often_they_were_asked(asked):
    counts = {key: one["doc_count"] for key, one in asked.buckets("words").items()}
    assert counts == {"griffox": 2, "nessy": 1}


def searches_that_found_nothing(asked):
    queries = {hit["_source"]["query"] for hit in asked.answers[0]["hits"]["hits"]}
    assert queries == {"griffox", "griffox nessy"}


def how_long_searches_take(asked):
    days = asked.buckets("days").values()
    assert sum(day["doc_count"] for day in days) == 5
    assert all(day["milliseconds"]["values"]["95.0"] > 0 for day in days)


def check_of(title):
    return globals()[re.sub(r"\W+", "_", title.lower()).strip("_")]


@pytest.mark.parametrize("title", sections())
def test_a_query_answers_as_the_document_says(taught, title):
    check_of(title)(run(taught, sections()[title]))


def test_there_are_enough_queries_and_each_is_checked():
    assert len(sections()) >= 15
    assert all(queries and check_of(title) for title, queries in sections().items())


# --- magpie search --explain-query


def magpie(*words):
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.mark.parametrize(
    "words", [["cat"], ["drink"], ["zorbla"], ["animal", "-cat"], ["cat", "--like", "chelsea"]]
)
def test_the_printed_query_finds_the_ids_of_the_command_in_their_order(taught, words):
    words = [taught.ids.get(word, word) for word in words]
    head, _, body = magpie("search", *words, "--store", taught.url, "--explain-query").partition(
        "\n"
    )
    assert head == "GET photos/_search"
    answer = taught.ask("GET", "photos/_search", json.loads(body))
    found = [(hit["_id"], hit["_score"]) for hit in answer["hits"]["hits"]]
    hits = json.loads(magpie("search", *words, "--store", taught.url, "--json"))["hits"]
    assert len(hits) > 0
    assert [id for id, _ in found] == [hit["id"] for hit in hits]
    assert [score for _, score in found] == pytest.approx([hit["score"] for hit in hits], rel=1e-6)


def test_the_limit_is_in_the_query_and_json_is_one_document(taught):
    printed = magpie(
        "search", "animal", "--limit", "3", "--store", taught.url, "--explain-query", "--json"
    )
    request = json.loads(printed)
    assert request["index"] == "photos" and request["body"]["size"] == 3


def test_explaining_is_no_search(taught):
    with open_library(taught.url) as library:
        before = library.demand().searches
    magpie("search", "cat", "--store", taught.url, "--explain-query")
    with open_library(taught.url) as library:
        assert library.demand().searches == before


def test_a_word_that_nobody_knows_sends_no_query(taught):
    done = CliRunner().invoke(main, ["search", "griffox", "--store", taught.url, "--explain-query"])
    assert done.exit_code == 1
    assert done.stderr.count("\n") == 1 and "griffox" in done.stderr and "teach" in done.stderr


def test_sqlite_has_no_query_to_show(indexed_photos):
    url = f"sqlite:///{indexed_photos}/photos.db"
    done = CliRunner().invoke(main, ["search", "cat", "--store", url, "--explain-query"])
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1 and "--store http://" in done.stderr
