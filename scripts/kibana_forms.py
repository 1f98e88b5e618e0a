"""Templates of Kibana's saved objects for scripts/kibana.py: data views, panels, dashboards.

Panels are aggregation-based visualizations, whose saved form (`visState`) Kibana has kept through
all of 8.x. The format of each object is that of the `typeMigrationVersion` it names, which Kibana
8.19 still reads.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

VERSIONS = {"index-pattern": "8.0.0", "visualization": "8.5.0", "search": "8.0.0"}
VERSIONS |= {"dashboard": "8.9.0", "map": "8.4.0"}
CORE_VERSION = "8.8.0"
IMAGE = "http://127.0.0.1:8000/api/photos/{{value}}/image?size=320"
COLUMNS = 48
"""Width of a dashboard."""


def written(value: Any) -> str:
    """Return JSON as Kibana stores it inside JSON."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def saved(kind: str, id: str, attributes: Json, references: Sequence[Json] = ()) -> Json:
    """Return a saved object as one line of a file."""
    return {
        "type": kind,
        "id": f"magpie-photos-{id}",
        "attributes": attributes,
        "references": list(references),
        "coreMigrationVersion": CORE_VERSION,
        "typeMigrationVersion": VERSIONS[kind],
        "managed": False,
    }


# --- data views

PHOTO: Json = {
    "id": "url",
    "params": {
        "type": "img",
        "urlTemplate": IMAGE,
        "labelTemplate": "{{value}}",
        "width": "160",
        "height": "160",
    },
}
PERCENT: Json = {"id": "percent", "params": {"pattern": "0,0.[0]%"}}
BYTES: Json = {"id": "bytes", "params": {"pattern": "0,0.[0]b"}}
MILLISECONDS: Json = {"id": "number", "params": {"pattern": "0,0.[0]"}}


def view(part: str, time: str = "", **formats: Json) -> Json:
    """Return the data view of an index; "" is the index of the photos.

    Without a time field, a dashboard's time filter hides nothing. Photos have none, because not
    every photo has a capture time.
    """
    attributes: Json = {
        "title": f"photos-{part}" if part else "photos",
        "name": f"Magpie {part or 'photos'}",
        "fields": "[]",
        "fieldAttrs": "{}",
        "fieldFormatMap": written({name.replace("__", "."): f for name, f in formats.items()}),
        "runtimeFieldMap": "{}",
        "sourceFilters": written([{"value": "vector"}] if not part else []),
        "typeMeta": "{}",
    }
    if time:
        attributes["timeFieldName"] = time
    return saved("index-pattern", f"view-{part or 'photos'}", attributes)


# --- panels


def source(view: str, query: str = "") -> tuple[Json, list[Json]]:
    """Return what a panel reads, and a reference to its data view."""
    name = "kibanaSavedObjectMeta.searchSourceJSON.index"
    read = {"query": {"query": query, "language": "kuery"}, "filter": [], "indexRefName": name}
    reference = {"type": "index-pattern", "id": f"magpie-photos-view-{view}", "name": name}
    return {"searchSourceJSON": written(read)}, [reference]


def metric(kind: str = "count", field: str = "", label: str = "", **params: Any) -> Json:
    """Return an aggregation that yields a number."""
    return {"type": kind, "schema": "metric", "params": _params(field, label, params)}


def bucket(kind: str, schema: str, field: str = "", label: str = "", **params: Any) -> Json:
    """Return an aggregation that splits documents into buckets."""
    return {"type": kind, "schema": schema, "params": _params(field, label, params)}


def terms(field: str, label: str, size: int = 10, schema: str = "segment") -> Json:
    """Return buckets of the most common values of a field."""
    order = {"orderBy": "1", "order": "desc", "size": size}
    others = {"otherBucket": False, "missingBucket": False}
    return bucket("terms", schema, field, label, **order, **others)


def over_time(field: str, label: str, interval: str) -> Json:
    """Return buckets of time; the interval "M" is a month, "d" a day."""
    steps = {"interval": interval, "min_doc_count": 1, "drop_partials": False}
    return bucket("date_histogram", "segment", field, label, **steps, extended_bounds={})


def split(**queries: str) -> Json:
    """Return buckets by query: {label: query}."""
    filters = [
        {"label": label, "input": {"query": query, "language": "kuery"}}
        for label, query in queries.items()
    ]
    return bucket("filters", "group", filters=filters)


def _params(field: str, label: str, params: Mapping[str, Any]) -> Json:
    named = {"field": field} if field else {}
    return named | dict(params) | ({"customLabel": label} if label else {})


@dataclass(frozen=True)
class Panel:
    """A panel of a dashboard: a `visualization`, `search` or `map`, its width and its height."""

    object: Json
    width: int
    height: int


def documents(
    id: str, title: str, view: str, columns: list[str], newest: str, query: str = ""
) -> Panel:
    """Return a table of documents, newest first, with photos as thumbnails."""
    meta, references = source(view, query)
    attributes = {
        "title": title,
        "description": "",
        "columns": columns,
        "sort": [[newest, "desc"]],
        "grid": {},
        "hideChart": True,
        "isTextBasedQuery": False,
        "rowHeight": -1,
        "kibanaSavedObjectMeta": meta,
    }
    return Panel(saved("search", id, attributes, references), COLUMNS, 20)


# --- dashboards


def dashboard(id: str, title: str, about: str, panels: Sequence[Panel], **time: Any) -> list[Json]:
    """Return the panels, and the dashboard that shows them row by row."""
    placed, references = [], []
    x = y = below = 0
    for number, panel in enumerate(panels, start=1):
        if x + panel.width > COLUMNS:
            x, y = 0, below
        name, kind = str(number), panel.object["type"]
        grid = {"x": x, "y": y, "w": panel.width, "h": panel.height, "i": name}
        placed.append(
            {
                "version": "8.19.0",
                "type": kind,
                "gridData": grid,
                "panelIndex": name,
                "embeddableConfig": {"enhancements": {}},
                "panelRefName": f"panel_{name}",
            }
        )
        reference = {"name": f"{name}:panel_{name}", "type": kind, "id": panel.object["id"]}
        references.append(reference)
        x, below = x + panel.width, max(below, y + panel.height)
    everything = {"query": {"query": "", "language": "kuery"}, "filter": []}
    options = {"useMargins": True, "syncColors": False, "syncCursor": True, "syncTooltips": False}
    attributes = {
        "title": title,
        "description": about,
        "panelsJSON": written(placed),
        "optionsJSON": written({**options, "hidePanelTitles": False}),
        "timeRestore": bool(time),
        **time,
        "kibanaSavedObjectMeta": {"searchSourceJSON": written(everything)},
        "version": 1,
    }
    shown = saved("dashboard", id, attributes, references)
    return [*(panel.object for panel in panels), shown]
