"""A word that is forgotten for good is nowhere any more, and all others are as they were."""

import base64
import fcntl
import os
import shutil
from contextlib import ExitStack, closing, suppress

import pytest
from click.testing import CliRunner
from deaths import Dead

from indexer.errors import NotFound, StoreAway
from indexer.events import Event, Upload
from indexer.kinds import EventKind
from indexer.queries import Searched
from indexer.records import Label
from indexer.stores import open_store
from indexer.stores.sqlite import erasing, event_backups
from indexer.stores.sqlite.database import Database
from indexer.verifying import verify
from search.commands import main
from search.library import open_library
from search.teaching.erasing import searches_for, traces
from search.teaching.event_files import to_text

WORD, RENAMED, FROM, OTHER = "zorbla", "quuxel", "ann of zorbla", "griffin"


in_each_store = pytest.mark.parametrize("place", ["sqlite", "elasticsearch"], indirect=True)


def teach(library, outside, photo_id):
    """Teach the word in every way, and another one; return the example's event."""
    library.feedback(OTHER, [photo_id("rocket.jpg")], [photo_id("moon.png")], user="bob")
    taught = library.teach(WORD, [str(outside)], [photo_id("moon.png")], user=FROM)
    library.feedback(f"{WORD} -cat", [photo_id("chelsea.png")], user=FROM)
    undone = library.feedback(WORD, bad=[photo_id("coffee.png")], user=FROM)
    library.undo(undone.id, user=FROM)
    library.rename(WORD, RENAMED, user=FROM)
    library.search(WORD)
    library.search(f"old {RENAMED}s", user=FROM)
    library.search(OTHER)
    return taught


def content(folder):
    """All bytes of all files below a folder, links apart."""
    files = (file for file in folder.rglob("*") if file.is_file() and not file.is_symlink())
    return b"".join(file.read_bytes() for file in files)


@in_each_store
def test_nothing_of_it_is_left_and_others_are_as_they_were(place, outside, photo_id):
    with ExitStack() as opened:
        library, elsewhere = (opened.enter_context(open_library(place)) for _ in range(2))
        teach(library, outside, photo_id)
        before = to_text(library.events()).encode()
        assert RENAMED in {word.word for word in elsewhere.words()}
        ranked = [hit.id for hit in library.search(OTHER).hits]
        gone = library.forget_for_good(RENAMED)
        assert (gone.word, gone.events, gone.examples, gone.searches) == (RENAMED, 5, 1, 2)
        for one in (library, elsewhere):
            assert [entry.word for entry in one.history()] == [OTHER]
            assert [word.word for word in one.words()] == [OTHER]
            text = to_text(one.events())
            assert text.count("\n") == 1 and WORD not in text and RENAMED not in text
            assert not one.bad_events()
        assert [hit.id for hit in library.search(OTHER).hits] == ranked
        with closing(open_store(place)) as store:
            assert list(store.events.verify()) == []
            asked = {one.query for one in store.searches.read()}
            assert OTHER in asked and not {WORD, f"old {RENAMED}s"} & asked
            assert [one.word for one in store.learned.read()] == [OTHER]
        library.import_(before, "an old export")  # does not bring it back
        assert [word.word for word in library.words()] == [OTHER]
        with pytest.raises(NotFound, match=RENAMED):
            library.forget_for_good(RENAMED)
        assert library.feedback(RENAMED, [photo_id("moon.png")]).word == RENAMED  # afresh
        assert list(library._store.events.verify()) == []


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
def test_no_byte_of_it_is_left_on_the_disk(place, home, outside, photo_id):
    with open_library(place) as library:
        taught = teach(library, outside, photo_id)
        library.search(RENAMED)
    (upload,) = taught.uploads
    secrets = [WORD.encode(), RENAMED.encode(), base64.b64encode(upload.thumbnail)[:100]]
    earlier = home / "photos.db.events" / "earlier"
    earlier.mkdir()
    (copy, *_) = (home / "photos.db.events").glob("*.jsonl")
    shutil.copy(copy, earlier)
    with copy.open("ab") as cut:
        cut.write(copy.read_bytes().splitlines()[1][:300])  # as a process that died leaves it
    assert all(secret in content(home) for secret in secrets)
    done = CliRunner().invoke(main, ["forget", RENAMED, "--for-good", "--store", place])
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith(f"removed '{RENAMED}' for good: 5 events, 1 example, 3 searches")
    for secret in secrets:
        assert secret not in content(home), secret
    with open_library(place) as library:
        assert library.import_(copy.read_bytes(), "the copy") == 0
        assert [word.word for word in library.words()] == [OTHER]
    with closing(open_store(place)) as store:
        assert not [line for line in verify(store) if "event" in line.lower()]


