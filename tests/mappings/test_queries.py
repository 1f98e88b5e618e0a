"""docs/queries.md: every query runs as printed, and finds what is there."""

import json
import re
import secrets
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from elasticsearch import ApiError, BadRequestError

from indexer import imagenet
from indexer.imagenet.ancestors import add_up
from indexer.kinds import Order
from indexer.queries import Query
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
        buckets = self.answers[-1]["aggregations"][name]["buckets"]
        if isinstance(buckets, dict):  # of filters, which have names
            return buckets
        return {one["key"]: one for one in buckets}

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
            variables["vector"] = source_of(library, variables["photo"])["vector"]
        head, _, body = fill(query, variables).partition("\n")
        method, path = head.split(" ")
        answers.append(library.ask(method, path, json.loads(body) if body else None))
        variables |= kept(answers[-1])
    return Asked(answers, library)


def source_of(library, id):
    return library.ask("GET", f"photos/_doc/{id}?_source_includes=*")["_source"]


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
    assert len(source["labels"]) == 50
    assert len(source["neighbours"]) == 14 and source["camera"] == "Canon EOS 5D"


def photos_by_label_with_a_least_probability(asked):
    with closing(open_store(asked.library.url)) as store:
        photos = {photo.id: dict((x.wnid, x.probability) for x in photo.labels)
                  for photo in store.photos.scan()}  # fmt: skip
    (bound,) = re.findall(
        r'"min_score": (.*),', sections()["Photos by label with a least probability"][0]
    )
    assert float(bound) == imagenet.quantise(np.float32([0.3]))[0]
    expected = {id: p[TIGER_CAT] for id, p in photos.items() if p.get(TIGER_CAT, 0) >= float(bound)}
    assert dict(zip(asked.ids, asked.scores, strict=True)) == pytest.approx(expected)
    assert asked.photo("chelsea") in expected


def photos_by_their_first_label(asked):
    assert asked.ids == [asked.photo("coffee")]


def all_labels_under_an_ancestor(asked):
    printed = set(re.findall(r"n0212\d{4}", sections()["All labels under an ancestor"][0]))
    assert printed == set(load_tree().below(CAT)) & set(imagenet.classes())
    assert asked.ids == [asked.photo("chelsea")] and asked.scores[0] > 0.5


def photos_of_an_ancestor_with_a_least_probability(asked):
    expected = {id: p for id, p in sums(asked, "n00015388").items() if p >= 0.5}
    assert dict(zip(asked.ids, asked.scores, strict=True)) == pytest.approx(expected)
    assert asked.photo("chelsea") in expected


def photos_by_the_name_of_an_ancestor(asked):
    animals, dogs = (
        {id for id, p in sums(asked, one).items() if p >= 0.5} for one in ("n00015388", "n02084071")
    )
    assert set(asked.ids) == animals - dogs and asked.photo("chelsea") in asked.ids


def photos_of_two_ancestors_at_once(asked):
    one, other = sums(asked, "n04524313"), sums(asked, "n03051540")
    both = {id: one[id] + other[id] for id in one if min(one[id], other[id]) >= 0.05}
    assert dict(zip(asked.ids, asked.scores, strict=True)) == pytest.approx(both)
    assert asked.photo("astronaut") in both


def from_wide_to_narrow(asked):
    found = asked.buckets("ancestors")
    assert found["animal"]["doc_count"] >= found["feline"]["doc_count"] >= 1
    assert {one["key"] for one in found["feline"]["labels"]["buckets"]} >= {"tiger cat"}


def ancestors_by_month_of_capture(asked):
    months = {one["key_as_string"][:7]: one for one in asked.buckets("months").values()}
    found = {one["key"] for one in months["2023-05"]["ancestors"]["buckets"]}
    assert "animal" in found and found <= {"animal", "vehicle", "food"}


def sums(asked, ancestor):
    """Id of a photo -> what its labels add up to under an ancestor."""
    with closing(open_store(asked.library.url)) as store:
        labels = {photo.id: dict(photo.labels) for photo in store.photos.scan()}
    return {id: add_up(some).get(ancestor, 0.0) for id, some in labels.items()}


