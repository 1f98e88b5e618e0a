"""Whatever comes in by whatever door does no lasting harm: it is refused, or can be undone."""

import json
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from api_server import FROM_PAGE
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from indexer.errors import BadValue
from indexer.events import Event, Upload
from indexer.kinds import EventKind
from indexer.records import Label
from indexer.stores.events import to_document
from search.api.app import create_app
from search.commands import main
from search.library import open_library
from search.teaching.log import NOT_UNDONE

TIME = "2024-05-01T12:00:00.000000Z"
DIMENSIONS = 1280
LINES = {"content-type": "application/x-ndjson"}


def upload(**fields):
    vector = np.zeros(DIMENSIONS, np.float32)
    vector[0] = 1
    kept = {"id": "0a" * 16, "name": "b.jpg", "labels": (Label("n02391049", 0.5),)}
    return Upload(**{**kept, "vector": vector, "thumbnail": b"\xff\xd8\xff", **fields})


def document(**fields):
    known = {"id": "e1", "time": TIME, "kind": "click", "user": "ann", "word": "griffin"}
    return {**known, "good": ["0b" * 16], **fields}


def with_upload(**fields):
    event = Event(
        id="e1", time=TIME, kind=EventKind.TEACH, user="ann", word="griffin",
        good=("0a" * 16,), uploads=(upload(**fields),),
    )  # fmt: skip
    return to_document(event)


def with_in_upload(**fields):
    """Return a document whose example has these fields, as no event could."""
    some = with_upload()
    return {**some, "uploads": [{**some["uploads"][0], **fields}]}


def line(some):
    return f"{json.dumps(some)}\n".encode()


def in_two_days():
    moment = datetime.now(UTC) + timedelta(days=2)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


HARMFUL = {
    "impossible date": (lambda: document(time="2024-02-31T12:00:00.000000Z"), "not a date"),
    "hour 25": (lambda: document(time="2024-02-01T25:00:00.000000Z"), "not a date"),
    "other digits": (lambda: document(time="٢٠٢٤-05-01T12:00:00.000000Z"), "is not like"),
    "year 9999": (lambda: document(time="9999-12-31T23:59:59.999999Z"), "not between 1970"),
    "year 1": (lambda: document(time="0001-01-01T00:00:00.000000Z"), "not between 1970"),
    "future": (lambda: document(time=in_two_days()), "is in the future"),
    "surrogate in the query": (lambda: document(query="\ud800"), "'query' has"),
    "surrogate in an id": (lambda: document(good=["\udfff"]), "'good' has"),
    "NUL in the user": (lambda: document(user="a\0"), "'user' has"),
    "endless word": (lambda: document(word="x" * 40_000), "longer than"),
    "endless id": (lambda: document(id="x" * 600), "'id' is longer"),
    "rename to nothing": (lambda: document(kind="rename"), "'target' is missing"),
    "unknown label": (lambda: with_upload(labels=(Label("n00000000", 0.5),)), "unknown label"),
    "impossible probability": (
        lambda: with_upload(labels=(Label("n02391049", 1.5),)),
        "probability of 1.5",
    ),
    "NaN in a vector": (
        lambda: with_upload(vector=np.full(DIMENSIONS, np.nan, np.float32)),
        "vector of length nan",
    ),
    "no direction": (lambda: with_upload(vector=np.zeros(DIMENSIONS, np.float32)), "length 0"),
    "huge vector": (
        lambda: with_upload(vector=np.full(DIMENSIONS, 3e38, np.float32)),
        "vector of length",
    ),
    "no looks": (lambda: with_upload(looks=0), "0 looks"),
    "infinite looks": (lambda: with_in_upload(looks=float("inf")), "looks is inf"),
    "half a look": (lambda: with_in_upload(looks=1.5), "looks is 1.5"),
    "looks in words": (lambda: with_in_upload(looks="3"), "looks is '3'"),
    "probability beyond all numbers": (
        lambda: with_in_upload(labels={"n02391049": 10**400}),
        "too large to convert to float",
    ),
}


@pytest.mark.parametrize("name", HARMFUL)
def test_a_harmful_event_is_refused_at_each_door_with_all_that_come_with_it(
    library, url, home, name
):
    make, reason = HARMFUL[name]
    data = line(document(id="good one")) + line(make())
    with pytest.raises(BadValue, match=reason) as refused:
        library.import_(data, "the file")
    assert "line 2 of the file" in str(refused.value) and "\n" not in str(refused.value)
    (home / "taught.jsonl").write_bytes(data)
    done = CliRunner().invoke(main, ["import", str(home / "taught.jsonl"), "--store", url])
    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    with TestClient(create_app(open_library(url)), "http://localhost", headers=FROM_PAGE) as client:
        answer = client.post("/api/import", content=data, headers=LINES)
    assert answer.status_code == 400
    assert reason in answer.json()["error"]["message"]
    assert library.events() == [] and library.count_events() == 0


def test_an_example_of_this_network_with_another_length_is_refused(library, store):
    info = store.identity.info()
    short = upload(vector=np.ones(3, np.float32), weights=info.weights)
    event = Event(
        id="e1", time=TIME, kind=EventKind.DESCRIBE, user="magpie", target=info.model,
        uploads=(short,),
    )  # fmt: skip
    fitting = with_upload(weights=info.weights) | {"id": "e2"}
    with pytest.raises(BadValue, match="has 3 numbers, not 1280"):
        library.import_(line(to_document(event)) + line(fitting), "the file")
    assert library.events() == []


