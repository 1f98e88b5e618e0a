"""What commands print: one JSON document or plain lines, free of control characters."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from indexer.photos.finding import Skipped
    from indexer.progress import Progress

_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def one_line(text: str) -> str:
    """Return text, such as a file's path, with line breaks and control characters escaped."""
    return _CONTROLS.sub(lambda found: repr(found[0])[1:-1], text)


def counted(number: int, noun: str) -> str:
    """Return "1 photo" or "2 photos"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def say_skipped(failed: "Iterable[Skipped]", progress: "Progress") -> None:
    """Name the files that a run could not read."""
    for trouble in failed:
        progress.say(f"skipped {trouble.path!r}: {trouble.reason}")


def say_damaged(damaged: "Iterable[str]", progress: "Progress") -> None:
    """Name the photos that a run read only in part."""
    for path in damaged:
        progress.say(f"damaged {path!r}: a part of the picture is missing; indexed what is there")


def show_json(value: Any) -> None:
    """Print `value`, which may hold dataclasses, as one JSON document."""
    click.echo(json.dumps(to_json(value), ensure_ascii=False, indent=2))


def to_json(value: Any) -> Any:
    """Turn dataclasses, mappings and sequences into JSON's own types."""
    if is_dataclass(value):
        return {field.name: to_json(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {key: to_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [to_json(item) for item in value]
    return value
