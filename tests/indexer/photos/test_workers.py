"""A picture cannot take the process that indexes: workers are ended, files are named."""

import errno
import io
import os
import struct
import sys
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path

import odd_worker
import pytest
from PIL import Image

from indexer.errors import NotNow, Unreadable
from indexer.photos import decoding
from indexer.photos.decoding import LARGEST_PICTURE, decode, measure
from indexer.photos.finding import Found, find
from indexer.photos.memory import resident
from indexer.photos.reading import PhotoReader, Ready, Unread
from indexer.photos.worker_budget import Budget
from indexer.photos.workers import DecodeWorkers

IN_WORKERS = ("TIFF", "JPEG2000", "AVIF", "HEIF")
HERE = ("JPEG", "PNG", "WEBP", "GIF", "BMP")
SMALL = Budget(spare=60_000_000, seconds=1, patience=60)


def photo(size: tuple[int, int] = (96, 64)) -> Image.Image:
    return Image.linear_gradient("L").resize(size).convert("RGB")


def png(text: str = "") -> bytes:
    """A PNG with a text behind it, which no decoder minds."""
    file = io.BytesIO()
    photo().save(file, "PNG")
    return file.getvalue() + f"\n{text}".encode()


def claiming(side: int, data: bytes) -> bytes:
    """A PNG whose header says that it is as large as that."""
    header = b"IHDR" + struct.pack(">2I", side, side) + data[24:29]
    return data[:12] + header + struct.pack(">I", zlib.crc32(header)) + data[33:]


@pytest.fixture
def odd(monkeypatch: pytest.MonkeyPatch) -> Iterator[DecodeWorkers]:
    """Workers that do what the file says."""
    places = [str(Path(odd_worker.__file__).parent), *os.environ.get("PYTHONPATH", "").split(":")]
    monkeypatch.setenv("PYTHONPATH", ":".join(filter(None, places)))
    workers = DecodeWorkers(SMALL, "odd_worker")
    yield workers
    workers.close()


@pytest.fixture
def workers() -> Iterator[DecodeWorkers]:
    workers = DecodeWorkers()
    yield workers
    workers.close()


def asked(workers: DecodeWorkers, data: bytes) -> decoding.Decoded:
    return workers.decode(io.BytesIO(data), 32, LARGEST_PICTURE, None)


@pytest.mark.parametrize("format", [*IN_WORKERS, *HERE])
def test_a_worker_gives_the_same_picture(
    encode: Callable[..., bytes], workers: DecodeWorkers, format: str
) -> None:
    data = encode(photo(), format)
    here, there = decode(data, 32), asked(workers, data)
    assert there.image.tobytes() == here.image.tobytes()
    assert (
        there.image.reduce(2).tobytes() == here.image.reduce(2).tobytes()
    )  # as thumbnails are made
    assert (there.width, there.height, there.format) == (here.width, here.height, here.format)


@pytest.mark.parametrize("format", [*IN_WORKERS, *HERE])
def test_ordinary_photos_need_no_worker(
    encode: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch, format: str
) -> None:
    started = []
    monkeypatch.setattr(DecodeWorkers, "decode", lambda *asked: started.append(asked))
    decode(encode(photo(), format), 32, workers=DecodeWorkers())
    assert bool(started) == (format in IN_WORKERS)


