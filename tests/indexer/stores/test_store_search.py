"""How every store ranks: as a naive reference does, to the last bit and the last tie."""

from collections import Counter
from dataclasses import replace
from typing import get_args
from unicodedata import normalize

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_samples import photos

from indexer import imagenet
from indexer.errors import BadValue
from indexer.facets import Facets
from indexer.filters import (
    AtLeast,
    AtPlace,
    Condition,
    Dated,
    Exactly,
    ExcludedLabels,
    ExcludedPhotos,
    FileNamed,
    Filter,
    Forbidden,
    InFolder,
    Near,
    OfFormat,
    Orientation,
    Oriented,
    Required,
    Taken,
    TakenWith,
)
from indexer.imagenet.ancestors import add_up
from indexer.kinds import Order
from indexer.queries import Query
from indexer.records import Label

WNIDS = imagenet.classes()[:30]
SHARK = "n01482330"
ANCESTORS = ("n00001740", "n00015388", "n01503061", "n02512053", SHARK, "n01517565")
"""Entity, animal, bird, fish, shark; and ratite: ostrich alone, so that no photo has it."""
CAMERAS = (None, "Apple iPhone 7", "NIKON D90", "Käse & Söhne (M.8)*")
FOLDERS = ("/photos/Holiday 2019", "/photos/art", "/photos/party/Ünder.way", "/photos/U\u0308nder")
TIMES = (None, "2019-05-01T00:00:00", "2019-12-24T23:59:59", "2020-01-01T00:00:00")
CHANGED = ("2019-04-30T23:59:59.999Z", "2020-06-01T12:00:00.000Z", "1969-07-20T20:17:40.000Z")

SPOTS = (
    (None, None),
    ((38.713911, -9.139422), "Lisbon, Lisbon, Portugal"),
    ((38.697, -9.4215), "Cascais, Lisbon, Portugal"),
    ((-16.9, 179.99), "Labasa, Northern, Fiji"),
    ((0.0, -30.0), None),
    ((47.3769, 8.5417), "Zu\u0308rich, Zurich, Switzerland"),
)


def varied(plain, seed=0):
    """Photos that differ in all that filters ask for.

    One in three lies at two places, one in four is square.
    """
    random = np.random.default_rng(seed)

    def one_of(values):
        return values[random.integers(len(values))]

    spots = [one_of(SPOTS) for _ in plain]
    return [
        replace(
            one,
            height=one.width if number % 4 == 1 else one.height,
            location=spots[number][0],
            place=spots[number][1],
            paths=tuple(
                sorted(
                    f"{one_of(FOLDERS)}/{one_of(('IMG_20', 'dsc~', 'Straße+'))}{number}.{place}"
                    for place in range(1 + (number % 3 == 0))
                )
            ),
            format=one_of(("jpeg", "heif", "dng")),
            camera=one_of(CAMERAS),
            captured=one_of(TIMES),
            modified=one_of(CHANGED),
        )
        for number, one in enumerate(plain)
    ]


LIBRARY = varied(photos(60, seed=1, wnids=WNIDS, labels_each=6))
EVERYTHING = Query(weights=dict.fromkeys(WNIDS, 1.0), limit=100)


@pytest.fixture
def library(store):
    """A store of few labels, so that each query finds some."""
    assert store.photos.put(LIBRARY) == []
    store.refresh()
    return store


def label_sum(photo, weights, ancestors):
    """Products in float32, their sum in float64."""
    held = {label.wnid: label.probability for label in photo.labels}
    held |= add_up(held)
    everything = [*weights.items(), *ancestors.items()]
    pairs = [(weight, held[wnid]) for wnid, weight in everything if wnid in held]
    return sum(float(np.float32(weight) * np.float32(p)) for weight, p in pairs)


def has(name, text):
    """Whether a text is in a name, whatever its case and however its accents are written."""
    return normalize("NFC", text).lower() in normalize("NFC", name).lower()


