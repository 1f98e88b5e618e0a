"""What all commands share: options, JSON on stdout, and errors of one line."""

import json
import re
import signal
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, fields, is_dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from indexer.derived.locations import default_store
from indexer.errors import MagpieError
from indexer.network.options import BATCH, NetworkOptions

if TYPE_CHECKING:
    from indexer.photos.finding import Skipped
    from indexer.progress import Progress

_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")

Command = Callable[..., Any]


class Failed(click.ClickException):
    """An expected failure: printed as one line, exit code 1."""

    def show(self, file: Any = None) -> None:
        """Print the message to stderr, whatever line breaks a file name brings into it."""
        click.echo(f"magpie: {one_line(self.message)}", err=True)


class Group(click.Group):
    """A group whose commands fail with one line and end quietly when interrupted."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that `ctx` names."""
        try:
            return super().invoke(ctx)
        except MagpieError as error:
            raise Failed(str(error)) from error
        except KeyboardInterrupt:
            click.echo("magpie: interrupted; what was done is kept", err=True)
            raise SystemExit(130) from None


@dataclass(frozen=True, slots=True)
class Target:
    """Which store a command works on, and how it answers."""

    url: str
    as_json: bool


def on_store(command: Command) -> Command:
    """Add `--store` and `--json`; the command gets them as one argument `target: Target`."""

    @click.option(
        "--store",
        envvar="MAGPIE_STORE",
        show_envvar=True,
        metavar="URL",
        help="sqlite:///path or http(s)://host:9200/name  [default: photos.db in the user data "
        "folder]",
    )
    @click.option("--json", "as_json", is_flag=True, help="Print one JSON document on stdout.")
    @wraps(command)
    def with_target(*args: Any, store: str | None, as_json: bool, **options: Any) -> Any:
        return command(*args, target=Target(store or default_store(), as_json), **options)

    return with_target


def with_network(command: Command) -> Command:
    """Add the options of commands that run a vision network.

    The command gets them as one argument `network: NetworkOptions`, which its own `--model` and
    `--batch`, if it has them, become part of.
    """

    @click.option("--engine", default="auto", show_default=True, help="Runtime of the network.")
    @click.option(
        "--weights",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        envvar="MAGPIE_WEIGHTS",
        show_envvar=True,
        metavar="FILE",
        help="Weights of the network.",
    )
    @wraps(command)
    def with_choices(*args: Any, engine: str, weights: Path | None, **options: Any) -> Any:
        own = {name: options.pop(name) for name in ("model", "batch") if name in options}
        network = NetworkOptions(engine=engine, weights=weights, **own)
        return command(*args, network=network, **options)

    return with_choices


def with_describing(command: Command) -> Command:
    """Add the options of commands that describe many photos.

    The command gets `network: NetworkOptions` and `threads: int`, the number of photos to read at
    the same time; 0 = one a core.
    """

    @click.option("--model", default="auto", show_default=True, help="Vision network.")
    @click.option(
        "--batch",
        type=click.IntRange(1, 1024),
        default=BATCH,
        show_default=True,
        help="Photos the network sees at once.",
    )
    @click.option(
        "--workers",
        "threads",
        type=click.IntRange(0, 256),
        default=0,
        help="Photos read at once; 0: one a core.",
    )
    @with_network
    @wraps(command)
    def with_all(*args: Any, threads: int, **options: Any) -> Any:
        return command(*args, threads=threads, **options)

    return with_all


def end_on_sigterm() -> None:
    """Let systemd and Docker, which send SIGTERM, end a long command as Ctrl-C does."""
    with suppress(ValueError):  # not in the main thread
        signal.signal(signal.SIGTERM, signal.default_int_handler)


def one_line(text: str) -> str:
    """Return text, such as the path of a file, without line breaks and orders to the terminal."""
    return _CONTROLS.sub(lambda found: repr(found[0])[1:-1], text)


def say_skipped(failed: "Iterable[Skipped]", progress: "Progress") -> None:
    """Name the files that a run could not read."""
    for trouble in failed:
        progress.say(f"skipped {trouble.path!r}: {trouble.reason}")


def show_json(value: Any) -> None:
    """Print `value`, records included, as one JSON document."""
    click.echo(json.dumps(to_json(value), ensure_ascii=False, indent=2))


def to_json(value: Any) -> Any:
    """Turn records (dataclasses), mappings and sequences into what JSON knows."""
    if is_dataclass(value):
        return {field.name: to_json(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {key: to_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [to_json(item) for item in value]
    return value
