"""Write mappings/kibana/*.ndjson; `--check` fails if they are out of date.

Saved objects hold JSON text inside JSON, which is hopeless to edit by hand, so this file defines
the data views, dashboards and panels in Python.
"""

import sys
from pathlib import Path

from kibana_charts import BARS, LINES, NUMBER, PIE, ROWS, SHARES, TABLE
from kibana_forms import (
    BYTES,
    COLUMNS,
    MILLISECONDS,
    PERCENT,
    PHOTO,
    bucket,
    dashboard,
    documents,
    metric,
    over_time,
    split,
    terms,
    view,
    written,
)
from kibana_map import grid

FOLDER = Path(__file__).parents[1] / "mappings" / "kibana"

VIEWS = (
    view("", id=PHOTO, neighbours__id=PHOTO, top_probability=PERCENT, bytes=BYTES),
    view("files", photo=PHOTO, bytes=BYTES),
    view("feedback", "time", good=PHOTO, bad=PHOTO, shown=PHOTO),
    view("words", examples=PHOTO),
    view("searches", "time", milliseconds=MILLISECONDS),
)

RANGES = [(0, 100_000), (100_000, 1_000_000), (1_000_000, 5_000_000), (5_000_000, 20_000_000)]
SIZES = [{"from": low, "to": high} for low, high in RANGES] + [{"from": 20_000_000}]
COUNT = metric(label="Photos")
SEARCHES = metric(label="Searches")
CLICKS = metric(label="Clicks")

LIBRARY = (
    NUMBER.panel(
        "library-numbers", "Library in numbers", "photos",
        [COUNT, metric("sum", "bytes", "Size"), metric("cardinality", "top_label", "Labels")],
        width=COLUMNS, height=7,
    ),
    BARS.panel(
        "library-captured", "Photos by month of capture", "photos",
        [COUNT, over_time("captured", "Month", "M")], width=32,
    ),
    PIE.panel("library-cameras", "Cameras", "photos", [COUNT, terms("camera", "Camera")]),
    ROWS.panel(
        "library-ancestors", "What photos show, from wide to narrow", "photos",
        [COUNT, terms("ancestor_names", "Kind of thing", 30)], width=COLUMNS, height=20,
    ),
    ROWS.panel(
        "library-labels", "Most common top labels", "photos",
        [COUNT, terms("top_label", "Label", 25)], width=24, height=16,
    ),
    BARS.panel(
        "library-probabilities", "Probability of the top label", "photos",
        [COUNT, bucket("histogram", "segment", "top_probability", "Probability",
                       interval=0.1, min_doc_count=False, has_extended_bounds=False)],
        width=24, height=16,
    ),
    grid("library-map", "Where photos were taken", "photos", "location"),
    ROWS.panel(
        "library-places", "Places", "photos", [COUNT, terms("place", "Place", 25)],
        width=COLUMNS, height=16,
    ),
    PIE.panel("library-models", "Models", "photos", [COUNT, terms("model", "Model")]),
    PIE.panel("library-formats", "Formats", "photos", [COUNT, terms("format", "Format")]),
    BARS.panel(
        "library-sizes", "File sizes", "photos",
        [COUNT, bucket("range", "segment", "bytes", "Size", ranges=SIZES)],
    ),
    documents(
        "library-photos", "Photos", "photos",
        ["id", "top_label", "top_probability", "captured", "paths"], "captured",
    ),
    TABLE.panel(
        "library-unreadable", "Files that could not be read", "files",
        [metric(label="Files"), terms("reason", "Reason", 50, "bucket")], "reason : *",
        width=COLUMNS,
    ),
)  # fmt: skip

LEARNING = (
    BARS.panel(
        "learning-searches", "Searches by day", "searches",
        [SEARCHES, over_time("time", "Day", "d"),
         split(familiar="familiar : true", unfamiliar="familiar : false")], width=24,
    ),
    BARS.panel(
        "learning-clicks", "Clicks by day", "feedback",
        [CLICKS, over_time("time", "Day", "d"), split(good="good : *", bad="bad : *")],
        "kind : click", width=24,
    ),
    TABLE.panel(
        "learning-wanted", "Words to teach: unfamiliar words that people searched for", "searches",
        [SEARCHES, metric("cardinality", "user", "People"), metric("max", "time", "Latest"),
         terms("unfamiliar", "Word", 50, "bucket")], "familiar : *", width=24, height=16,
    ),
    SHARES.panel(
        "learning-good", "Share of good clicks by query", "feedback",
        [CLICKS, terms("query", "Query", 20), split(good="good : *", bad="bad : *")],
        "kind : click", width=24, height=16,
    ),
    documents(
        "learning-words", "Learned words and their examples", "words",
        ["word", "examples", "good", "bad", "uploads", "users", "changed"], "changed",
        "word : *",
    ),
    LINES.panel(
        "learning-latency", "Search time in milliseconds", "searches",
        [metric("percentiles", "milliseconds", percents=[50, 95, 99]),
         over_time("time", "Hour", "h")], width=24,
    ),
    TABLE.panel(
        "learning-nothing", "Searches that found nothing", "searches",
        [SEARCHES, terms("query", "Query", 50, "bucket")], "hits : 0", width=24,
    ),
    ROWS.panel(
        "learning-users", "What people taught", "feedback",
        [metric(label="Events"), terms("user", "User", 20),
         {**terms("kind", "Kind"), "schema": "group"}], width=COLUMNS,
    ),
)  # fmt: skip


def files() -> dict[str, str]:
    """Return the text of each file, by file name."""
    objects = {
        "data-views": list(VIEWS),
        "library": dashboard(
            "library", "Magpie: Library", "What the photos are and what the network sees", LIBRARY
        ),
        "learning": dashboard(
            "learning", "Magpie: Learning", "What people search for, teach and cannot find",
            LEARNING,
            timeFrom="now-90d", timeTo="now",
        ),
    }  # fmt: skip
    return {
        f"{name}.ndjson": "".join(f"{written(one)}\n" for one in lines)
        for name, lines in objects.items()
    }


def main() -> None:
    """Write the files, or compare them with what would be written."""
    for name, text in files().items():
        file = FOLDER / name
        if sys.argv[1:] != ["--check"]:
            file.write_text(text, "utf-8")
        elif file.read_text("utf-8") != text:
            sys.exit(f"{file} is out of date: run scripts/kibana.py")


if __name__ == "__main__":
    main()