def distance(latitude, longitude, other_latitude, other_longitude):
    """Kilometres on a sphere, by the angle between two points of it."""
    degrees = np.radians([(latitude, longitude), (other_latitude, other_longitude)])
    points = [
        (np.cos(one) * np.cos(two), np.cos(one) * np.sin(two), np.sin(one)) for one, two in degrees
    ]
    across = np.linalg.norm(np.cross(*points))
    return 6371.0087714 * np.arctan2(across, np.dot(*points))


def is_of_size(photo, condition):
    match condition:
        case AtLeast(side, pixels):
            return getattr(photo, side) >= pixels
        case Oriented(shape):
            tall = (photo.height > photo.width) - (photo.height < photo.width)
            return {"portrait": 1, "square": 0, "landscape": -1}[shape] == tall


def lies_as(condition):
    """What a condition says of each path."""
    match condition:
        case InFolder(text):
            return lambda path: has(path[: path.rindex("/") + 1], text)
        case FileNamed(text):
            return lambda path: has(path[path.rindex("/") + 1 :], text)
        case Exactly(_, name):
            return lambda path: path[: path.rindex("/")] == name


def holds(photo, condition):
    """What each kind of condition says."""
    match condition:
        case Taken(first, before):
            day = (photo.captured or photo.modified)[:10]
            return (first is None or day >= first) and (before is None or day < before)
        case Dated():
            return photo.captured is not None
        case TakenWith(text):
            return photo.camera is not None and has(photo.camera, text)
        case AtPlace(text):
            return photo.place is not None and has(photo.place, text)
        case Near(latitude, longitude, kilometres):
            spot = photo.location
            return spot is not None and distance(*spot, latitude, longitude) <= kilometres
        case InFolder() | FileNamed() | Exactly("folder", _):
            return any(map(lies_as(condition), photo.paths))
        case Exactly(fact, name):
            return getattr(photo, fact) == name
        case OfFormat(name):
            return photo.format == name
        case AtLeast() | Oriented():
            return is_of_size(photo, condition)


def is_left_out(photo, one):
    """What each kind of filter says."""
    match one:
        case ExcludedPhotos(ids):
            return photo.id in ids
        case Required(any_of):
            return not any(holds(photo, condition) for condition in any_of)
        case Forbidden(condition):
            return holds(photo, condition)
    total = label_sum(photo, one.weights, one.ancestors)
    return np.float32(total) >= np.float32(one.least)


def score(photo, query):
    """What `Query` says, cast to float32 after each of Lucene's layers: the sum, the damping."""
    if any(is_left_out(photo, one) for one in query.filters):
        return np.float32(0)
    total = label_sum(photo, query.weights, query.ancestors)
    total += float(np.float32(query.boosts.get(photo.id, 0)))
    return np.float32(np.float32(total) * np.float32(query.damping.get(photo.id, 1)))


def reference(library, query):
    """All hits in order: (id, score)."""
    kept = [p for p in library if not any(is_left_out(p, one) for one in query.filters)]
    if query.everything:
        hits = [(photo, 0.0) for photo in kept]
    else:
        scored = [(photo, float(score(photo, query))) for photo in kept]
        hits = [(photo, value) for photo, value in scored if value > 0]

    def first(hit):
        moment = hit[0].captured or hit[0].modified.removesuffix("Z")
        time = np.datetime64(moment, "ms").astype(int)
        return {Order.SCORE: -hit[1], Order.NEWEST: -time, Order.OLDEST: time}[query.order]

    ranking = [(hit[0].id, hit[1]) for hit in sorted(hits, key=lambda hit: (first(hit), hit[0].id))]
    return ranking[query.offset : query.offset + query.limit]


def found(store, query):
    return [(match.id, match.score) for match in store.ranking.search(query)]


def check(store, query, library=LIBRARY):
    ranking, expected = found(store, query), reference(library, query)
    assert [id for id, _ in ranking] == [id for id, _ in expected]
    assert [value for _, value in ranking] == pytest.approx([v for _, v in expected], rel=1e-5)


