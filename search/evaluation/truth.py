"""Labelled photos and queries for evaluation: CSV files matched with what a store holds."""

import csv
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from indexer.errors import BadValue, NotFound
from indexer.stores import Store
from search.evaluation.measures import Judgement
from search.words.parsing import check_length


@dataclass(frozen=True, slots=True)
class Truth:
    """Which categories each photo shows, for photos that the store holds.

    Attributes:
        categories: photo id -> its categories.
        missing: number of paths that the store does not hold.
    """

    categories: dict[str, frozenset[str]]
    missing: int

    def photos_of(self, categories: frozenset[str]) -> frozenset[str]:
        """Return the ids of photos that show any of `categories`."""
        return frozenset(id for id, shown in self.categories.items() if shown & categories)


@dataclass(frozen=True, slots=True)
class Caption:
    """A text that somebody wrote about one photo; `photo` is its id."""

    photo: str
    text: str


def read_captions(file: Path, store: Store) -> list[Caption]:
    """Read a CSV file with the columns path and caption; paths are matched by their ending.

    Raises:
        NotFound: there is no such file, or the store holds none of its photos.
        BadValue: a column is missing, the file is not CSV, or a caption is too long.
    """
    rows = list(_rows(file, ("path", "caption")))
    ids = _ids_by_ending({row["path"] for row in rows}, store)
    captions = [
        Caption(ids[row["path"]], _checked(row["caption"], file))
        for row in rows
        if row["path"] in ids
    ]
    if not captions:
        raise NotFound(f"the store holds no photo of {str(file)!r}: index their folder first")
    return captions


def read_truth(file: Path, store: Store) -> Truth:
    """Read a CSV file with the columns path and category; paths are matched by their ending.

    Raises:
        NotFound: there is no such file, or the store holds none of its photos.
        BadValue: a column is missing, or the file is not CSV.
    """
    rows = list(_rows(file, ("path", "category")))
    ids = _ids_by_ending({row["path"] for row in rows}, store)
    categories = defaultdict(set)
    for row in rows:
        if row["path"] in ids:
            categories[ids[row["path"]]].add(row["category"])
    if not categories:
        raise NotFound(f"the store holds no photo of {str(file)!r}: index their folder first")
    missing = sum(row["path"] not in ids for row in rows)
    return Truth({id: frozenset(shown) for id, shown in categories.items()}, missing)


def read_queries(file: Path, truth: Truth) -> list[Judgement]:
    """Read a CSV file with the columns query, categories (separated by ";") and, optionally, kind.

    Queries without a correct answer in the store are left out.

    Raises:
        NotFound: there is no such file.
        BadValue: a column is missing, the file is not CSV, a query is too long, or no query has a
            correct answer.
    """
    judgements = [
        Judgement(
            _checked(row["query"], file),
            row.get("kind") or "all queries",
            truth.photos_of(frozenset(row["categories"].split(";"))),
        )
        for row in _rows(file, ("query", "categories"))
    ]
    judgements = [judgement for judgement in judgements if judgement.relevant]
    if not judgements:
        raise BadValue(f"no query of {str(file)!r} has a correct answer among the labelled photos")
    return judgements


def _checked(query: str, file: Path) -> str:
    try:
        check_length(query)
    except BadValue as error:
        raise BadValue(f"{str(file)!r}: {error}") from None
    return query


def _rows(file: Path, columns: Sequence[str]) -> Iterator[dict[str, str]]:
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines)
            missing = [name for name in columns if name not in (reader.fieldnames or ())]
            if missing:
                raise BadValue(
                    f"{str(file)!r} has no column {missing[0]!r}: give {_named(columns)}"
                )
            for row in reader:
                if any(row[name] is None for name in columns):
                    raise BadValue(f"{str(file)!r}, line {reader.line_num}: give {_named(columns)}")
                yield row
    except OSError as error:
        raise NotFound(f"cannot read {str(file)!r}: {error.strerror}") from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadValue(f"{str(file)!r} is not CSV in UTF-8: {error}") from None


def _named(columns: Sequence[str]) -> str:
    return f"the columns {' and '.join(columns)}"


def _ids_by_ending(paths: set[str], store: Store) -> dict[str, str]:
    """Return the photo id of each path that is the ending of a stored path."""
    by_name = defaultdict(list)
    for path in paths:
        by_name[path.rsplit("/", 1)[-1]].append(path)
    ids: dict[str, str] = {}
    for stored in store.files.read():
        for path in by_name.get(stored.path.rsplit("/", 1)[-1], ()):
            if stored.photo and f"/{stored.path}".endswith(f"/{path.lstrip('/')}"):
                ids.setdefault(path, stored.photo)
    return ids
