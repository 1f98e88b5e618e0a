"""`magpie kibana`: data views and dashboards."""

import click

from indexer.commands.options import Target, on_store
from indexer.commands.output import one_line
from indexer.errors import BadValue


@click.command()
@click.option(
    "--url",
    envvar="MAGPIE_KIBANA",
    show_envvar=True,
    metavar="URL",
    help="Kibana: https://USER:PASSWORD@HOST:5601, with /s/SPACE for a space. Without it, the "
    "objects are printed for you to import.",
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
    """Put data views and dashboards into Kibana.

    The dashboards are "Library" and "Learning". An API key is read from MAGPIE_KIBANA_KEY.
    """
    from search.kibana import (
        import_objects,
        key_from_environment,
        parse_kibana,
        saved_objects,
        to_lines,
    )

    objects = saved_objects(_store_name(target.url), _base(api))
    if url is None:
        click.echo(to_lines(objects), nl=False)
        return
    done = import_objects(parse_kibana(url, key_from_environment()), objects)
    target.show(done, [f"{done.objects} objects are in {done.kibana}", *done.dashboards])
    for one in done.failed:
        refused = f"magpie: Kibana refused the {one.kind} {one.title!r}: {one.reason}"
        click.echo(one_line(refused), err=True)
    ctx.exit(1 if done.failed else 0)


def _store_name(url: str) -> str:
    from indexer.stores.urls import kind_of, to_address

    if kind_of(url) != "elasticsearch":
        raise BadValue(
            "Kibana shows what is in Elasticsearch: give such a store, "
            "--store http://HOST:9200/NAME"
        )
    return to_address(url).name


def _base(api: str) -> str:
    if not api.startswith(("http://", "https://")) or any(c in api for c in "\"'\\{} "):
        raise BadValue(f"--api {api!r} is not a URL: use http://HOST:8000")
    return api