ids = st.sampled_from([photo.id for photo in LIBRARY] + ["0" * 32])
wnids = st.sampled_from([*WNIDS, "n99999999"])
weights = st.dictionaries(wnids, st.floats(2**-10, 4, width=32), max_size=12)
ancestors = st.dictionaries(
    st.sampled_from([*ANCESTORS, "n99999999"]), st.floats(2**-10, 4, width=32), max_size=4
)
days = st.sampled_from(["1969-07-20", "2019-05-01", "2019-12-24", "2019-12-25", "2020-01-01"])
texts = st.sampled_from(
    [
        *("iphone", "7", "d90", "KÄSE", "söhne (m.8)*", "holiday", "art", "/art/", "/photos/"),
        *("und", "ünder", "U\u0308NDER", "r.w", "img_20", "DSC~", "straße+", "ss", "1.0", "3", "/"),
    ]
)
conditions = {
    Taken: st.builds(Taken, st.none() | days, st.none() | days),
    Dated: st.builds(Dated),
    TakenWith: st.builds(TakenWith, texts),
    InFolder: st.builds(InFolder, texts),
    FileNamed: st.builds(FileNamed, texts),
    AtPlace: st.builds(
        AtPlace, st.sampled_from(["lisbon", ", LISBON,", "portugal", "z\u00fcri", "FIJI", "x", "a"])
    ),
    Exactly: st.one_of(
        st.builds(
            Exactly, st.just("camera"), st.sampled_from([*CAMERAS[1:], "nikon d90", "NIKON"])
        ),
        st.builds(Exactly, st.just("folder"), st.sampled_from([*FOLDERS, "/photos", "/", "art"])),
        st.builds(
            Exactly,
            st.just("place"),
            st.sampled_from([*(place for _, place in SPOTS if place), "Lisbon"]),
        ),
    ),
    Near: st.builds(
        Near,
        st.sampled_from([38.7, 0.0, -16.8, 90.0, -90.0]),
        st.sampled_from([-9.1, 0.0, -179.9, 180.0, -180.0]),
        st.sampled_from([0.5, 5.0, 30.0, 3_500.0, 20_015.0]),
    ),
    OfFormat: st.builds(OfFormat, st.sampled_from(["jpeg", "heif", "png"])),
    AtLeast: st.builds(AtLeast, st.sampled_from(["width", "height"]), st.integers(0, 5000)),
    Oriented: st.builds(Oriented, st.sampled_from(["portrait", "landscape", "square"])),
}
any_condition = st.one_of(*conditions.values())
filters = {
    Required: st.builds(Required, st.lists(any_condition, min_size=1, max_size=3).map(tuple)),
    Forbidden: st.builds(Forbidden, any_condition),
    ExcludedPhotos: st.builds(ExcludedPhotos, st.frozensets(ids, max_size=10)),
    ExcludedLabels: st.builds(
        ExcludedLabels, weights.filter(bool), st.floats(2**-7, 1, width=32), ancestors
    ),
}
queries = st.builds(
    Query,
    weights=weights,
    boosts=st.dictionaries(ids, st.floats(0, 3, width=16), max_size=20),
    damping=st.dictionaries(ids, st.sampled_from([0.0, 0.25, 0.3, 0.7, 1.0]), max_size=20),
    filters=st.lists(st.one_of(*filters.values()), max_size=3).map(tuple),
    limit=st.integers(0, 70),
    offset=st.integers(0, 20),
    ancestors=ancestors,
    order=st.sampled_from(Order),
).flatmap(
    lambda query: st.sampled_from(
        [query] if query.order == Order.SCORE else [query, replace(query, everything=True)]
    )
)


def listed(store, query):
    """All hits, read in parts."""
    last = None
    while True:
        part = store.ranking.listed(query, last)
        yield from part.matches
        last = part.last
        if last is None:
            return
        assert len(part.matches) == query.limit


@pytest.mark.parametrize("order", [Order.NEWEST, Order.OLDEST])
@pytest.mark.parametrize("limit", [1, 7, 30])
def test_a_list_in_parts_is_the_whole_list(library, order, limit, monkeypatch):
    """Beyond the depth to which a ranking can be read, too."""
    ways = [
        Query(order=order, everything=True),
        Query(dict.fromkeys(WNIDS[:3], 1.0), order=order),
        Query(filters=(Required((Dated(),)),), order=order, everything=True),
    ]
    for query in ways:
        whole = [id for id, _ in reference(LIBRARY, replace(query, limit=100))]
        monkeypatch.setattr("indexer.stores.checks.MOST_RESULTS", 30)
        assert [match.id for match in listed(library, replace(query, limit=limit))] == whole
        assert len(whole) > 10
    assert library.ranking.listed(Query(order=order, everything=True, limit=0)).last is None


