"""Answers to teaching: events, the history and the learned words."""

from pydantic import Field

from search.api.schemas.fields import ApiAnswer, EventId, EventKind, Id, Time, Word


class JudgedAnswer(ApiAnswer):
    """What was recorded."""

    event: EventId
    word: Word
    good: list[Id]
    bad: list[Id]


class UndoneAnswer(ApiAnswer):
    """What was undone."""

    event: EventId
    undone: EventId
    word: Word


class UndoneEventsAnswer(ApiAnswer):
    """What was undone of several events."""

    undone: int = Field(description="Number of events that were undone", examples=[12])


class EventEntry(ApiAnswer):
    """One thing that a user taught."""

    id: EventId
    time: Time
    kind: EventKind
    user: str = Field(examples=["anonymous"])
    word: str = Field(examples=["griffin"])
    query: str = Field(description="What the user typed", examples=["griffins"])
    good: list[Id]
    bad: list[Id]
    target: str = Field(
        description="The new word of a rename or merge; the event that an undo took back",
        examples=[""],
    )
    undone: bool = Field(description="Whether the event was undone")


class HistoryAnswer(ApiAnswer):
    """Events, newest first."""

    events: list[EventEntry]
    total: int = Field(description="Number of all events", examples=[12])


class ExampleAnswer(ApiAnswer):
    """A photo that was judged for a word."""

    id: Id
    good: bool
    in_library: bool = Field(
        description="False for an upload, of which only a thumbnail (size 320) is available"
    )


class LearnedWord(ApiAnswer):
    """A learned word."""

    word: Word
    good: int = Field(description="Photos with more good than bad votes", examples=[4])
    bad: int = Field(description="Photos with more bad than good votes", examples=[2])
    uploads: int = Field(description="Good photos that are not in the library", examples=[1])
    users: int = Field(description="Number of people who judged photos for it", examples=[1])
    changed: Time
    examples: list[ExampleAnswer] = Field(description="The judged photos, good ones first")


class WordsAnswer(ApiAnswer):
    """The learned words, in alphabetical order."""

    words: list[LearnedWord]


class WordEvent(ApiAnswer):
    """A change to a learned word. Undo it by its event."""

    event: EventId
    word: Word
    target: str = Field(description="The new word of a rename or merge", examples=["gryphon"])


class ForgottenAnswer(ApiAnswer):
    """What was removed for good."""

    word: Word
    events: int = Field(description="Number of events that went", examples=[3])
    examples: int = Field(description="Number of uploaded pictures that went", examples=[1])
    searches: int = Field(description="Number of searches that went from the log", examples=[7])


class ImportAnswer(ApiAnswer):
    """What an import added."""

    events: int = Field(description="Number of new events", examples=[12])
    added: list[EventId] = Field(description="Those that POST /api/feedback/undo can take back")
    words: int = Field(description="Number of words that they teach", examples=[3])
