"""mappings/kibana: objects that Kibana 8.19 takes, of fields that exist, no panel empty."""

import json
from itertools import combinations

import kibana as script
import panels
import pytest
import saved_objects
from documents import fields
from pydantic import ValidationError

import mappings
from indexer.stores.elasticsearch.indices import PARTS
from search.kibana import saved_objects as fit

OBJECTS = {one["id"]: one for one in mappings.kibana()}
NUMBERS = {"integer", "long", "float"}
TIMES = {"date", "date_nanos"}


def of_type(*kinds):
    return [id for id, one in OBJECTS.items() if one["type"] in kinds]


def attributes(id):
    return saved_objects.read(OBJECTS[id])[1]


def view_of(id):
    """The index that an object reads, and the types of its fields."""
    (reference,) = OBJECTS[id]["references"]
    title = OBJECTS[reference["id"]]["attributes"]["title"]
    index = title.removeprefix("photos").removeprefix("-") or "photos"
    return title, {n: f["type"] for n, f in fields(mappings.load(index)["properties"])}


def test_the_files_are_what_the_script_writes():
    for name, text in script.files().items():
        assert (script.FOLDER / name).read_text("utf-8") == text, "run scripts/kibana.py"


@pytest.mark.parametrize("id", OBJECTS)
def test_an_object_has_the_format_of_kibana(id):
    one, _ = saved_objects.read(OBJECTS[id])
    assert one.id == id


@pytest.mark.parametrize(
    "change",
    [
        lambda one: one["attributes"].pop("visState"),
        lambda one: one["attributes"].update(visState="{"),
        lambda one: one["attributes"].update(hits=1),
        lambda one: one.update(typeMigrationVersion="10.3.0"),
        lambda one: one["attributes"].update(
            visState=one["attributes"]["visState"].replace('"horizontal_bar"', '"bars"')
        ),
    ],
)
def test_the_format_is_strict(change):
    one = json.loads(json.dumps(OBJECTS["magpie-photos-library-labels"]))
    change(one)
    with pytest.raises(ValidationError):
        saved_objects.read(one)


def test_there_is_a_data_view_for_every_index():
    titles = {OBJECTS[id]["attributes"]["title"] for id in of_type("index-pattern")}
    assert titles == {"photos", *(f"photos-{part}" for part in PARTS)}


def test_what_is_referred_to_comes_before_and_nothing_is_left_over():
    seen, used = set(), set()
    for id, one in OBJECTS.items():
        for reference in one["references"]:
            assert reference["id"] in seen, f"{id} needs {reference['id']}"
            assert OBJECTS[reference["id"]]["type"] == reference["type"]
            used.add(reference["id"])
        seen.add(id)
    assert len(seen) == len(mappings.kibana())
    assert seen - used == set(of_type("dashboard"))


@pytest.mark.parametrize("id", of_type("visualization", "search"))
def test_a_panel_names_its_data_view_by_the_name_of_its_reference(id):
    meta = attributes(id).kibanaSavedObjectMeta.searchSourceJSON
    assert meta.indexRefName == OBJECTS[id]["references"][0]["name"]


@pytest.mark.parametrize("id", of_type("dashboard"))
def test_the_panels_of_a_dashboard_lie_side_by_side_and_are_all_referred_to(id):
    shown = attributes(id).panelsJSON
    names = {reference["name"]: reference for reference in OBJECTS[id]["references"]}
    assert names.keys() == {f"{p.panelIndex}:{p.panelRefName}" for p in shown}
    for panel in shown:
        assert names[f"{panel.panelIndex}:{panel.panelRefName}"]["type"] == panel.type
        assert panel.gridData.i == panel.panelIndex
        assert panel.gridData.x + panel.gridData.w <= 48
    for a, b in combinations([panel.gridData for panel in shown], 2):
        beside = a.x + a.w <= b.x or b.x + b.w <= a.x
        assert beside or a.y + a.h <= b.y or b.y + b.h <= a.y, f"{a} covers {b}"


# --- fields


@pytest.mark.parametrize("id", of_type("index-pattern"))
def test_a_data_view_names_fields_of_its_mapping(id):
    view, index = attributes(id), id.removeprefix("magpie-photos-view-")
    known = {name: field for name, field in fields(mappings.load(index)["properties"])}
    assert set(view.fieldFormatMap) <= set(known)
    assert {one.value for one in view.sourceFilters} <= set(known)
    assert view.timeFieldName is None or known[view.timeFieldName]["type"] in TIMES
    for name, form in view.fieldFormatMap.items():
        expected = {"keyword"} if form.id == "url" else NUMBERS
        assert known[name]["type"] in expected


def fitting(agg, kind):
    """Whether an aggregation can be made of a field of a type."""
    if agg.type in ("terms", "cardinality"):
        return kind in {"keyword", "boolean"}
    if agg.type == "date_histogram":
        return kind in TIMES
    return kind in NUMBERS or (agg.type == "max" and kind in TIMES)