def test_what_comes_and_goes_elsewhere_moves_nothing_in_a_list(library):
    query = Query(order=Order.NEWEST, everything=True, limit=20)
    whole = [id for id, _ in reference(LIBRARY, replace(query, limit=100))]
    last = library.ranking.listed(query).last
    newer = replace(LIBRARY[0], id="f" * 32, captured="2031-01-01T00:00:00")
    assert library.photos.put([newer]) == []
    library.photos.delete([whole[3], whole[19], whole[30]])
    library.refresh()
    rest = library.ranking.listed(replace(query, limit=100), last)
    assert [match.id for match in rest.matches] == [*whole[20:30], *whole[31:]]


def test_each_kind_of_filter_is_tried_on_every_store():
    assert set(filters) == set(get_args(Filter))
    assert set(conditions) == set(get_args(Condition))


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(query=queries)
def test_any_query_ranks_as_the_reference_does(library, query):
    check(library, query)


@pytest.mark.parametrize("kind", conditions, ids=lambda kind: kind.__name__)
def test_each_condition_holds_for_some_photos_and_not_for_others(library, kind):
    some = {
        Taken: Taken("2019-05-01", "2020-01-01"),
        Dated: Dated(),
        TakenWith: TakenWith("IPHONE"),
        InFolder: InFolder("u\u0308nder"),
        FileNamed: FileNamed("stra\u00dfe+"),
        AtPlace: AtPlace("PORTUGAL"),
        Near: Near(38.7, -9.2, 30),
        Exactly: Exactly("folder", "/photos/U\u0308nder"),
        OfFormat: OfFormat("heif"),
        AtLeast: AtLeast("height", 2500),
        Oriented: Oriented("square"),
    }[kind]
    one, other = Required((some,)), Forbidden(some)
    check(library, replace(EVERYTHING, filters=(one,)))
    check(library, replace(EVERYTHING, filters=(other,), order=Order.NEWEST))
    listed = replace(EVERYTHING, filters=(one,), order=Order.OLDEST, everything=True)
    check(library, listed)
    assert 0 < len(found(library, listed)) < len(LIBRARY)


def test_sides_that_differ_by_a_pixel_are_not_equal(store):
    """However large they are, and whichever numbers have no exact reciprocal."""
    sides = [(side, side + more) for side in (1, 49, 14_141, 1_000_000) for more in (0, 1)]
    sizes = [*sides, *((high, wide) for wide, high in sides), (1, 200_000_000), (200_000_000, 1)]
    sized = [
        replace(photo, width=wide, height=high)
        for photo, (wide, high) in zip(photos(len(sizes), seed=3), sizes, strict=True)
    ]
    assert store.photos.put(sized) == []
    store.refresh()
    for shape in get_args(Orientation):
        for one in (Required((Oriented(shape),)), Forbidden(Oriented(shape))):
            every = Query(filters=(one,), order=Order.NEWEST, everything=True, limit=100)
            check(store, every, sized)
    assert len(found(store, every)) == 10  # the last ones: all but the square ones


def test_what_filters_ask_follows_writes(library):
    filtered = replace(EVERYTHING, filters=(Required((InFolder("/moved/"),)),))
    assert found(library, filtered) == []
    read = library.photos.get([photo.id for photo in LIBRARY[:3]])
    moved = [
        replace(read[LIBRARY[0].id], paths=("/photos/moved/a.jpg",)),
        replace(read[LIBRARY[1].id], camera="Leica", captured="2031-01-01T00:00:00"),
    ]
    assert library.photos.put(moved) == []
    library.photos.delete([LIBRARY[2].id])
    late = varied(photos(2, seed=5, wnids=WNIDS, labels_each=6), seed=4)
    library.photos.put(late)
    library.refresh()
    now = [*moved, *LIBRARY[3:], *late]
    for some in (InFolder("/moved/"), TakenWith("leica"), Taken("2030-01-01")):
        check(library, replace(EVERYTHING, filters=(Required((some,)),)), now)
        check(library, replace(EVERYTHING, filters=(Forbidden(some),), order=Order.NEWEST), now)
    assert len(found(library, filtered)) == 1


