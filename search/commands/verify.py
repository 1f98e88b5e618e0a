"""`magpie verify`: is the store as it should be?"""

from collections.abc import Iterator, Mapping

import click

from indexer.commands.output import counted, one_line
from search.commands.options import LibraryOptions, on_library


@click.command()
@click.option("--files", is_flag=True, help="Read every photo file again, and compare it.")
@click.option(
    "--repair",
    is_flag=True,
    help="Remove what is damaged and is made again: derived files, and photos that the next "
    "`magpie index` describes.",
)
@on_library()
@click.pass_context
def verify(ctx: click.Context, library: LibraryOptions, files: bool, repair: bool) -> None:
    """Check every invariant of the store and list what is broken.

    Also names the folders from which files are gone.
    """
    from indexer.progress.stderr import on_stderr

    with library.open_to_write() if repair else library.open() as opened:
        done = opened.repair(on_stderr()) if repair else ()
        broken = opened.verify(files, on_stderr())
        gone = opened.gone_files()
    lines = [*broken, *_lines(gone)]
    told = {"broken": broken, "gone": gone} | ({"repaired": done} if repair else {})
    library.target.show(told, [*done, *(lines or ["everything is as it should be"])])
    ctx.exit(1 if lines else 0)


def _lines(gone: Mapping[str, int]) -> Iterator[str]:
    for folder, number in gone.items():
        yield one_line(
            f"{counted(number, 'file')} gone from {folder!r}: mount its disk, or forget what is "
            f"gone with `magpie index {folder!r} --prune`"
        )
