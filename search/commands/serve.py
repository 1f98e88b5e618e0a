"""`magpie serve`: the HTTP API and the page."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from indexer.commands.options import with_network
from search.api.callers import parse_ip
from search.api.settings import Settings, key_from_environment
from search.commands.options import (
    LibraryOptions,
    on_library,
    with_dictionaries,
    with_language,
    with_search_log,
    with_word_vectors,
)

MILLION = 1_000_000
DEFAULTS = Settings()


def with_settings(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of the server, as one argument `settings: Settings`."""

    @click.option("--host", default=DEFAULTS.host, show_default=True, help="Address to listen on.")
    @click.option(
        "--port",
        default=DEFAULTS.port,
        show_default=True,
        type=click.IntRange(0, 65535),
        help="Port to listen on; 0: any free one.",
    )
    @click.option(
        "--origin",
        "origins",
        multiple=True,
        metavar="URL",
        help="The server's address behind a proxy, or another site whose pages may use the API. "
        "Can be repeated.",
    )
    @click.option(
        "--proxy",
        "proxies",
        multiple=True,
        metavar="ADDRESS",
        help="Address of a proxy that tells its callers in X-Forwarded-For: rates and wrong keys "
        "then count for each caller. Can be repeated.",
    )
    @click.option(
        "--upload-megabytes",
        default=DEFAULTS.upload_bytes / MILLION,
        show_default=True,
        type=click.FloatRange(0.001, 2000),
        help="Maximum size of an uploaded file.",
    )
    @click.option(
        "--upload-megapixels",
        default=DEFAULTS.upload_pixels / MILLION,
        show_default=True,
        type=click.FloatRange(0.001, 200),
        help="Maximum number of pixels in an uploaded picture.",
    )
    @click.option(
        "--rate",
        default=DEFAULTS.requests_a_second,
        show_default=True,
        type=click.FloatRange(0.1),
        help="Requests per second that one client may send in the long run.",
    )
    @wraps(command)
    def with_all(
        *args: Any,
        host: str,
        port: int,
        origins: tuple[str, ...],
        proxies: tuple[str, ...],
        upload_megabytes: float,
        upload_megapixels: float,
        rate: float,
        **options: Any,
    ) -> Any:
        settings = Settings(
            host=host,
            port=port,
            key=key_from_environment(),
            origins=frozenset(origin.rstrip("/") for origin in origins),
            proxies=frozenset(map(parse_ip, proxies)),
            upload_bytes=int(upload_megabytes * MILLION),
            upload_pixels=int(upload_megapixels * MILLION),
            requests_a_second=rate,
        )
        return command(*args, settings=settings, **options)

    return with_all


@click.command()
@with_settings
@on_library(with_search_log, with_language, with_word_vectors, with_dictionaries, with_network)
def serve(settings: Settings, library: LibraryOptions) -> None:
    """Serve the page and the HTTP API.

    With --host 0.0.0.0 other machines can reach it. Clients must then send the key that you set in
    the environment as MAGPIE_API_KEY.
    """
    from search.api.server import listen, run

    settings.check()
    opened = library.open()
    with listen(settings.host, settings.port) as (listening, url):
        if library.target.as_json:
            library.target.show({"url": url}, ())
        else:
            click.echo(f"Magpie is at {url}", err=True)
        run(opened, settings, listening)