def test_a_match_says_where_it_was_taken(library):
    listed = library.ranking.search(Query(order=Order.NEWEST, everything=True, limit=100))
    assert {match.id: match.place for match in listed} == {p.id: p.place for p in LIBRARY}


def test_photos_come_back_with_their_places(library):
    read = library.photos.get([photo.id for photo in LIBRARY])
    assert all(read[photo.id] == photo for photo in LIBRARY)


def test_a_match_says_when_it_was_captured(library):
    listed = library.ranking.search(Query(order=Order.NEWEST, everything=True, limit=100))
    assert {match.id: match.captured for match in listed} == {p.id: p.captured for p in LIBRARY}


def test_the_whole_library_ranks_as_the_reference_does(library):
    assert len(reference(LIBRARY, EVERYTHING)) == len(LIBRARY)
    check(library, EVERYTHING)


def test_a_match_carries_its_document(library):
    match = library.ranking.search(replace(EVERYTHING, limit=1))[0]
    photo = next(photo for photo in LIBRARY if photo.id == match.id)
    assert (match.paths, match.width, match.height, match.colour) == (
        photo.paths,
        photo.width,
        photo.height,
        photo.colour,
    )
    held = {label.wnid: label.probability for label in photo.labels}
    assert match.labels == {wnid: held[wnid] for wnid in held if wnid in EVERYTHING.weights}


def test_a_match_carries_the_labels_that_the_query_weighs(library):
    photo = next(photo for photo in LIBRARY if len(photo.labels) > 2)
    wanted = {label.wnid: label.probability for label in photo.labels[1:]}
    query = Query(weights=dict.fromkeys(wanted, 1.0), limit=len(LIBRARY))
    match = next(match for match in library.ranking.search(query) if match.id == photo.id)
    assert match.labels == wanted


def test_an_ancestor_ranks_by_what_its_labels_add_up_to(store):
    shark, other, bird = WNIDS[2], WNIDS[3], WNIDS[10]
    one, two, three = photos(3, seed=4)
    store.photos.put(
        [
            replace(one, labels=(Label(shark, 0.5), Label(other, 0.25), Label(bird, 0.125))),
            replace(two, labels=(Label(bird, 0.625), Label(other, 0.0009765625))),
            replace(three, labels=(Label(shark, 0.25), Label(other, 0.25), Label(bird, 0.25))),
        ]
    )
    store.refresh()
    query = Query(ancestors={SHARK: 0.5})
    matches = store.ranking.search(query)
    assert [(match.id, match.score) for match in matches] == [(one.id, 0.375), (three.id, 0.25)]
    assert matches[0].ancestors == {SHARK: 0.75}
    assert matches[0].labels == {shark: 0.5, other: 0.25}
    left = Query({bird: 1.0}, filters=(ExcludedLabels({}, 0.5, {SHARK: 1.0}),))
    assert [id for id, _ in found(store, left)] == [two.id]
    assert {match.id for match in store.ranking.sample(1, 9, filters=left.filters)} == {two.id}
    assert not query.is_empty and Query(ancestors={SHARK: 0.0}).is_empty


def test_ancestors_survive_links_and_new_paths(library):
    one, two = LIBRARY[:2]
    library.lists.replace({one.id: two.neighbours[:3]})
    read = library.photos.get([two.id])[two.id]
    assert library.photos.put([replace(read, paths=("/moved.jpg",))]) == []
    library.refresh()
    check(library, Query(ancestors=dict.fromkeys(ANCESTORS, 1.0), limit=100))


def test_a_match_by_a_boost_alone_carries_no_labels(library):
    (match,) = library.ranking.search(Query(boosts={LIBRARY[0].id: 1.0}))
    assert match.labels == {}


