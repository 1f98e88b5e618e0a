"""What Kibana asks Elasticsearch for, to fill a panel."""

from typing import Any

from saved_objects import METRICS, Agg, VisState

Body = dict[str, Any]

STEPS = {"h": "1h", "d": "1d", "M": "1M"}


def kuery(text: str) -> Body:
    """Return the query of the little of Kibana's language that the panels use: `field : value`."""
    if not text:
        return {"match_all": {}}
    field, _, value = text.partition(" : ")
    if value == "*":
        return {"exists": {"field": field}}
    return {"term": {field: {"true": True, "false": False}.get(value, value)}}


def aggregations(state: VisState) -> Body:
    """Return the aggregations of a chart: parts nest in their order, numbers are in the last."""
    numbers = {a.id: _number(a) for a in state.aggs if a.type in METRICS and a.type != "count"}
    inner: Body = numbers
    for agg in reversed([a for a in state.aggs if a.type not in METRICS]):
        counted = agg.params.get("orderBy") == "1" and state.aggs[0].type == "count"
        inner = {agg.id: _part(agg, counted) | ({"aggs": inner} if inner else {})}
    return inner


def _number(agg: Agg) -> Body:
    params = {name: agg.params[name] for name in ("field", "percents") if name in agg.params}
    return {agg.type: params}


def _part(agg: Agg, counted: bool) -> Body:
    params = agg.params
    if agg.type == "terms":
        order = {"_count" if counted else params["orderBy"]: params["order"]}
        return {"terms": {"field": params["field"], "size": params["size"], "order": order}}
    if agg.type == "date_histogram":
        step = {"field": params["field"], "calendar_interval": STEPS[params["interval"]]}
        return {"date_histogram": step | {"min_doc_count": params["min_doc_count"]}}
    if agg.type == "histogram":
        least = 0 if params["min_doc_count"] else 1
        step = {"field": params["field"], "interval": params["interval"]}
        return {"histogram": step | {"min_doc_count": least}}
    if agg.type == "range":
        return {"range": {"field": params["field"], "ranges": params["ranges"], "keyed": True}}
    named = {one["label"]: kuery(one["input"]["query"]) for one in params["filters"]}
    return {"filters": {"filters": named}}


def emptiness(state: VisState, answer: Body) -> list[str]:
    """Return what of a chart would be empty: parts without documents, numbers without a value."""
    found = answer.get("aggregations", {})
    parts = [agg for agg in state.aggs if agg.type not in METRICS]
    empty = ["no documents"] if answer["hits"]["total"]["value"] == 0 else []
    level = [found]
    for agg in parts:
        buckets = [bucket for one in level for bucket in _buckets(one.get(agg.id, {}))]
        level = [bucket for bucket in buckets if bucket["doc_count"]]
        if not level:
            return [*empty, f"{agg.type} of {agg.params.get('field', 'queries')}"]
        if agg.type == "filters":  # each line of the legend must be there
            labels = {b["label"] for b in level}
            wanted = {one["label"] for one in agg.params["filters"]}
            empty += [f"filter {label}" for label in wanted - labels]
    for agg in (agg for agg in state.aggs if agg.type in METRICS and agg.type != "count"):
        if not any(_has_value(one.get(agg.id, {})) for one in level):
            empty.append(f"{agg.type} of {agg.params['field']}")
    return empty


def _buckets(found: Body) -> list[Body]:
    buckets = found.get("buckets", [])
    if isinstance(buckets, dict):
        return [{**bucket, "label": label} for label, bucket in buckets.items()]
    return list(buckets)


def _has_value(found: Body) -> bool:
    values = found["values"].values() if "values" in found else [found.get("value")]
    return all(value is not None for value in values)
