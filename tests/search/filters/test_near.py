"""Places in searches: what `near:` and `place:` mean, and what is told where nothing is known."""

import json
from dataclasses import replace

import pytest
from click.testing import CliRunner
from starlette.testclient import TestClient

from indexer.errors import BadValue
from indexer.filters import AtPlace, Forbidden, Near, Required
from indexer.photos.places import place_of
from indexer.stores import open_store
from search.api.app import create_app
from search.commands import main
from search.filters.conditions import read_filters
from search.filters.near import near
from search.filters.written import split
from search.library import open_library

LISBON, CASCAIS, PORTO = (38.713911, -9.139422), (38.697, -9.4215), (41.1496, -8.611)
SPOTS = (LISBON, CASCAIS, PORTO, None)


@pytest.fixture(scope="module")
def placed_url(tmp_path_factory, filtered_url):
    """The photos of `filtered`, as if three of four were taken in Portugal."""
    url = f"sqlite:///{tmp_path_factory.mktemp('placed')}/photos.db"
    source, store = open_store(filtered_url), open_store(url)
    store.identity.create(source.identity.info())
    placed = [
        replace(photo, version=None, location=SPOTS[n % 4], place=place_of(SPOTS[n % 4]))
        for n, photo in enumerate(source.photos.scan())
    ]
    assert store.photos.put(placed) == []
    source.close()
    store.close()
    return url


@pytest.fixture
def placed(placed_url):
    with open_library(placed_url) as library:
        yield library


def found(library, words, **more):
    hits = library.search(words, 500, **more).hits
    return {hit.id for hit in hits}


def at(library, *spots):
    return {photo.id for photo in library._store.photos.scan() if photo.location in spots}


@pytest.mark.parametrize(
    ("value", "centre", "kilometres"),
    [
        ("Lisbon", (38.71667, -9.13333), 25),
        ("LISBON 10 km", (38.71667, -9.13333), 10),
        ("Lisbon, 500m", (38.71667, -9.13333), 0.5),
        ("Lisbon 1,5 km", (38.71667, -9.13333), 1.5),
        ("48.85,2,5 km", (48.85, 2), 5),
        ("Lisbon, 1,5km", (38.71667, -9.13333), 1.5),
        ("Lisbon 1,500 m", (38.71667, -9.13333), 1.5),
        ("38.72,-9.14 0,5 km", (38.72, -9.14), 0.5),
        ("38.72,9.14 3 km", (38.72, 9.14), 3),
        ("lisbon, portugal 2.5 miles", (38.71667, -9.13333), 2.5 * 1.609344),
        ("Paris, Texas", (33.66094, -95.55551), 25),
        ("38.72,-9.14", (38.72, -9.14), 25),
        ("38.72 −9.14 3 km", (38.72, -9.14), 3),
        ("-33.86;151.2 1km", (-33.86, 151.2), 1),
        ("38.72N 9.14W", (38.72, -9.14), 25),
        ("33.86° S, 151.2° E, 2 km", (-33.86, 151.2), 2),
        ("Lisbon 1 mile", (38.71667, -9.13333), 1.609344),
        ("Lisbon, 500 meters", (38.71667, -9.13333), 0.5),
        ("Lisbon 2 Kilometres", (38.71667, -9.13333), 2),
        ("Lisbon 1000 ft", (38.71667, -9.13333), 0.3048),
        ("Lisbon (100 yards)", (38.71667, -9.13333), 0.09144),
        ("within 10 km of Lisbon", (38.71667, -9.13333), 10),
        ("5 km around 38.72,-9.14", (38.72, -9.14), 5),
        ("Lisbon,", (38.71667, -9.13333), 25),
        ("Paris Texas", (33.66094, -95.55551), 25),
    ],
)
def test_a_town_or_a_position_and_a_radius_are_understood(value, centre, kilometres):
    condition, _ = near(value)
    assert (condition.latitude, condition.longitude) == centre
    assert condition.kilometres == pytest.approx(kilometres)


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("Lissbon", "there is no town 'Lissbon' that I know: did you mean Lisbon"),
        ("Lissabon", "there is no town 'Lissabon' that I know: did you mean .*Lisbon"),
        ("qqqqqqq", "there is no town 'qqqqqqq' that I know: write near:Lisbon"),
        ("91,0", "there is no position '91,0'"),
        ("0,180.5", "there is no position"),
        ("Lisbon 0 km", "has no radius between 0 and 20,015 km"),
        ("Lisbon 30000 km", "has no radius"),
        ("Lisbon 10", "'Lisbon 10' has no unit of length after 10: write km, m, mi, ft or yd"),
        ("Lisbon 10 nm", "has no unit of length after 10"),
        ("Portugal", "'Portugal' is a region or country: write place:Portugal"),
        ("new south wales", 'write place:"new south wales"'),
        ("Kansas", 'write place:Kansas, or near:"Kansas City, Missouri"'),
        ("California", 'write place:California, or near:"California, Maryland"'),
        ("Frankfurt", "did you mean Frankfurt am Main, "),
        ("Bad Homburg", "did you mean Bad Homburg vor der Höhe, "),
    ],
)
def test_what_is_no_place_is_told(value, why):
    with pytest.raises(BadValue, match=why) as told:
        near(value)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    ("name", "town"),
    [
        ("Lodz", "Łódź"),
        ("TROMSO", "Tromsø"),
        ("Giessen", "Gießen"),
        ("sao paulo", "São Paulo"),
        ("L’Aquila", "L'Aquila"),
        ("İstanbul", "Istanbul"),
        ("New York", "New York City"),
        ("San Francisco California", "San Francisco"),
        ("California, Maryland", "California"),
        ("London, UK", "London"),
        ("Paris, USA", "Paris"),
    ],
)
def test_a_town_is_known_without_its_accents(name, town):
    assert near(name)[1].startswith(f"within 25 km of {town}, ")


