"""What people teach a library: each act is one event in the log, and can be undone."""

from collections.abc import Iterable
from dataclasses import dataclass, fields

from indexer.errors import BadValue, NotFound
from indexer.kinds import EventKind
from indexer.records import ANONYMOUS, Event, Learned, Upload
from search.opened import Opened
from search.teaching.event_files import from_text
from search.words import key_of


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the history: an `Event` without what only the library needs."""

    id: str
    time: str
    kind: EventKind
    user: str
    word: str
    query: str
    good: tuple[str, ...]
    bad: tuple[str, ...]
    target: str
    undone: bool


class Teaching(Opened):
    """A library that people teach.

    Every method may raise `StoreAway`, and `Conflict` where the library is an incomplete copy.
    """

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
            user: who; their earlier judgement of the same photo is replaced.

        Raises:
            BadValue: the query names nothing, no photo is given, or one is good and bad.
            NotFound: a photo is not in the library.
        """
        word = self._key(query)
        liked, disliked = self._named.ids(good, bad)
        _check(liked, disliked)
        event = Event(
            kind=EventKind.CLICK,
            user=_user(user),
            word=word,
            query=query,
            good=liked,
            bad=disliked,
            shown=tuple(shown),
        )
        return self._append(event)

    def teach(
        self,
        word: str,
        good: Iterable[str] = (),
        bad: Iterable[str] = (),
        uploads: Iterable[Upload] = (),
        user: str = ANONYMOUS,
    ) -> Event:
        """Learn a word from photos in or outside the library.

        Args:
            word: one or several, which become one name.
            good, bad: photos that show the word, and that do not: ids, paths, or ids of `uploads`.
            uploads: pictures outside the library that were looked at already.
            user: who teaches.

        Raises:
            BadValue: there is no word, no photo, or one is good and bad.
            Unreadable: a file is not a photo.
            NotFound: there is no such photo.
        """
        self.need_store()
        seen = {upload.id: upload for upload in uploads}
        (liked, disliked), kept = self._named.examples(seen, good, bad)
        _check(liked, disliked)
        key = self._key(word)
        event = Event(
            kind=EventKind.TEACH,
            user=_user(user),
            word=key,
            query=word,
            good=liked,
            bad=disliked,
            uploads=kept,
        )
        return self._append(event)

    def undo(self, event: str | None = None, user: str = ANONYMOUS) -> Event:
        """Take an event back, the user's last one if none is named; return the undo.

        Raises:
            NotFound: there is no such event.
            BadValue: it was undone already.
        """
        self.need_store()
        undone = self._log.undoable(event) if event else self._log.last_of(_user(user))
        undo = Event(kind=EventKind.UNDO, user=_user(user), word=undone.word, target=undone.id)
        return self._append(undo)

    def history(self) -> tuple[Entry, ...]:
        """Return what users did, oldest first."""
        events = self._events()
        return tuple(_entry(*event) for event in events if event[0].kind != EventKind.DESCRIBE)

    def words(self) -> tuple[Learned, ...]:
        """Return the learned words in alphabetical order."""
        self.exists()  # refuses an incomplete copy
        return self.vocabulary().describe()

    def forget(self, word: str, user: str = ANONYMOUS) -> Event:
        """Forget all that was taught for a word.

        Raises:
            NotFound: the word was not learned.
        """
        return self._append(
            Event(kind=EventKind.FORGET, user=_user(user), word=self._learned(word), query=word)
        )

    def rename(self, word: str, new: str, user: str = ANONYMOUS) -> Event:
        """Give a learned word another name.

        Raises:
            NotFound: the word was not learned.
            BadValue: the new word is the same, or was learned too.
        """
        target = self._key(new)
        if target in self.vocabulary().lessons:
            raise BadValue(f"{new!r} is already a learned word: merge with `magpie merge`")
        return self._move(EventKind.RENAME, word, target, user)

    def merge(self, word: str, into: str, user: str = ANONYMOUS) -> Event:
        """Add all that was taught for a word to another learned word, and forget the first.

        Raises:
            NotFound: one of the words was not learned.
            BadValue: both are the same word.
        """
        return self._move(EventKind.MERGE, word, self._learned(into), user)

    def events(self) -> list[Event]:
        """Return all events, oldest first: what `magpie export` writes."""
        return [event for event, _ in self._events()]

    def import_(self, data: bytes, place: str) -> int:
        """Add the events of an export; return how many were new.

        They count at their own times, among those that are there.

        Args:
            data: the content of a file that `magpie export` wrote.
            place: where it comes from, for messages.

        Raises:
            BadValue: a line is not an event; then nothing is imported.
        """
        added = self._log.add(from_text(data, place, self.need_store()))
        self._word_table.ask()
        return added

    def count_events(self) -> int:
        """Number of events, undone ones included; 0 where there is no library yet."""
        return self._store.events.state()

    def example(self, id: str) -> Upload | None:
        """Return what is kept of an example that was not in the library; None where nothing is."""
        kept = (lesson.uploads.get(id) for lesson in self.vocabulary().lessons.values())
        return next((upload for upload in kept if upload), None)

    def as_seen(self, upload: Upload) -> Upload:
        """Return a picture as the library's network sees it; unchanged if it has not seen it."""
        return self.vocabulary().upload_as(self.need_store(), upload) or upload

    def _append(self, event: Event) -> Event:
        written = self._log.append(event)
        self._word_table.ask()
        return written

    def _events(self) -> list[tuple[Event, bool]]:
        self.exists()  # refuses an incomplete copy, which has fewer
        return self._log.history()

    def _move(self, kind: EventKind, word: str, target: str, user: str) -> Event:
        source = self._learned(word)
        if source == target:
            raise BadValue(f"{word!r} is already that word: give another one")
        return self._append(
            Event(kind=kind, user=_user(user), word=source, query=word, target=target)
        )

    def _key(self, text: str) -> str:
        self.need_store()
        return key_of(self._engine.meanings.understand(text, self.vocabulary().names))

    def _learned(self, text: str) -> str:
        word = self._key(text)
        if word not in self.vocabulary().lessons:
            raise NotFound(f"{text!r} was not learned: `magpie words` lists the learned words")
        return word


def _check(good: tuple[str, ...], bad: tuple[str, ...]) -> None:
    both = set(good) & set(bad)
    if both:
        raise BadValue(f"photo {min(both)!r} is given as good and as bad: choose one")
    if not good and not bad:
        raise BadValue("no photo is given: name good ones, or bad ones")


def _user(name: str) -> str:
    name = name.strip()
    if not name or not name.isprintable():
        raise BadValue(f"user {name!r} is not a name: give printable characters")
    return name


def _entry(event: Event, undone: bool) -> Entry:
    names = [field.name for field in fields(Entry) if field.name != "undone"]
    return Entry(**{name: getattr(event, name) for name in names}, undone=undone)
