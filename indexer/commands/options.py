"""The options that commands share: the store, the vision network, and how to describe photos."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any, Self

import click

from indexer.commands.output import show_json
from indexer.derived.locations import default_store
from indexer.network.options import BATCH, LOOKS, NetworkOptions

Command = Callable[..., Any]

OWN = ("batch", "looks")
"""Options that only some commands have, and that are part of `NetworkOptions`."""

DEFAULT_STORE_HELP = "[default: photos.db in the user data folder]"
with_json = click.option(
    "--json", "as_json", is_flag=True, help="Print the result as one JSON document."
)


@dataclass(frozen=True, slots=True)
class Target:
    """Which store a command works on, and how the command answers."""

    url: str
    as_json: bool

    @classmethod
    def of(cls, store: str | None, as_json: bool) -> Self:
        """Return the store of that URL; the default one without it."""
        return cls(store or default_store(), as_json)

    def show(self, report: Any, lines: Iterable[str]) -> None:
        """Print `report` as JSON if that was asked for, otherwise `lines`."""
        if self.as_json:
            show_json(report)
            return
        for line in lines:
            click.echo(line)


def with_store(command: Command) -> Command:
    """Add `--store` and `--json`; the command gets what `Target.of` takes."""
    option = click.option(
        "--store",
        envvar="MAGPIE_STORE",
        show_envvar=True,
        metavar="URL",
        help=f"The library: sqlite:///path or http(s)://host:9200/name.  {DEFAULT_STORE_HELP}",
    )
    return option(with_json(command))


def on_store(command: Command) -> Command:
    """Add `--store` and `--json`; the command gets them as one argument `target: Target`."""

    @with_store
    @wraps(command)
    def with_target(*args: Any, store: str | None, as_json: bool, **options: Any) -> Any:
        return command(*args, target=Target.of(store, as_json), **options)

    return with_target


def with_network(command: Command) -> Command:
    """Add the options of commands that run a vision network, as `network: NetworkOptions`.

    If the command has its own `--batch` and `--looks`, they become part of it.
    """

    @click.option(
        "--model",
        default="auto",
        show_default=True,
        metavar="NAME",
        help="The vision network: a name, or a folder that holds one; auto: that of the library.",
    )
    @click.option(
        "--engine",
        default="auto",
        show_default=True,
        help="Runtime of the vision network; auto: the fastest one installed.",
    )
    @click.option(
        "--weights",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        envvar="MAGPIE_WEIGHTS",
        show_envvar=True,
        metavar="FILE",
        help="Weights of the vision network.",
    )
    @wraps(command)
    def with_choices(
        *args: Any, model: str, engine: str, weights: Path | None, **options: Any
    ) -> Any:
        own = {name: options.pop(name) for name in OWN if name in options}
        network = NetworkOptions(model=model, engine=engine, weights=weights, **own)
        return command(*args, network=network, **options)

    return with_choices


def with_looks(variable: str | None = None) -> Callable[[Command], Command]:
    """Add `--looks` to a command that describes libraries.

    Args:
        variable: of the environment that gives it too. Where the option is an order to describe
            photos again, nothing but the command line may give it.
    """
    return click.option(
        "--looks",
        envvar=variable,
        show_envvar=variable is not None,
        type=click.Choice(["auto", *map(str, LOOKS)]),
        callback=lambda _context, _option, given: given and (0 if given == "auto" else int(given)),
        help="How often the network looks at a photo: 1, at the middle; 5, at the corners too; 6, "
        "at the whole photo too.  [default: the library's; auto in a new one]",
    )


def with_describing(command: Command) -> Command:
    """Add the options of commands that describe many photos.

    The command gets `network: NetworkOptions` and `threads: int`, the number of photos to read at
    once (0: one per core).
    """
    options = (
        click.option(
            "--batch",
            type=click.IntRange(1, 1024),
            default=BATCH,
            show_default=True,
            help="Photos that the network sees at once.",
        ),
        click.option(
            "--workers",
            "threads",
            type=click.IntRange(0, 256),
            default=0,
            help="Photos to read at once; 0: one per core.",
        ),
        with_network,
    )
    for option in reversed(options):
        command = option(command)
    return command