def test_places_stand_among_the_words_and_say_what_they_were_taken_for():
    words, asked = split('beach near:"Lisbon 20 km" -place:Spain -near:Porto', ())
    assert words == "beach"
    read = read_filters(asked, None)
    assert set(read.filters) == {
        Required((Near(38.71667, -9.13333, 20),)),
        Forbidden(AtPlace("Spain")),
        Forbidden(near("Porto")[0]),
    }
    assert [part.meaning for part in read.parts] == [
        "within 20 km of Lisbon, Lisbon, Portugal",
        "place with 'Spain' in its name",
        "within 25 km of Porto, Porto, Portugal",
    ]


def test_places_filter_words_lists_and_photos_like_one(placed):
    every = found(placed, "animal")
    assert found(placed, "animal near:Lisbon") == every & at(placed, LISBON) != set()
    assert found(placed, 'near:"Lisbon 40 km"') == at(placed, LISBON, CASCAIS)
    assert found(placed, "-near:Lisbon") == at(placed, CASCAIS, PORTO, None)
    assert found(placed, "place:portugal") == at(placed, LISBON, CASCAIS, PORTO)
    assert found(placed, "-place:portugal") == at(placed, None)
    assert found(placed, "near:Lisbon place:porto") == set()
    assert found(placed, "near:Lisbon near:Porto") == at(placed, LISBON, PORTO)
    like = next(iter(at(placed, PORTO)))
    alike = found(placed, "", like=like)
    assert found(placed, "", like=like, filters={"near": "Porto 5 km"}) == alike & at(placed, PORTO)


def test_a_hit_says_where_it_was_taken(placed):
    places = {hit.id: hit.place for hit in placed.search("animal", 500).hits}
    assert {places[id] for id in places.keys() & at(placed, CASCAIS)} == {
        "Cascais, Lisbon, Portugal"
    }
    assert {places[id] for id in places.keys() & at(placed, None)} == {None}


def test_places_are_counted_and_each_count_is_what_the_filter_finds(placed):
    counted = placed.facets()
    assert {one.value: one.photos for one in counted.places} == {
        place_of(spot): len(at(placed, spot)) for spot in (LISBON, CASCAIS, PORTO)
    }
    for one in counted.places:
        assert len(found(placed, f'place:"{one.value}"')) == one.photos
    assert counted.without["place"] == len(at(placed, None)) > 0


def test_a_place_that_no_photo_has_is_told_and_a_town_without_photos_is_no_mistake(
    placed, filtered
):
    with pytest.raises(BadValue, match=r"no photo was taken at a place .*did you mean 'Lisbon'"):
        placed.search("place:lissbon")
    assert found(placed, "near:Reykjavik") == set()
    with pytest.raises(BadValue, match="there are none"):
        filtered.search("place:lisbon")  # whose photos have none
    assert found(filtered, "near:lisbon") == set() and found(filtered, "-near:lisbon")


def test_options_parameters_and_words_say_the_same(placed, placed_url):
    def run(*words):
        return CliRunner().invoke(main, ["search", *words, "--store", placed_url])

    by_words = json.loads(run("animal", "near:Lisbon 40 km", "--json").stdout)
    options = json.loads(run("animal", "--near", "Lisbon 40 km", "--json").stdout)
    assert by_words["hits"] == options["hits"] != []
    with TestClient(create_app(placed), base_url="http://localhost") as client:
        given = {"q": "animal", "near": "Lisbon 40 km", "place": "portugal"}
        answer = client.get("/api/search", params=given).json()
        photo = client.get(f"/api/photos/{answer['hits'][0]['id']}").json()
    assert [hit["id"] for hit in answer["hits"]] == [hit["id"] for hit in by_words["hits"]]
    assert [hit["place"] for hit in answer["hits"]] == [hit["place"] for hit in by_words["hits"]]
    assert photo["place"] == answer["hits"][0]["place"]
    assert set(photo["location"]) == {"latitude", "longitude"}
    told = run("animal", "--place", "Cascais")
    assert "Cascais, Lisbon, Portugal" in told.stdout.splitlines()[0]
    wrong = run("--near", "Lissbon")
    assert wrong.exit_code == 1 and wrong.stderr.count("\n") == 1 and "Lisbon" in wrong.stderr