def what_magpie_search_sends(asked):
    chelsea, *others = asked.scores
    assert asked.ids[0] == asked.photo("chelsea") and chelsea > 2.2
    assert others == sorted(others, reverse=True) and all(0 < score < 1 for score in others)


def photos_near_a_photo_by_knn(asked):
    assert len(asked.ids) == 10 and asked.ids[0] == asked.photo("chelsea")
    assert asked.scores[0] == pytest.approx(1, abs=1e-3)  # of vectors that are float16 numbers
    stored = source_of(asked.library, asked.photo("chelsea"))
    near = [(near["id"], pytest.approx((1 + near["cosine"]) / 2, abs=1e-3))
            for near in stored["neighbours"][:9]]  # fmt: skip
    assert list(zip(asked.ids, asked.scores, strict=True))[1:] == near


def a_label_and_knn_together(asked):
    assert asked.ids[0] == asked.photo("chelsea")
    assert asked.scores[0] == pytest.approx(1 + 2 * probability(asked, "chelsea"), abs=1e-3)
    for hit in asked.answers[-1]["hits"]["hits"][1:]:
        assert 0 < hit["_score"] < asked.scores[0]


def probability(asked, name):
    return source_of(asked.library, asked.photo(name))["labels"][TIGER_CAT]


def photos_near_a_photo_by_its_id(asked):
    photos_near_a_photo_by_knn(asked)


def labels_a_filter_and_knn_in_one(asked):
    scores = dict(zip(asked.ids, asked.scores, strict=True))
    source = source_of(asked.library, asked.photo("chelsea"))
    labels = source["labels"].get("n02123045", 0) + 2 * source["labels"][TIGER_CAT]
    assert asked.ids[0] == asked.photo("chelsea") and len(scores) == 10
    assert scores[asked.photo("chelsea")] == pytest.approx(1 + labels, abs=1e-3)
    for near in source["neighbours"][:3]:  # for them as well, both add up
        held = source_of(asked.library, near["id"])["labels"]
        labels = held.get("n02123045", 0) + 2 * held.get(TIGER_CAT, 0)
        expected = (1 + near["cosine"]) / 2 + labels
        assert scores[near["id"]] == pytest.approx(expected, abs=1e-3)


def different_photos_to_judge(asked):
    near = source_of(asked.library, asked.photo("chelsea"))["neighbours"]
    nearest = [asked.photo("chelsea"), *(one["id"] for one in near)]
    assert len(asked.ids) == 10 and asked.ids[0] == nearest[0]
    assert likeness(asked, asked.ids[:4]) < likeness(asked, nearest[:4])


def likeness(asked, ids):
    vectors = np.array([source_of(asked.library, id)["vector"] for id in ids])
    return (vectors @ vectors.T)[np.triu_indices(len(ids), 1)].mean()


def neighbours_of_a_photo(asked):
    near = asked.answers[0]["_source"]["neighbours"]
    assert [one["cosine"] for one in near] == sorted((x["cosine"] for x in near), reverse=True)
    assert len(near) == 14 and set(asked.ids) == {one["id"] for one in near}


def labels_by_month_of_capture(asked):
    months = {one["key_as_string"][:7]: one for one in asked.buckets("months").values()}
    assert months["2023-05"]["doc_count"] == 2 and months.keys() == {"2023-05", "2024-01"}
    assert {x["key"] for x in months["2023-05"]["labels"]["buckets"]} >= {"espresso"}


def photos_by_month_camera_and_format(asked):
    answer = asked.answers[0]
    found = {id for id, p in sums(asked, "n00021939").items() if p >= 0.5}
    assert answer["hits"]["total"]["value"] == len(found)
    with closing(open_store(asked.library.url)) as store:
        photos = [photo for photo in store.photos.scan() if photo.id in found]
    months = {one["key_as_string"]: one["doc_count"] for one in asked.buckets("months").values()}
    assert months == Counter(p.captured[:7] for p in photos if p.captured) and months
    undated = answer["aggregations"]["undated"]
    assert undated["doc_count"] == sum(photo.captured is None for photo in photos) > 0
    assert sum(one["doc_count"] for one in undated["months"]["buckets"]) == undated["doc_count"]
    cameras = {key: one["doc_count"] for key, one in asked.buckets("cameras").items()}
    assert cameras == Counter(photo.camera for photo in photos if photo.camera)
    assert sum(cameras.values()) + answer["aggregations"]["nameless"]["doc_count"] == len(photos)
    assert sum(one["doc_count"] for one in asked.buckets("formats").values()) == len(photos)


