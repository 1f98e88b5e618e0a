"""What users do to teach: each act is one event in the log, and can be undone."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from indexer.errors import BadValue, MagpieError, NotFound
from indexer.records import ANONYMOUS, Event, Learned, StoreInfo, Upload
from indexer.stores import Store, require_complete
from search.background import Later
from search.teaching.event_files import from_text, read_file, to_text, write_events
from search.teaching.examples import Finder
from search.teaching.log import Log
from search.teaching.meanings import Meanings, key_of
from search.teaching.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the history; see `Event` for the other fields."""

    id: str
    time: str
    kind: str
    user: str
    word: str
    query: str
    good: tuple[str, ...]
    bad: tuple[str, ...]
    target: str
    undone: bool


class Teacher:
    """Teaches words to one library.

    Every method may raise `StoreAway`, and but for `vocabulary` it raises `Conflict` where the
    library is an incomplete copy.
    """

    def __init__(self, store: Store, words: Callable[[], Meanings], finder: Finder) -> None:
        """Take the library, what loads the words, and what finds photos."""
        self._store = store
        self._words = words
        self._finder = finder
        self._log = Log(store.events)
        self._table = Later(self._write_words)

    def vocabulary(self) -> Vocabulary:
        """Return what was learned up to now, by whichever process."""
        return self._log.vocabulary()

    def feedback(
        self,
        query: str,
        good: Iterable[str] = (),
        bad: Iterable[str] = (),
        shown: Iterable[str] = (),
        user: str = ANONYMOUS,
    ) -> Event:
        """Record a user's judgement of photos as answers to a query.

        Args:
            query: what was searched for; parts that were left out ("-cat") do not matter.
            good, bad: photos of the library, by id or path; at least one in all.
            shown: ids of the photos that the user saw.
            user: who; his earlier judgement of the same photo is replaced.

        Raises:
            BadValue: the query names nothing, no photo is given, or one is good and bad.
            NotFound: a photo is not in the library.
        """
        word = self._key(query)
        liked, disliked = self._finder.ids(good, bad)
        _check(liked, disliked)
        event = Event("", "", "click", _user(user), word, query, liked, disliked, tuple(shown))
        return self._append(event)

    def teach(
        self,
        word: str,
        examples: Iterable[str],
        counterexamples: Iterable[str] = (),
        user: str = ANONYMOUS,
    ) -> Event:
        """Learn a word from photos in or outside the library.

        Raises:
            BadValue: there is no word, no photo, or one is an example and a counterexample.
            Unreadable: a file is no photo.
            NotFound: there is no such photo.
        """
        self._need_store()
        good, kept = self._finder.examples(examples)
        bad, kept_bad = self._finder.examples(counterexamples)
        return self.show(word, good, bad, (*kept, *kept_bad), user)

    def show(
        self,
        word: str,
        good: Iterable[str] = (),
        bad: Iterable[str] = (),
        uploads: Iterable[Upload] = (),
        user: str = ANONYMOUS,
    ) -> Event:
        """As `teach`, with ids of photos, and what is to be kept of those not in the library."""
        key, good, bad = self._key(word), tuple(good), tuple(bad)
        _check(good, bad)
        kept = tuple(uploads)
        return self._append(Event("", "", "teach", _user(user), key, word, good, bad, uploads=kept))

    def undo(self, event: str | None = None, user: str = ANONYMOUS) -> Event:
        """Take an event back, the user's last one where none is named; return the undo.

        Raises:
            NotFound: there is no such event.
            BadValue: it was undone already.
        """
        self._need_store()
        undone = self._log.undoable(event) if event else self._log.last_of(_user(user))
        undo = Event("", "", "undo", _user(user), undone.word, target=undone.id)
        return self._append(undo)

    def history(self) -> tuple[Entry, ...]:
        """Return all that users did, oldest first."""
        events = self._events()
        return tuple(_entry(*event) for event in events if event[0].kind != "describe")

    def words(self) -> tuple[Learned, ...]:
        """Return the learned words in alphabetical order."""
        require_complete(self._store)
        return self.vocabulary().describe()

    def forget(self, word: str, user: str = ANONYMOUS) -> Event:
        """Forget all that was taught for a word.

        Raises:
            NotFound: the word was not learned.
        """
        return self._append(Event("", "", "forget", _user(user), self._learned(word), word))

    def rename(self, word: str, new: str, user: str = ANONYMOUS) -> Event:
        """Give a learned word another name.

        Raises:
            NotFound: the word was not learned.
            BadValue: the new word is the same, or was learned too.
        """
        target = self._key(new)
        if target in self.vocabulary().lessons:
            raise BadValue(f"{new!r} is a learned word already: merge with `magpie merge`")
        return self._move("rename", word, target, user)

    def merge(self, word: str, into: str, user: str = ANONYMOUS) -> Event:
        """Add all that was taught for a word to another learned word; the first is gone then.

        Raises:
            NotFound: one of the words was not learned.
            BadValue: both are the same.
        """
        return self._move("merge", word, self._learned(into), user)

    def export(self, file: Path) -> int:
        """Write all events to a file of JSON lines, oldest first; return their number.

        Raises:
            StoreAway: the file cannot be written.
        """
        return write_events(file, [event for event, _ in self._events()])

    def export_text(self) -> str:
        """Return what `export` writes."""
        return to_text(event for event, _ in self._events())

    def import_(self, file: Path) -> int:
        """Add the events of an exported file; return how many were new.

        They count at their own times, among those that are there.

        Raises:
            NotFound: there is no such file.
            BadValue: a line is no event; then nothing is imported.
        """
        self._need_store()
        return self.import_text(read_file(file), repr(str(file)))

    def import_text(self, data: bytes, place: str) -> int:
        """As `import_`, from the content of a file that messages call `place`."""
        info = self._need_store()
        added = self._log.add(from_text(data, place, info))
        self._table.ask()
        return added

    def flush(self) -> None:
        """Write the learned words down, where they have changed."""
        self._table.flush()

    def _append(self, event: Event) -> Event:
        written = self._log.append(event)
        self._table.ask()
        return written

    def _write_words(self) -> None:
        try:
            known = self._log.known()
            self._store.learned.replace(known.vocabulary.describe(), known.state)
        except MagpieError as error:  # the next event writes them
            logging.getLogger(__name__).info("learned words were not written down: %s", error)

    def _events(self) -> list[tuple[Event, bool]]:
        require_complete(self._store)  # which has more to tell
        return self._log.history()

    def _need_store(self) -> StoreInfo:
        info = require_complete(self._store)
        if info is None:
            raise NotFound(f"no photos in {self._store.location}: run magpie index FOLDER first")
        return info

    def _move(self, kind: str, word: str, target: str, user: str) -> Event:
        source = self._learned(word)
        if source == target:
            raise BadValue(f"{word!r} is that word already: give another one")
        return self._append(Event("", "", kind, _user(user), source, word, target=target))

    def _key(self, text: str) -> str:
        self._need_store()
        return key_of(self._words().understand(text, self.vocabulary()))

    def _learned(self, text: str) -> str:
        word = self._key(text)
        if word not in self.vocabulary().lessons:
            raise NotFound(f"{text!r} was not learned: `magpie words` lists what was")
        return word


def _check(good: tuple[str, ...], bad: tuple[str, ...]) -> None:
    both = set(good) & set(bad)
    if both:
        raise BadValue(f"photo {min(both)!r} is given as good and as bad: decide for one")
    if not good and not bad:
        raise BadValue("no photo is given: name those that are good, or those that are bad")


def _user(name: str) -> str:
    name = name.strip()
    if not name or not name.isprintable():
        raise BadValue(f"user {name!r} is no name: give printable characters")
    return name


def _entry(event: Event, undone: bool) -> Entry:
    return Entry(
        id=event.id,
        time=event.time,
        kind=event.kind,
        user=event.user,
        word=event.word,
        query=event.query,
        good=event.good,
        bad=event.bad,
        target=event.target,
        undone=undone,
    )
