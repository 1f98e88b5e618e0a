"""docs/documents.md: current, complete, and every query in it finds its example."""

import json
import re
import secrets

import documents
import pytest
from elasticsearch import Elasticsearch

import mappings
from indexer.records import StoreInfo
from indexer.stores import open_store

TEXT = documents.FILE.read_text("utf-8")
VECTOR = [0.5, 0.5, 0.5, 0.5]


def mapping_of(index):
    mapping = mappings.load(index)
    if index == "photos":
        mapping["properties"]["vector"]["dims"] = len(VECTOR)
    return mapping


@pytest.fixture(scope="module")
def indices(elasticsearch_url):
    """Index -> the name of one on the server that holds the example alone."""
    names = {index: f"magpie-test-{secrets.token_hex(6)}" for index in documents.INDICES}
    with Elasticsearch(elasticsearch_url) as client:
        for index, name in names.items():
            client.indices.create(index=name, mappings=mapping_of(index))
            document = mappings.examples()[index]
            client.index(index=name, id="example", document=document, refresh=True)
        yield client, names
        for name in names.values():
            client.indices.delete(index=name)


def rows(index):
    """The cells of the table of an index in the document, as printed."""
    (table,) = re.findall(rf"<!-- fields of {index} -->\n(.*?)<!-- end -->", TEXT, re.DOTALL)
    lines = [line for line in table.splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def queries():
    return [(i, row[0].strip("`"), row[5]) for i in documents.INDICES for row in rows(i)]


def test_the_page_is_current():
    assert documents.text(TEXT) == TEXT, "run scripts/documents.py"


def test_an_old_page_is_noticed():
    assert documents.text(TEXT.replace("EXIF make and model", "?")) == TEXT


@pytest.mark.parametrize("index", documents.INDICES)
def test_every_field_is_described_with_an_example(index):
    fields = dict(documents.fields(mappings.load(index)["properties"]))
    assert [row[0].strip("`") for row in rows(index)] == list(fields)
    assert all(row[3] and row[4] for row in rows(index))
    assert mappings.examples()[index].keys() == mappings.load(index)["properties"].keys()


@pytest.mark.parametrize(("index", "name", "printed"), queries())
def test_the_query_of_a_field_finds_the_example(indices, index, name, printed):
    client, names = indices
    if printed == documents.UNSEARCHED:
        assert name in ("neighbours.cosine", "uploads")
        return
    body = json.loads(printed.strip("`").replace('"${vector}"', json.dumps(VECTOR)))
    hits = client.search(index=names[index], body=body)["hits"]["hits"]
    assert [hit["_id"] for hit in hits] == ["example"]


def test_the_vector_index_changes_as_the_page_says(elasticsearch_store_url):
    url, _, name = elasticsearch_store_url.rpartition("/")
    store = open_store(elasticsearch_store_url)
    store.identity.create(StoreInfo("efficientnet_lite0", "0" * 64, 1280))
    (block,) = re.findall(r"```console\nPUT photos/_mapping\n(.*?)```", TEXT, re.DOTALL)
    with Elasticsearch(url) as client:
        client.indices.put_mapping(index=name, **json.loads(block))
        (made,) = client.indices.get_mapping(index=name).values()
    kind = made["mappings"]["properties"]["vector"]["index_options"]["type"]
    assert kind == "bbq_hnsw" and store.identity.info().dimensions == 1280
    store.close()


def test_a_query_does_not_find_what_is_different(indices):
    client, names = indices
    body = documents.query("width", {"type": "integer"}, 452)
    assert client.search(index=names["photos"], body=body)["hits"]["hits"] == []


def texts(properties):
    for field in properties.values():
        yield from field.get("meta", {}).values()
        yield from texts(field.get("properties", {}))


@pytest.mark.parametrize("index", ["photos", "files", "feedback", "words", "searches"])
def test_what_is_said_of_fields_is_short_enough_for_elasticsearch(index):
    assert [text for text in texts(mappings.load(index)["properties"]) if len(text) > 50] == []