def photos_near_a_position(asked):
    assert asked.ids == [asked.photo("chelsea")]
    (hit,) = asked.answers[0]["hits"]["hits"]
    assert hit["_source"]["place"] == "Lisbon, Lisbon, Portugal" and hit["sort"][0] < 1
    assert hit["_source"]["location"] == {"lat": 38.713911, "lon": -9.139422}


def where_photos_were_taken(asked):
    counts = {key: one["doc_count"] for key, one in asked.buckets("places").items()}
    assert counts == {"Lisbon, Lisbon, Portugal": 1, "Porto, Porto, Portugal": 1}
    assert asked.answers[0]["aggregations"]["placeless"]["doc_count"] == 13
    assert sorted(one["doc_count"] for one in asked.buckets("map").values()) == [1, 1]


def photos_of_some_folders(asked):
    counts = {k: v["doc_count"] for k, v in asked.buckets("folders").items()}
    with closing(open_store(asked.library.url)) as store:
        facets = store.ranking.facets(Query(order=Order.NEWEST, everything=True))
    ((name, count),) = facets.folders.items()
    assert Path(name).name.startswith("photographs")
    assert counts == {"holiday and all in it": 0, "photographs alone": count}


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


def new_titles():
    """The sections that 8.19 cannot answer."""
    part = TEXT.split("## With Elasticsearch 9.5\n")[1].split("\n## ")[0]
    return set(re.findall(r"^### (.+)$", part, re.MULTILINE))


def is_old(library):
    (node,) = library.ask("GET", "_nodes")["nodes"].values()
    return node["version"].startswith("8.")


@pytest.mark.parametrize("title", sections())
def test_a_query_answers_as_the_document_says(taught, title):
    if title in new_titles() and is_old(taught):
        with pytest.raises(BadRequestError):
            run(taught, sections()[title])
        return
    check_of(title)(run(taught, sections()[title]))


@pytest.mark.parametrize(
    ("named", "body"),
    [
        ("rrf", {"retriever": {"rrf": {"retrievers": []}}}),
        ("linear", {"retriever": {"linear": {"retrievers": []}}}),
        ("semantic", {"query": {"semantic": {"field": "labels", "query": "cat"}}}),
        ("sparse_vector", {"query": {"sparse_vector": {"field": "labels", "query_vector": {}}}}),
    ],
)
def test_a_server_without_x_pack_does_not_know_what_the_document_says(taught, named, body):
    assert f"`{named}`" in TEXT
    with pytest.raises(BadRequestError, match=rf"unknown (retriever|query) \[{named}\]"):
        taught.ask("POST", "photos/_search", body)


def test_a_server_without_x_pack_has_neither_esql_nor_semantic_text_nor_bbq_disk(taught):
    assert all(f"`{name}`" in TEXT for name in ("POST _query", "semantic_text", "bbq_disk"))
    with pytest.raises(ApiError, match="_query"):
        taught.ask("POST", "_query", {"query": "FROM photos"})
    name = f"magpie-test-{secrets.token_hex(6)}"
    properties = {"text": {"type": "semantic_text"}}
    with pytest.raises(BadRequestError, match="semantic_text"):
        taught.ask("PUT", name, {"mappings": {"properties": properties}})
    if is_old(taught):
        return
    vector = {"type": "dense_vector", "dims": 64, "index_options": {"type": "bbq_disk"}}
    taught.ask("PUT", name, {"mappings": {"properties": {"vector": vector}}})
    with pytest.raises(ApiError, match="license is non-compliant"):
        taught.ask("PUT", f"{name}/_doc/1", {"vector": [0.125] * 64})
    taught.ask("DELETE", name)


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
