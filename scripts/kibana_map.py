"""The map of scripts/kibana.py: circles, each as large as many photos were taken there.

It has no background: Kibana's own would come from a service on the network.
"""

from kibana_forms import COLUMNS, Json, Panel, saved, written

SOURCE = "layer_0_source_index_pattern"
"""By this name Kibana finds the data view of the first layer."""


def grid(id: str, title: str, view: str, field: str, height: int = 20) -> Panel:
    """Return a map of how many documents of a data view have a position in each of its squares."""
    layer: Json = {
        "id": f"{id}-layer",
        "label": "Photos",
        "type": "GEOJSON_VECTOR",
        "minZoom": 0,
        "maxZoom": 24,
        "alpha": 0.75,
        "visible": True,
        "includeInFitToBounds": True,
        "joins": [],
        "sourceDescriptor": {
            "type": "ES_GEO_GRID",
            "id": f"{id}-source",
            "geoField": field,
            "requestType": "point",
            "resolution": "COARSE",
            "metrics": [{"type": "count"}],
            "applyGlobalQuery": True,
            "applyGlobalTime": False,
            "applyForceRefresh": True,
            "indexPatternRefName": SOURCE,
        },
        "style": {"type": "VECTOR", "properties": _properties(), "isTimeAware": False},
    }
    state: Json = {
        "zoom": 1.5,
        "center": {"lon": 0, "lat": 20},
        "timeFilters": {"from": "now-50y", "to": "now"},
        "refreshConfig": {"isPaused": True, "interval": 0},
        "query": {"query": "", "language": "kuery"},
        "filters": [],
        "settings": {"autoFitToDataBounds": True},
    }
    attributes = {
        "title": title,
        "description": "",
        "mapStateJSON": written(state),
        "layerListJSON": written([layer]),
        "uiStateJSON": written({"isLayerTOCOpen": False, "openTOCDetails": []}),
    }
    reference = {"type": "index-pattern", "id": f"magpie-photos-view-{view}", "name": SOURCE}
    return Panel(saved("map", id, attributes, [reference]), COLUMNS, height)


def _properties() -> Json:
    count = {"name": "doc_count", "origin": "source"}
    smooth = {"isEnabled": False, "sigma": 3}
    return {
        "icon": {"type": "STATIC", "options": {"value": "marker"}},
        "fillColor": {"type": "STATIC", "options": {"color": "#54B399"}},
        "lineColor": {"type": "STATIC", "options": {"color": "#FFFFFF"}},
        "lineWidth": {"type": "STATIC", "options": {"size": 1}},
        "iconSize": {
            "type": "DYNAMIC",
            "options": {"minSize": 7, "maxSize": 26, "field": count, "fieldMetaOptions": smooth},
        },
        "labelText": {"type": "DYNAMIC", "options": {"field": count}},
        "labelSize": {"type": "STATIC", "options": {"size": 12}},
    }
