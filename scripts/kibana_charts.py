"""The kinds of charts that scripts/kibana.py uses, and what Kibana stores for each."""

from collections.abc import Iterable
from dataclasses import dataclass

from kibana_forms import Json, Panel, saved, source, written


@dataclass(frozen=True)
class Chart:
    """What all charts of one kind have in common."""

    type: str
    params: Json

    def panel(
        self, id: str, title: str, view: str, aggs: Iterable[Json], query: str = "",
        width: int = 16, height: int = 12,
    ) -> Panel:  # fmt: skip
        """Return a chart of the documents that a query finds in a data view."""
        meta, references = source(view, query)
        numbered = [{"id": str(n), "enabled": True, **agg} for n, agg in enumerate(aggs, start=1)]
        state = {"title": title, "type": self.type, "aggs": numbered, "params": self.params}
        attributes = {
            "title": title,
            "description": "",
            "visState": written(state),
            "uiStateJSON": "{}",
            "version": 1,
            "kibanaSavedObjectMeta": meta,
        }
        return Panel(saved("visualization", id, attributes, references), width, height)


def _axes(kind: str, horizontal: bool = False, scale: str = "normal") -> Json:
    value, category = ("bottom", "left") if horizontal else ("left", "bottom")
    labels = {"show": True, "filter": True, "truncate": 100}
    return {
        "type": kind,
        "grid": {"categoryLines": False},
        "categoryAxes": [
            {
                "id": "CategoryAxis-1", "type": "category", "position": category, "show": True,
                "style": {}, "scale": {"type": "linear"}, "labels": labels, "title": {},
            }
        ],
        "valueAxes": [
            {
                "id": "ValueAxis-1", "name": "LeftAxis-1", "type": "value", "position": value,
                "show": True, "style": {}, "labels": {**labels, "rotate": 0}, "title": {},
                "scale": {"type": "linear", "mode": scale},
            }
        ],
        "seriesParams": [
            {
                "show": True, "type": kind, "valueAxis": "ValueAxis-1",
                "mode": "normal" if kind == "line" else "stacked",
                "data": {"label": "Count", "id": "1"}, "drawLinesBetweenPoints": True,
                "lineWidth": 2, "interpolate": "linear", "showCircles": True,
            }
        ],
        "addTooltip": True,
        "addLegend": True,
        "legendPosition": "right",
        "times": [],
        "addTimeMarker": False,
        "truncateLegend": True,
        "maxLegendLines": 1,
        "labels": {"show": False},
        "thresholdLine": {
            "show": False, "value": 10, "width": 1, "style": "full", "color": "#E7664C",
        },
        "palette": {"type": "palette", "name": "default"},
    }  # fmt: skip


BARS = Chart("histogram", _axes("histogram"))
ROWS = Chart("horizontal_bar", _axes("histogram", horizontal=True))
SHARES = Chart("horizontal_bar", _axes("histogram", horizontal=True, scale="percentage"))
LINES = Chart("line", _axes("line"))
PIE = Chart(
    "pie",
    {
        "type": "pie", "addTooltip": True, "legendDisplay": "show", "legendPosition": "right",
        "nestedLegend": False, "truncateLegend": True, "maxLegendLines": 1, "isDonut": True,
        "distinctColors": False, "emptySizeRatio": 0.3,
        "palette": {"type": "palette", "name": "default"},
        "labels": {
            "show": True, "last_level": False, "values": True, "valuesFormat": "percent",
            "percentDecimals": 1, "truncate": 100, "position": "default",
        },
    },
)  # fmt: skip
TABLE = Chart(
    "table",
    {
        "perPage": 10, "showPartialRows": False, "showMetricsAtAllLevels": False,
        "showTotal": False, "showToolbar": True, "totalFunc": "sum", "percentageCol": "",
        "autoFitRowToContent": True,
    },
)  # fmt: skip
NUMBER = Chart(
    "metric",
    {
        "type": "metric", "addTooltip": True, "addLegend": False,
        "metric": {
            "percentageMode": False, "useRanges": False, "colorSchema": "Green to Red",
            "metricColorMode": "None", "colorsRange": [{"from": 0, "to": 10000}],
            "labels": {"show": True}, "invertColors": False,
            "style": {
                "bgFill": "#000", "bgColor": False, "labelColor": False, "subText": "",
                "fontSize": 40,
            },
        },
    },
)  # fmt: skip
