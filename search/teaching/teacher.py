"""What people teach a library: each act is one event in the log, and can be undone."""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace

from indexer.defaults import ANONYMOUS
from indexer.errors import BadValue, NotFound
from indexer.events import Event, Learned, Upload
from indexer.kinds import EventKind
from indexer.stores.event_checksums import BadEvent
from search.opened import Opened
from search.teaching.erasing import Forgotten, searches_for, traces
from search.teaching.event_files import from_text
from search.words import key_of

HIDDEN = (EventKind.DESCRIBE, EventKind.ERASE)
"""Kinds of events that the history does not show."""


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
        key = self._name(word)
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
            BadValue: it was undone already, or is by somebody else at this moment.
        """
        self.need_store()
        undone = self._log.undoable(event) if event else self._log.last_of(_user(user))
        return self._undo(undone, _user(user))

    def undo_all(self, events: Iterable[str], user: str = ANONYMOUS) -> int:
        """Take several events back, as those of an import; return how many there were.

        Those that are not there, were undone already or cannot be undone are left out.
        """
        self.need_store()
        undone = self._log.undo_all(events, _user(user))
        self._word_table.ask()
        return undone

    def withdraw(self, query: str, photo: str, user: str = ANONYMOUS) -> Event:
        """Take back all that a user said of a photo for a word; return the last undo.

        An event that judged other photos too is undone, and made again with those alone.

        Args:
            query: what was searched for, or the word.
            photo: its id.
            user: who.

        Raises:
            NotFound: the user has not judged the photo for the word.
        """
        word, user = self._key(query), _user(user)
        undo = None
        while event := self._judgement(word, photo, user):
            undo = self._undo(event, user)
            rest = _without(event, photo)
            if rest.good or rest.bad:
                self._append(replace(rest, word=word))
        if undo is None:
            raise NotFound(f"{user} did not judge photo {photo!r} for {word!r}: see the history")
        return undo

    def history(self) -> tuple[Entry, ...]:
        """Return what users did, oldest first."""
        events = self._events()
        return tuple(_entry(*event) for event in events if event[0].kind not in HIDDEN)

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

    def forget_for_good(self, word: str) -> Forgotten:
        """Remove a word with its events, examples and searches, from all that the store keeps.

        That cannot be undone. Names that became the word go too, and what the word became is
        without it from then on. Events that cannot be read stay as they are.

        Raises:
            NotFound: nothing was ever taught for the word, nor was it searched for.
        """
        key = self._name(word)
        self.flush()  # searches that wait to be written down
        events = self._log.raw()
        found = traces(events, key)
        searches = list(searches_for(self._store.searches.read(), found.names))
        if not found.ids and not searches:
            self._finish_erasing(events)
            raise NotFound(f"there is nothing of {word!r}: see `magpie history`")
        self._store.searches.remove(searches)  # first: it is the events that tell their names
        if found.ids:
            self._log.erase(found.ids, found.changed)
            self._write_words()
        self._store.scrub()
        return Forgotten(key, len(found.ids), found.examples, len(searches))

    def rename(self, word: str, new: str, user: str = ANONYMOUS) -> Event:
        """Give a learned word another name.

        Raises:
            NotFound: the word was not learned.
            BadValue: the new word is the same, or was learned too.
        """
        target = self._name(new)
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

    def bad_events(self) -> list[BadEvent]:
        """Return the events that cannot be read; nothing was learned from them."""
        self.exists()  # refuses an incomplete copy
        return self._log.bad()

    def import_(self, data: bytes, place: str) -> int:
        """Add the events of an export; return how many were new: see `import_events`."""
        return len(self.import_events(data, place))

    def import_events(self, data: bytes, place: str) -> list[Event]:
        """Add the events of an export; return those that were new, oldest first.

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
        return self._store.events.count()

    def example(self, id: str) -> Upload | None:
        """Return what is kept of an example that was not in the library; None where nothing is.

        That of an event that was undone is kept too: the event can be done again.
        """
        kept = (lesson.uploads.get(id) for lesson in self.vocabulary().lessons.values())
        return next((upload for upload in kept if upload), None) or self._log.upload(id)

    def as_seen(self, upload: Upload) -> Upload:
        """Return a picture as the library's network sees it; unchanged if it has not seen it."""
        return self.vocabulary().upload_as(self.need_store(), upload) or upload

    def _append(self, event: Event) -> Event:
        written = self._log.append(event)
        self._word_table.ask()
        return written

    def _undo(self, event: Event, user: str) -> Event:
        undo = self._log.undo(event, user)
        self._word_table.ask()
        return undo

    def _finish_erasing(self, events: Iterable[Event]) -> None:
        """Do what an earlier call may have left, which failed when the events were erased."""
        erased = [event for event in events if event.kind == EventKind.ERASE]
        if erased:
            self._store.events.overwrite(erased)  # in their copies too
            self._write_words()
            self._store.scrub()

    def _write_words(self) -> None:
        known = self._log.known()
        self._store.learned.replace(known.vocabulary.describe(), known.state)

    def _events(self) -> list[tuple[Event, bool]]:
        self.exists()  # refuses an incomplete copy, which has fewer
        return self._log.history()

    def _judgement(self, word: str, photo: str, user: str) -> Event | None:
        """Return the event that holds a user's vote for a photo, made under whichever name."""
        lesson = self.vocabulary().lessons.get(word)
        vote = lesson.votes.get(photo, {}).get(user) if lesson else None
        if vote is None:
            return None
        events = (event for event, undone in self._log.history() if not undone)
        fitting = (event for event in events if event.time == vote.time and event.user == user)
        return next((event for event in fitting if photo in (*event.good, *event.bad)), None)

    def _move(self, kind: EventKind, word: str, target: str, user: str) -> Event:
        source = self._learned(word)
        if source == target:
            raise BadValue(f"{word!r} is already that word: give another one")
        return self._append(
            Event(kind=kind, user=_user(user), word=source, query=word, target=target)
        )

    def _key(self, text: str) -> str:
        """The word of a query, without its filters."""
        self.need_store()
        return key_of(self._engine.meanings.understand(text, self.vocabulary().names))

    def _name(self, text: str) -> str:
        """The word that a text names."""
        self.need_store()
        return key_of(self._engine.meanings.understand_name(text, self.vocabulary().names))

    def _learned(self, text: str) -> str:
        word = self._name(text)
        if word not in self.vocabulary().lessons:
            raise NotFound(f"{text!r} was not learned: `magpie words` lists the learned words")
        return word


def _check(good: tuple[str, ...], bad: tuple[str, ...]) -> None:
    both = set(good) & set(bad)
    if both:
        raise BadValue(f"photo {min(both)!r} is given as good and as bad: choose one")
    if not good and not bad:
        raise BadValue("no photo is given: name good ones, or bad ones")


def _without(event: Event, photo: str) -> Event:
    """Return an event as it would have been without a photo."""
    return replace(
        event,
        good=tuple(id for id in event.good if id != photo),
        bad=tuple(id for id in event.bad if id != photo),
        uploads=tuple(upload for upload in event.uploads if upload.id != photo),
    )


def _user(name: str) -> str:
    name = name.strip()
    if not name or not name.isprintable():
        raise BadValue(f"user {name!r} is not a name: give printable characters")
    return name


def _entry(event: Event, undone: bool) -> Entry:
    names = [field.name for field in fields(Entry) if field.name != "undone"]
    return Entry(**{name: getattr(event, name) for name in names}, undone=undone)
