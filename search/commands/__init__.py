"""`magpie`: the group of all commands."""

import click

from indexer.commands.exports import copy_files, distances, features, labels
from indexer.commands.group import Group
from indexer.commands.index import index_command
from indexer.commands.reindex import reindex_command
from search.commands.copy import copy
from search.commands.evaluate import evaluate
from search.commands.facets import facets
from search.commands.indexing import open_library, prepare
from search.commands.kibana import kibana
from search.commands.salvage import salvage
from search.commands.search import search, similar
from search.commands.serve import serve
from search.commands.status import status
from search.commands.teaching import feedback, history, teach, undo
from search.commands.transfer import export, import_
from search.commands.verify import verify
from search.commands.words import forget, merge, rename, words


@click.group(cls=Group, context_settings={"max_content_width": 100})
@click.version_option(package_name="magpie-search")
def main() -> None:
    """Image search that you can teach."""


for _command in (
    *(index_command(open_library), reindex_command(prepare)),
    *(search, facets, similar, status, verify, evaluate, serve, kibana, copy, salvage),
    *(teach, feedback, undo, history, words, forget, rename, merge, export, import_),
    *(labels, features, distances, copy_files),
):
    main.add_command(_command)
