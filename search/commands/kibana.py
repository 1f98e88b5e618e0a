"""`magpie kibana`: data views and dashboards."""

import click

from indexer.commands.cli import Target, on_store, one_line, show_json
from indexer.errors import BadValue


@click.command()
@click.option(
    "--url",
    envvar="MAGPIE_KIBANA",
    show_envvar=True,
    metavar="URL",
    help="Kibana, https://USER:PASSWORD@HOST:5601, with /s/SPACE for a space; without it the "
    "objects are printed, to be imported by hand.",
)
@click.option(
    "--api",
    default="http://127.0.0.1:8000",
    show_default=True,
    metavar="URL",
    help="Where browsers reach `magpie serve`, for thumbnails.",
)
@on_store
@click.pass_context
def kibana(ctx: click.Context, url: str | None, api: str, target: Target) -> None:
    """Put data views and the dashboards "Library" and "Learning" into Kibana.

    An API key is read from MAGPIE_KIBANA_KEY.
    """
    from search.kibana import (
        import_objects,
        key_of_environment,
        parse_kibana,
        saved_objects,
        to_lines,
    )

    objects = saved_objects(_store_name(target.url), _base(api))
    if url is None:
        click.echo(to_lines(objects), nl=False)
        return
    done = import_objects(parse_kibana(url, key_of_environment()), objects)
    if target.as_json:
        show_json(done)
    else:
        click.echo(f"{done.objects} objects are in {done.kibana}")
        for address in done.dashboards:
            click.echo(address)
    for one in done.failed:
        click.echo(one_line(f"magpie: not taken: {one.kind} {one.title!r}: {one.reason}"), err=True)
    ctx.exit(1 if done.failed else 0)


def _store_name(url: str) -> str:
    from indexer.stores.urls import kind_of, to_address

    if kind_of(url) != "elasticsearch":
        raise BadValue(
            "Kibana shows what is in Elasticsearch: name such a store, "
            "--store http://HOST:9200/NAME"
        )
    return to_address(url).name


def _base(api: str) -> str:
    if not api.startswith(("http://", "https://")) or any(c in api for c in "\"'\\{} "):
        raise BadValue(f"--api {api!r} is no URL: use http://HOST:8000")
    return api
