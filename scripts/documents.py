"""Write the tables of docs/documents.md from mappings/*.json; `--check` fails if they are outdated.

Each field is shown with its type, unit, meaning, an example and a query that uses it. The text
between the tables is written by hand.
"""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import mappings

FILE = Path(__file__).parents[1] / "docs" / "documents.md"
INDICES = ("photos", "files", "feedback", "words", "searches")
MARK = re.compile(r"<!-- fields of (\w+) -->\n.*?<!-- end -->\n", re.DOTALL)
COLUMNS = ("field", "type", "unit", "what", "example", "query")
UNSEARCHED = "none: it is only read"
LONGEST = 40
"""Characters shown of an example."""


def fields(properties: dict[str, Any], above: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the fields of a mapping by their full names ("neighbours.id")."""
    for name, field in properties.items():
        if "properties" in field:
            yield from fields(field["properties"], f"{above}{name}.")
        else:
            yield above + name, field


def example(document: dict[str, Any], name: str) -> Any:
    """Return the value of a field in an example; in a list of objects, that of the first."""
    value: Any = document
    for part in name.split("."):
        value = value[0] if isinstance(value, list) else value
        value = value[part]
    return value


def query(name: str, field: dict[str, Any], value: Any) -> dict[str, Any] | None:
    """Return the body of a search that finds the example by this field; None if there is none."""
    kind = field["type"]
    one = value[0] if isinstance(value, list) and value else value
    if field.get("enabled") is False or field.get("index") is False:
        return None
    if kind == "dense_vector":
        return {"knn": {"field": name, "query_vector": value, "k": 10}}
    if kind == "sparse_vector":
        return {"query": {"term": {name: {"value": max(value, key=value.get)}}}}
    if kind == "geo_point":
        return {"query": {"geo_distance": {"distance": "1km", name: value}}}
    if kind in ("keyword", "boolean"):
        return {"query": {"term": {name: one}}}
    return {"query": {"range": {name: {"gte": one}}}}


def table(index: str) -> str:
    """Return the table of an index as Markdown."""
    mapping, document = mappings.load(index), mappings.examples()[index]
    lines = [mapping["_meta"]["about"], "", _line(COLUMNS), _line(["---"] * len(COLUMNS))]
    for name, field in fields(mapping["properties"]):
        value, meta = example(document, name), field.get("meta", {})
        asked = query(name, field, value)
        lines.append(
            _line(
                (
                    f"`{name}`",
                    f"`{field['type']}`",
                    meta.get("unit", ""),
                    meta.get("about", "see above"),
                    f"`{_short(value)}`",
                    f"`{_body(asked, value)}`" if asked else UNSEARCHED,
                )
            )
        )
    return "\n".join(lines) + "\n"


def text(old: str) -> str:
    """Return the document with its tables rebuilt."""
    return MARK.sub(
        lambda found: f"<!-- fields of {found[1]} -->\n{table(found[1])}<!-- end -->\n", old
    )


def _body(asked: dict[str, Any], value: Any) -> str:
    if "knn" in asked:  # a vector would fill pages
        asked = {"knn": {**asked["knn"], "query_vector": "${vector}"}}
    return json.dumps(asked, ensure_ascii=False)


def _short(value: Any) -> str:
    written = json.dumps(value, ensure_ascii=False)
    return written if len(written) <= LONGEST else f"{written[:LONGEST]}..."


def _line(cells: Any) -> str:
    return "| " + " | ".join(cells) + " |"


def main() -> None:
    """Write the document, or compare it with what would be written."""
    old = FILE.read_text("utf-8")
    new = text(old)
    if sys.argv[1:] == ["--check"]:
        sys.exit(0 if new == old else f"{FILE} is out of date: run scripts/documents.py")
    FILE.write_text(new, "utf-8")


if __name__ == "__main__":
    main()
