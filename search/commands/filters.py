"""The options by which commands filter and sort photos."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import click

from indexer.errors import BadValue
from search.filters.asked import DATES
from search.filters.dates import period

Command = Callable[..., Any]
Filters = dict[str, tuple[str, ...]]
"""Kind of a filter -> the values that were given for it."""

HELP = {
    "after": ("DATE", "Photos from DATE on: 2019, 2019-05, 2019-05-31 or summer 2019."),
    "before": ("DATE", "Photos before DATE."),
    "near": ("PLACE", "Photos around a town or position: Lisbon, 'Lisbon 10 km', 38.72,-9.14."),
    "place": ("NAME", "Photos whose town, region or country has NAME in it."),
    "camera": ("NAME", "Photos of a camera with NAME in its make and model."),
    "folder": ("NAME", "Photos in a folder with NAME in its path."),
    "format": ("NAME", "Photos of a format, such as jpeg or heic."),
    "name": ("NAME", "Photos with NAME in the file name."),
    "orientation": ("SHAPE", "Photos of a shape: portrait, landscape or square."),
}

OPERATOR = re.compile(
    r"([-−–]?(camera|folder|name|place|near|after|before|on|in):)([^\"]*\s[^\"]*)", re.IGNORECASE
)


with_order = click.option(
    "--sort",
    "order",
    type=click.Choice(["score", "newest", "oldest"]),
    default="score",
    show_default=True,
    help="Which photos come first. By time, photos without words to search for are listed too.",
)


def with_filters(command: Command) -> Command:
    """Add the filters; the command gets `filters: Filters`."""
    decorated = command
    for kind, (metavar, text) in reversed(HELP.items()):
        many = "" if kind in ("after", "before") else " Several times: any of them."
        option = click.option(
            f"--{kind}",
            metavar=metavar,
            multiple=True,
            expose_value=False,
            callback=_keep,
            help=text + many,
        )
        decorated = option(decorated)
    return decorated


def _keep(context: click.Context, option: click.Parameter, values: tuple[str, ...]) -> None:
    """Collect the filters in one parameter of the command."""
    filters: Filters = context.params.setdefault("filters", {})
    if not all(value.strip() for value in values):  # a variable of a script that is not set
        raise click.BadParameter("it is empty: give a value, or leave the option out")
    if values:
        filters[option.name or ""] = values


def quoted(word: str) -> str:
    """Return an argument with the quotation marks that the shell took away: camera:"iphone 7"."""
    found = OPERATOR.fullmatch(word)
    if found is None or (found[2].lower() in DATES and not _is_date(found[3])):
        return word  # "in:2019 dog" may be one argument too
    return f'{found[1]}"{found[3]}"'


def _is_date(text: str) -> bool:
    try:
        period(text, date.today())
    except BadValue:
        return False
    return True
