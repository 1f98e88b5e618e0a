"""Memory that threads share: nobody gets more than there is, and nobody waits for good."""

import io
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from indexer.photos.finding import Found, find
from indexer.photos.reading import PhotoReader
from indexer.photos.room import Room


class Guests:
    """Threads that are in a room, or wait for it."""

    def __init__(self, room: Room) -> None:
        self._room, self._changed = room, threading.Condition()
        self.inside: list[float] = []
        self.most = 0.0
        self.came: list[float] = []

    def stay(self, size: float, leave: threading.Event) -> None:
        with self._room.taking(size):
            with self._changed:
                self.inside.append(size)
                self.came.append(size)
                self.most = max(self.most, sum(self.inside))
                self._changed.notify_all()
            assert leave.wait(30)
            with self._changed:
                self.inside.remove(size)

    def wait(self, until: Callable[[], bool]) -> None:
        with self._changed:
            assert self._changed.wait_for(until, 30)


def test_what_fits_gets_in_together_and_what_is_larger_than_all_gets_in_alone() -> None:
    room, leave_first, leave = Room(100), threading.Event(), threading.Event()
    guests = Guests(room)
    with ThreadPoolExecutor(4) as pool:
        first = [pool.submit(guests.stay, size, leave_first) for size in (60, 40)]
        guests.wait(lambda: len(guests.inside) == 2)
        large = pool.submit(guests.stay, 500, leave)
        leave_first.set()
        guests.wait(lambda: guests.inside == [500])
        leave.set()
        for one in (*first, large):
            one.result()
    assert guests.most == 500


def test_those_who_come_later_do_not_overtake_a_large_one() -> None:
    room, leave_first, leave = Room(100), threading.Event(), threading.Event()
    guests = Guests(room)
    with ThreadPoolExecutor(3) as pool:
        pool.submit(guests.stay, 10, leave_first)
        guests.wait(lambda: guests.inside == [10])
        pool.submit(guests.stay, 100, leave)
        while room.waiting < 1:
            pass
        small = pool.submit(guests.stay, 20, leave)
        while room.waiting < 2:
            pass
        assert guests.inside == [10]
        leave.set()
        leave_first.set()
        small.result()
    assert guests.came == [10, 100, 20]


def test_room_is_free_again_after_an_error() -> None:
    room = Room(10)
    for _ in range(3):
        try:
            with room.taking(10):
                raise ValueError
        except ValueError:
            pass
    with room.taking(10):
        pass


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, 150), min_size=1, max_size=60))
def test_never_more_than_there_is_unless_alone(sizes: list[int]) -> None:
    room, lock, inside, seen = Room(100), threading.Lock(), [], []

    def stay(size: int) -> None:
        with room.taking(size):
            with lock:
                inside.append(size)
                seen.append((sum(inside), sum(1 for one in inside if one)))
            with lock:
                inside.remove(size)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(stay, sizes))
    assert all(total <= 100 or number == 1 for total, number in seen)


class Noted(Room):
    """Remembers what was taken."""

    def __init__(self) -> None:
        super().__init__(10**9)
        self.taken: list[float] = []

    @contextmanager
    def taking(self, size: float) -> Iterator[None]:
        self.taken.append(size)
        with super().taking(size):
            yield


def test_readers_take_room_for_files_and_pictures(tmp_path: Path) -> None:
    file = io.BytesIO()
    Image.new("RGBA", (400, 300)).save(file, "PNG")
    (tmp_path / "photo.png").write_bytes(file.getvalue())
    files, pictures = Noted(), Noted()
    reader = PhotoReader(lambda image: image, 224, (), 1, files=files, pictures=pictures)
    found = [one for one in find([tmp_path]) if isinstance(one, Found)]
    assert len([*reader.read_all(found)]) == 1
    assert files.taken == [len(file.getvalue())]
    (taken,) = pictures.taken
    assert taken >= 4 * 400 * 300
