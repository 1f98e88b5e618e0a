"""Servers of Elasticsearch for benchmarks, as the tests start them: ES_VERSION chooses which."""

import sys
from contextlib import AbstractContextManager
from pathlib import Path
from subprocess import Popen

ROOT = Path(__file__).parents[1]


def running(folder: Path) -> AbstractContextManager[str]:
    """Run a server with its data in `folder`; give its URL once it answers, and stop it."""
    _find_tests()
    from elasticsearch_server import running as run

    return run(folder)


def node(
    folder: Path, *arguments: str, version: str = "", patience: float | None = None
) -> AbstractContextManager[tuple[str, Popen[bytes]]]:
    """As `running`, with arguments of tools/elasticsearch/start; gives the process too.

    Its start may take `patience` seconds; without it, as long as in tests.
    """
    _find_tests()
    from elasticsearch_server import START_SECONDS
    from elasticsearch_server import node as run

    return run(folder, *arguments, version=version, patience=patience or START_SECONDS)


def free_port() -> int:
    """Return a port that nobody listens on."""
    _find_tests()
    from elasticsearch_server import free_port as find

    return find()


def _find_tests() -> None:
    sys.path += [str(ROOT / "tests"), str(ROOT / "scripts")]
