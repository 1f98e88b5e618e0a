"""The group of commands: how a command fails, and how it ends when it is interrupted."""

import signal
from contextlib import suppress
from typing import Any

import click

from indexer.commands.output import one_line
from indexer.derived.private import made_for_owner, mend_cache
from indexer.errors import MagpieError


class Failed(click.ClickException):
    """An expected failure: printed as one line, exit code 1."""

    def show(self, file: Any = None) -> None:
        """Print the message to stderr on one line, even if a file name in it has line breaks."""
        click.echo(f"magpie: {one_line(self.message)}", err=True)


class Group(click.Group):
    """A group whose commands fail with one line and end quietly when interrupted."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that `ctx` names."""
        try:
            with made_for_owner():
                mend_cache()
                return super().invoke(ctx)
        except MagpieError as error:
            raise Failed(str(error)) from error
        except KeyboardInterrupt:
            click.echo("magpie: interrupted; what was done is kept", err=True)
            raise SystemExit(130) from None


def end_on_sigterm() -> None:
    """Let SIGTERM, which systemd and Docker send, end a long command as Ctrl-C does."""
    with suppress(ValueError):  # not in the main thread
        signal.signal(signal.SIGTERM, signal.default_int_handler)