def facets_of_hits(photos, query):
    """What `Facets` says, counted one photo after another."""
    found = {id for id, _ in reference(photos, replace(query, offset=0, limit=len(photos)))}
    hits = [photo for photo in photos if photo.id in found]

    def counts(names):
        counted = Counter(names)
        return dict(sorted(counted.items(), key=lambda one: (-one[1], one[0])))

    folders = [{path[: path.rindex("/")] or "/" for path in photo.paths} for photo in hits]
    return Facets(
        photos=len(hits),
        months=dict(sorted(Counter((p.captured or p.modified)[:7] for p in hits).items())),
        undated=sum(photo.captured is None for photo in hits),
        cameras=counts(photo.camera for photo in hits if photo.camera),
        nameless=sum(photo.camera is None for photo in hits),
        folders=counts(folder for some in folders for folder in some),
        formats=counts(photo.format for photo in hits),
        places=counts(photo.place for photo in hits if photo.place),
        placeless=sum(photo.place is None for photo in hits),
    )


def check_facets(store, query, library=LIBRARY):
    counted, expected = store.ranking.facets(query), facets_of_hits(library, query)
    assert counted == expected
    for name in ("months", "cameras", "places", "folders", "formats"):
        assert list(getattr(counted, name)) == list(getattr(expected, name)), name
    assert sum(counted.years.values()) == sum(counted.months.values()) == counted.photos


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(query=queries)
def test_the_hits_of_any_query_are_counted_as_one_after_another(library, query):
    check_facets(library, query)


def test_facets_follow_writes_and_tell_capitals_apart(library):
    read = library.photos.get([photo.id for photo in LIBRARY[:2]])
    moved = [
        replace(read[LIBRARY[0].id], paths=("/a.jpg", "/Photos/Art/a.jpg", "/photos/art/a.jpg")),
        replace(read[LIBRARY[1].id], camera="nikon d90", captured="2031-01-31T23:59:59"),
    ]
    assert library.photos.put(moved) == []
    library.photos.delete([LIBRARY[2].id])
    library.refresh()
    now = [*moved, *LIBRARY[3:]]
    check_facets(library, EVERYTHING, now)
    check_facets(library, Query(order=Order.NEWEST, everything=True), now)
    counted = library.ranking.facets(EVERYTHING)
    assert {"/", "/photos/art", "/Photos/Art"} <= counted.folders.keys()
    assert {"NIKON D90", "nikon d90"} <= counted.cameras.keys()


def test_an_empty_store_and_an_empty_query_count_nothing(store):
    assert store.ranking.facets(EVERYTHING) == Facets()
    store.photos.put(LIBRARY[:3])
    store.refresh()
    assert store.ranking.facets(Query()) == Facets()


def test_cameras_are_listed_most_photos_first(library):
    counts = Counter(photo.camera for photo in LIBRARY if photo.camera)
    assert library.ranking.cameras() == sorted(counts, key=lambda name: (-counts[name], name))


def test_ties_are_broken_by_id_across_pages(store):
    tied = [replace(p, labels=(Label(WNIDS[0], 0.5),)) for p in photos(50, seed=2)]
    store.photos.put(tied)
    store.refresh()
    pages = [
        found(store, Query({WNIDS[0]: 1.0}, limit=7, offset=start)) for start in range(0, 56, 7)
    ]
    assert [hit[0] for page in pages for hit in page] == sorted(photo.id for photo in tied)


def test_an_empty_query_an_unknown_label_and_an_empty_store_find_nothing(store):
    assert store.ranking.search(EVERYTHING) == []
    store.photos.put(LIBRARY[:3])
    store.refresh()
    assert store.ranking.search(Query()) == []
    assert store.ranking.search(Query(weights={"n99999999": 1.0})) == []


def test_a_boost_alone_makes_a_hit_and_none_of_an_unknown_photo(library):
    photo = LIBRARY[7]
    query = Query(boosts={photo.id: 0.25, "0" * 32: 1.0})
    assert found(library, query) == [(photo.id, 0.25)]


def test_full_damping_and_exclusion_leave_photos_out(library):
    damped, excluded = LIBRARY[0].id, LIBRARY[1].id
    query = replace(
        EVERYTHING, damping={damped: 0.0}, filters=(ExcludedPhotos(frozenset([excluded])),)
    )
    left = {id for id, _ in found(library, query)}
    assert left == {photo.id for photo in LIBRARY} - {damped, excluded}