@pytest.mark.parametrize("id", of_type("visualization"))
def test_a_chart_aggregates_fields_of_its_mapping_in_roles_that_its_type_has(id):
    state, (_, known) = attributes(id).visState, view_of(id)
    for agg in state.aggs:
        params = saved_objects.PARAMS[agg.type].model_validate(agg.params)
        assert agg.schema_ in saved_objects.SCHEMAS[state.type]
        assert (agg.schema_ == "metric") == (agg.type in saved_objects.METRICS)
        if hasattr(params, "field"):
            assert fitting(agg, known[params.field])
        for one in getattr(params, "filters", ()):
            assert one.input.query.partition(" : ")[0] in known
    query = attributes(id).kibanaSavedObjectMeta.searchSourceJSON.query.query
    assert not query or query.partition(" : ")[0] in known


@pytest.mark.parametrize("id", of_type("search"))
def test_a_table_of_documents_shows_fields_of_its_mapping(id):
    table, (_, known) = attributes(id), view_of(id)
    assert set(table.columns) <= set(known)
    assert all(name in known and order in ("asc", "desc") for name, order in table.sort)


@pytest.mark.parametrize("id", of_type("map"))
def test_a_map_shows_a_position_of_its_mapping_and_asks_no_service(id):
    (layer,), (_, known) = attributes(id).layerListJSON, view_of(id)
    assert known[layer.sourceDescriptor.geoField] == "geo_point"
    assert layer.sourceDescriptor.indexPatternRefName == OBJECTS[id]["references"][0]["name"]


# --- panels over a library with data in it


@pytest.mark.parametrize("id", of_type("map"))
def test_a_map_is_not_empty(taught, id):
    (layer,), (index, _) = attributes(id).layerListJSON, view_of(id)
    squares = {"geotile_grid": {"field": layer.sourceDescriptor.geoField, "precision": 8}}
    body = {"size": 0, "aggs": {"squares": squares}}
    assert taught.ask("POST", f"{index}/_search", body)["aggregations"]["squares"]["buckets"]


@pytest.mark.parametrize("id", of_type("visualization"))
def test_a_chart_is_not_empty(taught, id):
    chart, (index, _) = attributes(id), view_of(id)
    body = {
        "size": 0,
        "query": panels.kuery(chart.kibanaSavedObjectMeta.searchSourceJSON.query.query),
        "aggs": panels.aggregations(chart.visState),
    }
    answer = taught.ask("POST", f"{index}/_search", body)
    assert panels.emptiness(chart.visState, answer) == []


@pytest.mark.parametrize("id", of_type("search"))
def test_a_table_of_documents_is_not_empty(taught, id):
    table, (index, _) = attributes(id), view_of(id)
    sort = [{name: order} for name, order in table.sort]
    body = {"sort": sort, "fields": table.columns, "_source": False}
    first, *_ = taught.ask("POST", f"{index}/_search", body)["hits"]["hits"]
    assert first["fields"].keys() == set(table.columns)


def test_a_chart_over_nothing_is_called_empty(taught):
    state = attributes("magpie-photos-library-labels").visState
    body = {"query": {"term": {"format": "tiff"}}, "aggs": panels.aggregations(state)}
    answer = taught.ask("POST", "photos/_search", body)
    assert panels.emptiness(state, answer) == ["no documents", "terms of top_label"]


# --- one's own store


def test_objects_of_another_store_stand_apart_and_point_to_its_own_api():
    fitted = {one["id"]: one for one in fit("holiday", "https://magpie.example.com/")}
    assert not fitted.keys() & OBJECTS.keys()
    for one in fitted.values():
        saved_objects.read(one)
        assert all(reference["id"] in fitted for reference in one["references"])
    views = [one for one in fitted.values() if one["type"] == "index-pattern"]
    names = ("holiday", *(f"holiday-{part}" for part in PARTS))
    assert {one["attributes"]["title"] for one in views} == set(names)
    text = json.dumps(list(fitted.values()))
    assert "127.0.0.1" not in text
    assert "https://magpie.example.com/api/photos/{{value}}/image?size=320" in text


def test_the_objects_as_they_lie_are_those_of_a_store_named_photos():
    assert fit("photos", "http://127.0.0.1:8000") == mappings.kibana()


def test_a_thumbnail_is_where_the_data_views_look_for_it():
    (view,) = [v for v in script.VIEWS if v["id"] == "magpie-photos-view-photos"]
    template = json.loads(view["attributes"]["fieldFormatMap"])["id"]["params"]["urlTemplate"]
    from search.api.routes.photos import router

    paths = {route.path for route in router.routes}
    path = template.removeprefix("http://127.0.0.1:8000").partition("?")[0]
    assert path.replace("{{value}}", "{id}") in {p.replace("{photo}", "{id}") for p in paths}