def test_what_is_damaged_large_or_claims_much_goes_to_a_worker(
    china: bytes, encode: Callable[..., bytes], workers: DecodeWorkers
) -> None:
    class Counted(DecodeWorkers):
        def decode(self, *arguments: object) -> decoding.Decoded:
            asked_for.append(arguments)
            return workers.decode(*arguments)

    asked_for: list[object] = []
    counted = Counted()
    assert decode(china[: len(china) * 9 // 10], 1000, workers=counted).damaged
    cut_png = encode(photo((300, 200)), "PNG", compress_level=0)
    assert decode(cut_png[: len(cut_png) * 8 // 10], 32, workers=counted).damaged
    decode(encode(photo((5200, 5000)), "PNG"), 32, workers=counted)
    assert len(asked_for) == 3


def test_whatever_is_wrong_with_a_file_is_told_as_here(
    encode: Callable[..., bytes], workers: DecodeWorkers
) -> None:
    for format in IN_WORKERS:
        data = encode(photo(), format)
        cut = data[: len(data) // 3]
        with pytest.raises(Unreadable) as here:
            decode(cut, 32)
        with pytest.raises(Unreadable) as there:
            decode(cut, 32, workers=workers)
        assert str(there.value) == str(here.value)
        assert not isinstance(there.value, NotNow)


def test_uploads_of_intricate_formats_are_measured_in_a_worker(
    encode: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch, workers: DecodeWorkers
) -> None:
    data = encode(photo(), "TIFF")
    assert measure(data, workers=workers) == (96, 64)
    monkeypatch.setattr(DecodeWorkers, "measure", lambda *_: (1, 2))
    assert measure(data, workers=workers) == (1, 2)


def test_a_worker_that_takes_too_much_memory_is_ended(odd: DecodeWorkers) -> None:
    with pytest.raises(NotNow, match=r"decoding took over \d+ MB of memory, and was ended"):
        asked(odd, png("take 400"))
    assert asked(odd, png()).width == 96


def test_a_worker_that_computes_too_long_is_ended_for_good(odd: DecodeWorkers) -> None:
    with pytest.raises(Unreadable, match="decoding took too long, and was ended") as caught:
        asked(odd, png("compute"))
    assert not isinstance(caught.value, NotNow)
    assert asked(odd, png()).width == 96


def test_a_worker_that_stands_still_is_ended_for_now(odd: DecodeWorkers) -> None:
    hasty = DecodeWorkers(replace(SMALL, patience=1), "odd_worker")
    with pytest.raises(NotNow, match="stood still"):
        asked(hasty, png("stand still"))
    assert hasty._idle == []


def test_a_crash_ends_the_worker_and_is_told(odd: DecodeWorkers) -> None:
    with pytest.raises(Unreadable, match=r"its decoder crashed \(SIGSEGV\)") as caught:
        asked(odd, png("crash"))
    assert not isinstance(caught.value, NotNow)
    assert asked(odd, png()).width == 96


def test_a_crash_that_an_earlier_file_may_have_caused_is_tried_again(
    odd: DecodeWorkers, tmp_path: Path
) -> None:
    assert asked(odd, png(f"once {tmp_path}/mark")).width == 96
    assert (tmp_path / "mark").exists()


def test_a_worker_that_the_system_killed_is_a_shortage_of_memory(odd: DecodeWorkers) -> None:
    with pytest.raises(NotNow, match="the system ended the process"):
        asked(odd, png("be killed"))
    with pytest.raises(NotNow, match="not enough memory"):
        asked(odd, png("fail"))


def test_a_file_can_be_closed_though_its_worker_was_killed_before_it_read_it(
    odd: DecodeWorkers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ODD_WORKER", "dies unread")
    file = io.BytesIO(bytes(10_000_000))
    with pytest.raises(NotNow, match="the system ended the process") as caught:
        odd.decode(file, 32, LARGEST_PICTURE, None)
    file.close()
    assert caught.value.__context__ is None


def test_a_file_that_cannot_be_handed_over_is_tried_by_another_run(
    workers: DecodeWorkers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.EMFILE, "Too many open files")

    (tmp_path / "a.png").write_bytes(png())
    monkeypatch.setattr("indexer.photos.workers.GOING_SECONDS", 0.01)
    monkeypatch.setattr("indexer.photos.workers.send_handle", full)
    with (tmp_path / "a.png").open("rb") as file:
        with pytest.raises(NotNow, match="could not be reached"):
            workers.decode(file, 32, LARGEST_PICTURE, None)
        monkeypatch.undo()
        assert workers.decode(file, 32, LARGEST_PICTURE, None).width == 96


def test_workers_find_what_this_process_finds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "elsewhere.py").write_text(
        "import sys\nfrom multiprocessing.connection import Connection\n"
        "from indexer.photos.worker import serve\nserve(Connection(int(sys.argv[1])))\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delenv("PYTHONPATH", raising=False)
    workers = DecodeWorkers(SMALL, "elsewhere")
    assert asked(workers, png()).width == 96
    workers.close()


def test_a_worker_may_be_killed_while_its_picture_waits_for_room(workers: DecodeWorkers) -> None:
    class Long:
        def taking(self, _: float) -> AbstractContextManager[None]:
            for worker in workers._busy:
                worker.kill()
                worker._process.wait()
            return nullcontext()

    with pytest.raises(NotNow, match="the system ended the process"):
        workers.decode(io.BytesIO(png()), 32, LARGEST_PICTURE, Long())


def test_more_threads_than_cores_wait_for_a_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    class Counting:
        def taking(self, _: float) -> AbstractContextManager[None]:
            busy.append(len(workers._busy))
            return nullcontext()

    busy: list[int] = []
    monkeypatch.setattr("indexer.photos.workers.cores", lambda: 1)
    workers = DecodeWorkers()
    data = png()
    with ThreadPoolExecutor(4) as pool:
        asking = (workers.decode, io.BytesIO(data), 32, LARGEST_PICTURE, Counting())
        answers = [pool.submit(*asking) for _ in range(6)]
        assert {answer.result().width for answer in answers} == {96}
    assert len(busy) == 6 and max(busy) <= 2
    assert len(workers._idle) <= 2
    workers.close()


def test_workers_that_do_not_start_blame_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NotNow, match="did not start"):
        asked(DecodeWorkers(module="no_such_module"), png())
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    with pytest.raises(NotNow, match="no process could be started"):
        asked(DecodeWorkers(), png())


def test_a_picture_waits_for_room_as_large_as_it_says(workers: DecodeWorkers) -> None:
    class Heard:
        def taking(self, size: float) -> AbstractContextManager[None]:
            heard.append(size)
            return nullcontext()

    heard: list[float] = []
    workers.decode(io.BytesIO(png()), 32, LARGEST_PICTURE, Heard())
    assert heard == [5 * 96 * 64]


def test_a_picture_larger_than_half_of_what_is_free_waits_for_another_run(
    workers: DecodeWorkers, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = claiming(10_000, png()) + bytes(100_000)
    monkeypatch.setattr("indexer.photos.workers.free", lambda: 700_000_000)
    with pytest.raises(NotNow, match="decoding takes 500 MB of memory, and only 700 MB are free"):
        asked(workers, data)


def test_a_few_bytes_cannot_claim_a_huge_picture() -> None:
    with pytest.raises(Unreadable, match=r"14000 x 14000 pixels cannot be in a photo of \d+ bytes"):
        decode(claiming(14_000, png()), 224)


def test_a_run_goes_on_and_names_each_file(odd: DecodeWorkers, tmp_path: Path) -> None:
    orders = ("", "take 400", "crash", "", "compute", "be killed", "")
    for number, order in enumerate(orders):
        file = io.BytesIO()
        photo((96, 64 + number)).save(file, "TIFF")
        (tmp_path / f"{number}.tif").write_bytes(file.getvalue() + f"\n{order}".encode())
    found = [one for one in find([tmp_path]) if isinstance(one, Found)]
    results = [*PhotoReader(lambda image: image, 32, (), 2, workers=odd).read_all(found)]
    assert [isinstance(one, Ready) for one in results] == [not order for order in orders]
    unread = [one for one in results if isinstance(one, Unread)]
    assert [one.lasting for one in unread] == [False, True, True, False]
    assert all(one.reason for one in unread)


def test_workers_end_with_the_run(workers: DecodeWorkers) -> None:
    asked(workers, png())
    (worker,) = workers._idle
    number = worker._process.pid
    assert resident(number) > 10_000_000
    workers.close()
    assert resident(number) == 0
