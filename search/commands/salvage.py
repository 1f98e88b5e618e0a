"""`magpie salvage`: what is left of a damaged library."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from indexer.commands.group import end_on_sigterm
from indexer.commands.options import Target, with_json
from indexer.commands.output import counted, one_line

if TYPE_CHECKING:
    from indexer.moving.salvage import Salvaged


@click.command()
@click.argument("store")
@click.argument("new")
@with_json
def salvage(store: str, new: str, as_json: bool) -> None:
    """Copy what can be read of a damaged library into a new one.

    STORE and NEW are URLs, sqlite:///path; STORE stays as it is, and nobody may write to it
    meanwhile. What people taught comes first. Then run `magpie index` on your folders, which
    describes the photos that were lost.
    """
    from indexer.moving.salvage import salvage as copy_rest
    from indexer.progress.stderr import on_stderr
    from indexer.stores import open_store
    from search.teaching.log import Log, write_learned

    end_on_sigterm()
    done = copy_rest(store, new, on_stderr())
    with closing(open_store(new)) as made:
        write_learned(Log(made.events), made.learned)
        words = len(made.learned.read())
    Target(new, as_json).show({**asdict(done), "words": words}, _lines(done, words))


def _lines(done: "Salvaged", words: int) -> Iterator[str]:
    yield (
        f"{counted(done.events, 'event')}, {counted(words, 'word')}, "
        f"{counted(done.photos, 'photo')}, {counted(done.files, 'file')} and "
        f"{done.searches:,} searches are in {done.target}"
    )
    if done.bad_events:
        lost = counted(len(done.bad_events), "event")
        yield one_line(f"{lost} could not be read: {', '.join(done.bad_events)}")
    if done.missing:
        yield f"{counted(done.missing, 'file')} to read again: run `magpie index` on your folders"