def test_words_that_are_not_text_are_refused_by_the_api_and_the_commands(
    library, url, photo_id, store
):
    photo = photo_id("chelsea.png")
    path = store.photos.get([photo])[photo].paths[0]
    library.teach("pet", [photo])
    with TestClient(create_app(open_library(url)), "http://localhost", headers=FROM_PAGE) as client:
        headers = {"content-type": "application/json"}
        for method, place, body in (
            ("POST", "/api/feedback", {"query": "\ud800x", "good": [photo]}),
            ("POST", "/api/feedback", {"query": "x", "user": "\ud800", "good": [photo]}),
            ("POST", "/api/feedback", {"query": "x", "shown": ["\ud800"], "good": [photo]}),
            ("PATCH", "/api/words/pet", {"rename": "\ud800x"}),
            ("POST", "/api/words/x/examples", {"good": [photo], "user": "\ud800"}),
        ):
            answer = client.request(method, place, content=json.dumps(body), headers=headers)
            assert answer.status_code in (400, 422), (place, body)
            assert "error" in answer.json()
    for words in (
        ["feedback", "dog\udcff", "--good", path],
        ["feedback", "dog", "--good", path, "--user", "a\udcff"],
        ["teach", "dog\udcff", path],
        ["rename", "pet", "dog", "--user", "a\udcff"],
    ):
        done = CliRunner().invoke(main, [*words, "--store", url])
        assert (done.exit_code, done.stdout) == (1, ""), words
        assert done.stderr.count("\n") == 1, words
    assert [event.word for event in library.events()] == ["pet"]


some_texts = st.one_of(
    st.sampled_from(["griffin", "cat", "-", "", "a\nb", "\ud800", "Ünïcode", "x" * 200]),
    st.text(max_size=5),
)
some_ids = st.lists(st.sampled_from(["0a" * 16, "0b" * 16, "", "p"]), max_size=3)
some_times = st.one_of(
    st.just(TIME),
    st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31)).map(
        lambda moment: moment.isoformat(timespec="microseconds") + "Z"
    ),
    st.sampled_from(["2023-02-29T00:00:00.000000Z", "2024-05-01", "now", in_two_days()]),
)
some_numbers = st.one_of(st.floats(width=32), st.sampled_from([0.0, 1.0, 0.5]))
some_uploads = st.builds(
    upload,
    labels=st.lists(
        st.builds(Label, st.sampled_from(["n02391049", "n02123045", "n0", ""]), some_numbers),
        max_size=2,
    ).map(tuple),
    vector=st.builds(
        lambda value, count: np.full(count, value, np.float32),
        some_numbers,
        st.sampled_from([0, 3, DIMENSIONS]),
    ),
    looks=st.integers(-1, 2),
)
some_events = st.fixed_dictionaries(
    {
        "id": st.uuids().map(str),
        "time": some_times,
        "kind": st.sampled_from(list(EventKind)),
        "user": some_texts,
    },
    optional={
        "word": some_texts,
        "query": some_texts,
        "target": some_texts,
        "good": some_ids,
        "bad": some_ids,
        "shown": some_ids,
        "uploads": st.lists(some_uploads, max_size=1).map(
            lambda some: to_document(
                Event(kind=EventKind.TEACH, user="a", uploads=tuple(some))
            ).get("uploads", [])
        ),
    },
)


def learned(library):
    lessons = library.vocabulary().lessons
    return {word: (lesson.tallies(), lesson.uploads.keys()) for word, lesson in lessons.items()}


@given(st.lists(some_events, min_size=1, max_size=3))
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_what_is_accepted_breaks_nothing_and_can_be_undone(library, photo_id, some):
    """Fails without `indexer.stores.events.check`: a click after year 9999 is an error for good."""
    before, known = learned(library), {event.id for event in library.events()}
    data = b"".join(map(line, some))
    try:
        library.import_(data, "the file")
    except BadValue as error:
        assert "\n" not in str(error)
        assert {event.id for event in library.events()} == known
        return
    library.search("griffin")
    library.search("cat -griffin")
    assert library.words() is not None and library.status().bad_events == ()
    click = library.feedback("griffin", good=[photo_id("chelsea.png")])
    assert library.undo(click.id).target == click.id
    undone = {event.target for event in library.events() if event.kind == EventKind.UNDO}
    for event in library.events():
        if event.id not in known and event.kind not in NOT_UNDONE and event.id not in undone:
            library.undo(event.id)
    assert learned(library) == before


def test_the_generated_events_are_of_both_kinds(library):
    """What the test above tries is neither all refused nor all accepted."""
    fates = set()

    @given(some_events)
    @settings(max_examples=200, deadline=None, database=None)
    def find(one):
        try:
            library.import_(line(one), "the file")
        except BadValue:
            fates.add(False)
        else:
            fates.add(True)

    find()
    assert fates == {True, False}


def test_an_example_that_is_fine_is_taken(library):
    assert library.import_(line(with_upload()), "the file") == 1
    assert library.search("griffin").hits
    assert library.events()[0].uploads == (upload(),)