def test_excluded_labels_leave_out_from_the_bound_on(store):
    halves = [replace(p, labels=(Label(WNIDS[0], 0.5), Label(WNIDS[1], 0.25))) for p in photos(2)]
    other = replace(photos(1, seed=9)[0], labels=(Label(WNIDS[1], 0.5),))
    store.photos.put([*halves, other])
    store.refresh()
    query = Query(weights={WNIDS[1]: 1.0}, filters=(ExcludedLabels({WNIDS[0]: 1.0}, 0.5),))
    assert [id for id, _ in found(store, query)] == [other.id]
    above = replace(query, filters=(ExcludedLabels({WNIDS[0]: 1.0}, 0.51),))
    assert len(found(store, above)) == 3


def test_many_boosts_and_exclusions_at_once(library):
    random = np.random.default_rng(3)
    strangers = {random.bytes(16).hex(): 1.0 for _ in range(2000)}
    boosts = {**strangers, **{photo.id: 0.5 for photo in LIBRARY[:30]}}
    excluded = ExcludedPhotos(frozenset([*strangers, LIBRARY[0].id]))
    query = replace(EVERYTHING, boosts=boosts, filters=(excluded,))
    check(library, query)


@pytest.mark.parametrize(
    "kinds", [[ExcludedPhotos], [ExcludedLabels], [Required], [Forbidden], [*filters]], ids=str
)
def test_a_sample_leaves_out_what_filters_do(library, kinds):
    some = {
        ExcludedPhotos: ExcludedPhotos(frozenset(photo.id for photo in LIBRARY[:7])),
        ExcludedLabels: ExcludedLabels({WNIDS[0]: 1.0, WNIDS[1]: 0.5}, 0.01),
        Required: Required((Taken("2019-05-01"), OfFormat("heif"))),
        Forbidden: Forbidden(AtLeast("width", 1000)),
    }
    chosen = [some[kind] for kind in kinds]
    left = {photo.id for photo in LIBRARY if not any(is_left_out(photo, one) for one in chosen)}
    assert len(left) < len(LIBRARY)
    slices = [library.ranking.sample(7, 20, start, chosen) for start in (0, 20, 40, 60)]
    drawn = [match.id for part in slices for match in part]
    assert len(drawn) == len(set(drawn)) and set(drawn) == left


def test_a_sample_keeps_its_order_while_photos_are_linked(library):
    def drawn(start):
        return [match.id for match in library.ranking.sample(7, 30, start)]

    first, all_of_them = drawn(0), [id for start in (0, 30, 60) for id in drawn(start)]
    library.lists.replace({id: LIBRARY[0].neighbours[:1] for id in first})
    library.refresh()
    assert [id for start in (0, 30, 60) for id in drawn(start)] == all_of_them


def test_a_query_is_empty_where_nothing_can_score(library):
    excluded = ExcludedPhotos(frozenset([LIBRARY[0].id]))
    for query in (
        Query(),
        Query({WNIDS[0]: 0.0}, {LIBRARY[0].id: 0.0}),
        Query(filters=(excluded,)),
    ):
        assert query.is_empty and library.ranking.search(query) == []
    assert not EVERYTHING.is_empty and not Query(boosts={LIBRARY[0].id: 1.0}).is_empty


def test_the_ranking_ends_at_ten_thousand(library):
    assert library.ranking.search(replace(EVERYTHING, limit=10, offset=9_990)) == []
    with pytest.raises(BadValue, match=r"10,?000"):
        library.ranking.search(replace(EVERYTHING, limit=11, offset=9_990))


def test_searches_follow_writes(library):
    check(library, EVERYTHING)
    library.photos.delete([LIBRARY[0].id])
    late = photos(1, seed=5, wnids=WNIDS, labels_each=6)
    library.photos.put(late)
    read = library.photos.get([LIBRARY[1].id])[LIBRARY[1].id]
    changed = replace(read, labels=late[0].labels)
    library.photos.put([changed])
    library.refresh()
    check(library, EVERYTHING, [changed, *LIBRARY[2:], *late])
