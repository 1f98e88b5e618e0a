"""What many tests need: real photos, and a cache that leaves the user's own alone."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from sharing import made_once, run_folder, shared_server
from surroundings import (
    ROOT,
    check_marked,
    current,
    mark,
    missing,
    need_elasticsearch,
    wanted_version,
)

TOGETHER = ("tests/mappings/",)
"""Folders whose tests share one library under a fixed name: one worker runs them all."""

LONGEST = (
    "tests/web/",
    "tests/deployment/",
    "tests/indexer/network/",
    "tests/indexer/moving/",
    "tests/mappings/",
)
"""Folders of long files, the longest first: else one worker would have nothing to do at the end."""


def pytest_configure() -> None:
    """Let no example of hypothesis fail because the machine is busy.

    And heed Ctrl-C even in the background of a shell: tests send it to processes they start.
    """
    settings.register_profile("without a clock", deadline=None)
    settings.load_profile("without a clock")
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(tryfirst=True)  # before options such as -m look at markers
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests with what they need, and begin with the longest."""
    mark(items)
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> int:
    """The place of a test's folder among the longest."""
    places = (place for place, name in enumerate(LONGEST) if item.nodeid.startswith(name))
    return next(places, len(LONGEST))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Give a worker whole files, or folders, in the order of collection."""
    from xdist.scheduler import LoadFileScheduling

    class InFiles(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.partition("::")[0]
            return next((folder for folder in TOGETHER if file.startswith(folder)), file)

    return InFiles(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Tell which test runs."""
    current[:] = [item]
    done = yield
    current.clear()
    return done


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A cache of this test run, for the processes it starts too.

    The user's own is left alone, and a converted network of an earlier run hides no new fault.
    """
    folder = run_folder(tmp_path_factory) / "cache"
    folder.mkdir(exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MAGPIE_CACHE", str(folder))
        yield folder


@pytest.fixture(scope="session", autouse=True)
def one_look() -> Iterator[int]:
    """Let the default network look once at a photo, six times as fast; give its usual looks.

    Tests of looks ask for them, or for the fixture `all_looks`.
    """
    from indexer.network.models.efficientnet_lite0 import EfficientNetLite0

    usual = EfficientNetLite0.looks
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(EfficientNetLite0, "looks", 1)
        patch.setenv("MAGPIE_LOOKS", "1")
        yield usual


@pytest.fixture
def all_looks(one_look: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the default network look as often as it does for users."""
    from indexer.network.models.efficientnet_lite0 import EfficientNetLite0

    monkeypatch.setattr(EfficientNetLite0, "looks", one_look)
    monkeypatch.delenv("MAGPIE_LOOKS")


@pytest.fixture(scope="session")
def networks(tmp_path_factory: pytest.TempPathFactory, own_cache: Path) -> Path:
    """The cache's folder of converted networks, with the default one: that costs many seconds."""
    from indexer.network import engines, models
    from indexer.network.openvino_conversion import converted

    def make(_: Path) -> None:
        if engines.installed("openvino"):
            model = models.load("efficientnet_lite0")
            converted(model, model.weights())

    made_once(run_folder(tmp_path_factory) / "network", make)
    return own_cache / "openvino"


@pytest.fixture
def new_cache(networks: Path) -> Callable[[Path], Path]:
    """Make a cache folder that holds nothing but the networks, and return it."""

    def make(folder: Path) -> Path:
        folder.mkdir()
        (folder / networks.name).symlink_to(networks)
        return folder

    return make


@pytest.fixture(scope="session")
def photos_folder() -> Path:
    """The 1,200 labelled photos beside the checkout, to be used in place."""
    folder = ROOT.parent / "shared" / "photos"
    if not folder.is_dir():
        missing("../shared/photos")
    return folder


@pytest.fixture(scope="session")
def free_photos() -> list[Path]:
    """Sixteen real photographs with free licences out of Python packages."""
    from real_photos import real_photos

    return real_photos()


@pytest.fixture(scope="session")
def inception_weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Weights of Inception v3: the real ones if they are on this machine, else seeded random ones.

    The random file's name begins with "random"; test_inception.py says which it was.
    """
    from indexer.network import models

    given = os.environ.get("MAGPIE_WEIGHTS", "")
    real = Path(given) if given.endswith(".h5") else models.load("inception_v3").local_weights()
    if real:
        return real
    name, script = "random_inception_v3.h5", ROOT / "scripts" / "random_weights.py"

    def make(folder: Path) -> None:
        # In a process of its own, because the test run need not hold TensorFlow.
        command = [sys.executable, script, folder / name]
        subprocess.run(command, check=True, capture_output=True)

    return made_once(run_folder(tmp_path_factory) / "weights", make) / name


@pytest.fixture(scope="session")
def indexed_photos(
    tmp_path_factory: pytest.TempPathFactory, free_photos: list[Path], networks: Path
) -> Path:
    """A folder with the free photos but the last, and a store of them beside it: to be copied."""
    from search.library import open_library

    def make(home: Path) -> None:
        (home / "photos").mkdir()
        for photo in free_photos[:-1]:
            shutil.copy(photo, home / "photos")
        with open_library(f"sqlite:///{home}/photos.db") as library:
            library.index([home / "photos"])

    return made_once(run_folder(tmp_path_factory) / "indexed", make)


@pytest.fixture(scope="session")
def elasticsearch_url(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The server of ES_URL, else one of ES_VERSION from Maven artifacts for all workers."""
    import elasticsearch_server

    if given := os.environ.get("ES_URL"):
        return given.rstrip("/")
    need_elasticsearch(wanted_version())
    server = ExitStack()
    # After the session: no test's teardown should wait for other workers.
    pytestconfig.add_cleanup(server.close)
    folder = run_folder(tmp_path_factory) / "elasticsearch"
    return server.enter_context(shared_server(folder, elasticsearch_server.running_in_memory))


@pytest.fixture
def elasticsearch_store_url(elasticsearch_url: str) -> Iterator[str]:
    """The URL of a store that is not there yet; its indices are removed after the test."""
    import elasticsearch_server

    check_marked("elasticsearch")  # where it is asked for by name of the fixture
    with elasticsearch_server.new_store(elasticsearch_url) as url:
        yield url
