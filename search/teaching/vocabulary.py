"""The learned words, as the log of events tells them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from indexer.events import Event, Learned, Upload
from indexer.kinds import EventKind
from indexer.records import StoreInfo
from search.teaching.votes import Tally, Vote
from search.words import LearnedNames

MOST_EXAMPLES = 12
"""Good photos that are named as examples of a learned word."""


@dataclass(slots=True)
class Lesson:
    """All that was taught for one word.

    Attributes:
        word: in normal form.
        votes: photo id -> user -> vote.
        uploads: examples outside the library by id; their votes are among `votes`.
        changed: time of the last event.
        is_name: whether it was taught on purpose, so that its words are one name in a query.
    """

    word: str
    votes: dict[str, dict[str, Vote]] = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)
    changed: str = ""
    is_name: bool = False
    _tallies: dict[str, Tally] | None = field(default=None, repr=False, compare=False)

    def vote(self, photos: Iterable[str], user: str, vote: Vote) -> None:
        """Take a user's vote for photos; it follows their earlier one, not a later one."""
        for photo in photos:
            users = self.votes.setdefault(photo, {})
            if user not in users or users[user].time <= vote.time:
                users[user] = vote.after(users.get(user))
        self._tallies = None

    def tallies(self) -> Mapping[str, Tally]:
        """Return the votes for each photo, in id order, so that sums do not depend on history."""
        counted = self._tallies
        if counted is None:
            counted = {p: Tally.of(self.votes[p].values()) for p in sorted(self.votes)}
            self._tallies = counted
        return counted

    def has_good(self) -> bool:
        """Tell whether any user marked any photo good."""
        return any(vote.good for users in self.votes.values() for vote in users.values())

    def copy(self) -> "Lesson":
        """Return a lesson that can change without changing this one."""
        votes = {photo: dict(users) for photo, users in self.votes.items()}
        return Lesson(self.word, votes, dict(self.uploads), self.changed, self.is_name)

    def absorb(self, other: "Lesson") -> None:
        """Take over all that was taught for another word."""
        for photo, users in other.votes.items():
            for user, vote in users.items():
                self.vote([photo], user, vote)
        self.uploads |= other.uploads
        self.is_name |= other.is_name


class Vocabulary:
    """Learned words: the events that were not undone, applied in order of (time, id)."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self._lessons: dict[str, Lesson] = {}
        self._described: dict[str, tuple[Upload, ...]] = {}  # by id, as later networks see it
        self._shared: set[str] = set()  # words whose lessons belong to another vocabulary too

    def copy(self) -> "Vocabulary":
        """Return a vocabulary that can learn more while other threads read this one."""
        copy = Vocabulary()
        copy._lessons = dict(self._lessons)
        copy._shared = set(self._lessons)
        copy._described = dict(self._described)
        return copy

    @property
    def lessons(self) -> Mapping[str, Lesson]:
        """Lessons by word."""
        return self._lessons

    @cached_property
    def names(self) -> LearnedNames:
        """The learned words, as far as it takes to understand a query; made again after `apply`."""
        lessons = self._lessons.items()
        return LearnedNames(
            words=frozenset(self._lessons),
            shown=frozenset(word for word, lesson in lessons if lesson.has_good()),
            named=frozenset(word for word, lesson in lessons if lesson.is_name),
        )

    def apply(self, event: Event) -> None:
        """Learn from one event."""
        self.__dict__.pop("names", None)
        if event.kind in (EventKind.CLICK, EventKind.TEACH):
            self._vote(event)
        elif event.kind == EventKind.FORGET:
            self._remove(event.word)
        elif event.kind in (EventKind.RENAME, EventKind.MERGE) and event.word in self._lessons:
            source = self._remove(event.word)
            target = self._lesson(event.target, event.time)
            target.absorb(source)
        elif event.kind == EventKind.DESCRIBE:
            for upload in event.uploads:
                self._described[upload.id] = (*self._described.get(upload.id, ()), upload)

    def seen_by(self, info: StoreInfo, lesson: Lesson) -> Lesson:
        """Return a lesson whose uploads are as the network of a store sees them.

        Those that it has not seen are left out, until `magpie reindex` shows them to it.
        """
        if not lesson.uploads:
            return lesson
        lesson.tallies()  # counted once, and not by each copy
        seen = {id: self.upload_as(info, upload) for id, upload in lesson.uploads.items()}
        return replace(lesson, uploads={id: upload for id, upload in seen.items() if upload})

    def upload_as(self, info: StoreInfo, upload: Upload) -> Upload | None:
        """Return an upload as the network of a store sees it; None if it has not seen it."""
        later = [one for one in self._described.get(upload.id, ()) if one.fits(info)]
        # By their sha256 first: an upload that does not name its weights may be of others.
        fitting = [one for one in (*later, upload) if one.weights == info.weights]
        fitting.sort(key=lambda one: one.looks != info.looks)  # others differ little
        fitting += [upload] if upload.fits(info) else []
        if not fitting:
            return None
        labels, vector = fitting[0].labels, fitting[0].vector
        return replace(upload, labels=labels, vector=vector, weights=info.weights)

    def describe(self, among: Collection[str] | None = None) -> tuple[Learned, ...]:
        """Return all learned words, or only those `among` some, in alphabetical order."""
        words = self._lessons.keys() if among is None else self._lessons.keys() & set(among)
        return tuple(_learned(self._lessons[word]) for word in sorted(words))

    def _remove(self, word: str) -> Lesson:
        self._shared.discard(word)
        return self._lessons.pop(word, Lesson(word))

    def _vote(self, event: Event) -> None:
        lesson = self._lesson(event.word, event.time)
        lesson.vote(event.good, event.user, Vote(True, event.time))
        lesson.vote(event.bad, event.user, Vote(False, event.time))
        lesson.is_name |= event.kind == EventKind.TEACH
        lesson.uploads |= {upload.id: upload for upload in event.uploads}

    def _lesson(self, word: str, time: str) -> Lesson:
        lesson = self._lessons.get(word) or Lesson(word)
        if word in self._shared:
            lesson = lesson.copy()
            self._shared.remove(word)
        self._lessons[word] = lesson
        lesson.changed = time
        return lesson


def _learned(lesson: Lesson) -> Learned:
    tallies = lesson.tallies()
    good = {p: tally.good - tally.bad for p, tally in tallies.items() if tally.is_good}
    return Learned(
        word=lesson.word,
        good=len(good),
        bad=sum(tally.is_bad for tally in tallies.values()),
        uploads=len(good & lesson.uploads.keys()),
        users=len({user for users in lesson.votes.values() for user in users}),
        changed=lesson.changed,
        examples=tuple(sorted(good, key=lambda photo: (-good[photo], photo))[:MOST_EXAMPLES]),
    )