def fail_at_copies(patch, home):
    """Let another process be busy with the copies."""
    patch.setattr(event_backups, "LOCK_SECONDS", 0)
    held = os.open(home / "photos.db.events" / "lock", os.O_RDWR)
    fcntl.flock(held, fcntl.LOCK_EX)
    patch.callback(os.close, held)


def fail_at_log(patch, _):
    """Let SQLite tell that another process reads the log, so that it cannot be emptied."""
    execute = Database.execute

    def busy(database, statement):
        return [(1, 0, 0)] if "wal_checkpoint" in statement else execute(database, statement)

    patch.setattr(Database, "execute", busy)


def die_at_copies(patch, _):
    """Be killed when a copy has its new content, and the old one is not overwritten yet."""

    def die(_):
        raise Dead

    patch.setattr(erasing, "_shred", die)


class Faults(ExitStack):
    """What is in the way until the end of a block."""

    def setattr(self, owner, name, value):
        self.callback(setattr, owner, name, getattr(owner, name))
        setattr(owner, name, value)


@pytest.mark.parametrize("fault", [fail_at_copies, fail_at_log, die_at_copies])
@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
def test_where_it_failed_half_way_the_same_call_removes_the_rest(
    place, home, outside, photo_id, fault
):
    with open_library(place) as library:
        (upload,) = teach(library, outside, photo_id).uploads
        library.flush()
        with Faults() as faults:
            fault(faults, home)
            with pytest.raises((StoreAway, Dead)):
                library.forget_for_good(RENAMED)
        with suppress(NotFound):  # where only the rest was left
            library.forget_for_good(RENAMED)
        assert [one.word for one in library.words()] == [OTHER]
    for secret in (WORD.encode(), RENAMED.encode(), base64.b64encode(upload.thumbnail)[:100]):
        assert secret not in content(home), secret
    with closing(open_store(place)) as store:
        assert list(store.events.verify()) == []


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
def test_without_it_forgetting_can_be_undone_and_keeps_all(place, outside, photo_id):
    with open_library(place) as library:
        teach(library, outside, photo_id)
        library.forget(RENAMED)
        assert WORD in to_text(library.events())
        library.undo()
        assert RENAMED in {word.word for word in library.words()}
        library.forget(RENAMED)
        assert library.forget_for_good(RENAMED).events == 8  # also where it was forgotten before


def event(number, kind, word="", **fields):
    time = f"2024-05-01T12:00:00.{number:06d}Z"
    return Event(id=f"e{number}", time=time, kind=kind, user="ann", word=word, **fields)


def upload(id):
    return Upload(id, f"{id}.jpg", (Label("n02391049", 0.5),), None, b"jpeg")


def test_what_became_the_word_goes_and_what_only_had_its_name_before_stays():
    click, rename, merge = EventKind.CLICK, EventKind.RENAME, EventKind.MERGE
    log = [
        event(1, click, "cub", good=("a",)),
        event(2, rename, "cub", target="lion"),
        event(3, click, "cub", good=("b",)),  # taught anew, and another word
        event(4, click, "cat", good=("c",)),
        event(5, merge, "cat", target="lion"),
        event(6, EventKind.UNDO, "cat", target="e5"),
        event(7, click, "lion", good=("d",)),
    ]
    assert traces(log, "lion").ids == ("e1", "e2", "e5", "e6", "e7")
    assert traces(log, "lion").names == {"lion", "cub", "cat"}
    assert traces(log, "cub").ids == ("e1", "e2", "e3")
    assert traces(log, "dog").ids == ()


def test_examples_of_other_words_stay_described():
    both = upload("both")
    log = [
        event(1, EventKind.TEACH, "lion", good=("own",), uploads=(upload("own"), both)),
        event(2, EventKind.TEACH, "cat", good=("both",), uploads=(both,)),
        event(3, EventKind.DESCRIBE, target="net", uploads=(upload("own"), both)),
        event(4, EventKind.DESCRIBE, target="net", uploads=(upload("own"),)),
    ]
    found = traces(log, "lion")
    assert (found.ids, found.examples) == (("e1", "e4"), 1)
    assert [(one.id, one.uploads) for one in found.changed] == [("e3", (both,))]


def test_searches_are_found_by_whole_words():
    asked = ["Lions", "a LION, please", "lion-cub", "sea lion", "million", "cub"]
    log = [
        Searched("t", "ann", query, True, (), 1, 1.0, number)
        for number, query in enumerate(asked, 1)
    ]
    assert list(searches_for(log, {"lion"})) == [1, 2, 3, 4]
    assert list(searches_for(log, {"sea lion"})) == [4]
