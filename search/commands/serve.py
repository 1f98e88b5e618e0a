"""`magpie serve`: the HTTP API and the page."""

from pathlib import Path

import click

from indexer.commands.cli import Target, on_store, show_json, with_network
from indexer.network.options import NetworkOptions
from search.commands.options import open_target, with_search_log, with_word_vectors


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0: any free one"
)
@click.option(
    "--origin",
    "origins",
    multiple=True,
    metavar="URL",
    help="Address behind a proxy, or another site whose pages may use the API; again for more.",
)
@click.option(
    "--upload-megabytes",
    default=20.0,
    show_default=True,
    type=click.FloatRange(0.001, 2000),
    help="Size of an uploaded file at most.",
)
@click.option(
    "--upload-megapixels",
    default=50.0,
    show_default=True,
    type=click.FloatRange(0.001, 200),
    help="Pixels of an uploaded picture at most.",
)
@click.option(
    "--rate",
    default=300.0,
    show_default=True,
    type=click.FloatRange(0.1),
    help="Requests a second of one client, in the long run.",
)
@with_search_log
@with_word_vectors
@with_network
@on_store
def serve(
    host: str,
    port: int,
    origins: tuple[str, ...],
    upload_megabytes: float,
    upload_megapixels: float,
    rate: float,
    search_log: bool,
    word_vectors: Path | None,
    network: NetworkOptions,
    target: Target,
) -> None:
    """Serve the page and the HTTP API.

    Other machines can reach it with --host 0.0.0.0; then clients must know the key that is set in
    the environment as MAGPIE_API_KEY.
    """
    from search.api.server import listen, run
    from search.api.settings import Settings, key_of_environment

    settings = Settings(
        host=host,
        key=key_of_environment(),
        origins=frozenset(origin.rstrip("/") for origin in origins),
        upload_bytes=int(upload_megabytes * 1_000_000),
        upload_pixels=int(upload_megapixels * 1_000_000),
        requests_a_second=rate,
    )
    settings.check()
    library = open_target(target, network, word_vectors, search_log)
    with listen(host, port) as (listening, url):
        if target.as_json:
            show_json({"url": url})
        else:
            click.echo(f"Magpie is at {url}", err=True)
        run(library, settings, listening)
