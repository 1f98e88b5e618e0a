"""What the routes answer with; mostly the records of Magpie under their own names."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

PHOTO_ID = "0f8fad5bd9cb469fa16570867728950e"
EVENT_ID = "5f2c8a1b9d3e4f60"
TIME = "2024-05-01T12:00:00.000000Z"

Id = Annotated[str, Field(description="Id of a photo: hex of its content", examples=[PHOTO_ID])]
EventId = Annotated[str, Field(description="Id of an event", examples=[EVENT_ID])]
Time = Annotated[str, Field(description="ISO 8601, UTC", examples=[TIME])]
Colour = Annotated[str, Field(description="Mean colour", examples=["#7a6b58"])]
Word = Annotated[str, Field(description="A word in its normal form", examples=["griffin"])]

REASONS = (
    *("label", "hypernym", "related", "word2vec", "taught"),
    *("neighbour", "vote", "similar", "damping"),
)
PARTS = ("label", "hypernym", "related", "word2vec", "taught", "excluded", "unfamiliar")
EVENTS = ("click", "teach", "forget", "rename", "merge", "undo")

Kind = Annotated[str, Field(json_schema_extra={"enum": list(REASONS)})]
PartKind = Annotated[str, Field(json_schema_extra={"enum": list(PARTS)})]
EventKind = Annotated[str, Field(json_schema_extra={"enum": list(EVENTS)})]


class Answer(BaseModel):
    """Made from records by their attributes."""

    model_config = ConfigDict(from_attributes=True)


class Reason(Answer):
    """One part of a score."""

    kind: Kind
    what: str = Field(examples=["golden retriever, a kind of dog"])
    score: float = Field(description="Negative for damping", examples=[0.61])


class Votes(Answer):
    """Users who found a photo good or bad for a query."""

    good: int = Field(examples=[2])
    bad: int = Field(examples=[0])


class Hit(Answer):
    """A photo that answers; the scores of its reasons add up to its own."""

    id: Id
    path: str = Field(examples=["/photos/2024/beach.jpg"])
    score: float = Field(examples=[0.83])
    reasons: list[Reason]
    width: int = Field(description="Pixels, upright", examples=[4032])
    height: int = Field(description="Pixels, upright", examples=[3024])
    colour: Colour
    judged: Votes | None = Field(description="Votes for this photo and this query, if any")


class Part(Answer):
    """How one word or name of a query was understood."""

    part: str = Field(
        description="What `without` takes to switch the part off", examples=["puppy", "-cat"]
    )
    word: Word
    meaning: str = Field(
        description="What it was taken for", examples=["Chihuahua, beagle and 116 more"]
    )
    kind: PartKind
    weight: float = Field(description="How much the part counts", examples=[1.0])
    labels: dict[str, float] = Field(
        description="WordNet id of a label -> weight", examples=[{"n02099601": 1.0}]
    )
    names: dict[str, str] = Field(
        description="WordNet id of a label -> its name",
        examples=[{"n02099601": "golden retriever"}],
    )
    reasons: dict[str, str] = Field(
        description='WordNet id of a label -> why it is there; "" where the word names it',
        examples=[{"n02099601": "a kind of dog"}],
    )
    kinds: dict[str, PartKind] = Field(
        description="WordNet id of a label -> its kind, where that is not the part's",
        examples=[{"n02099601": "related"}],
    )
    good: int = Field(description="Photos that were taught as good for the word", examples=[4])
    bad: int = Field(description="Photos that were taught as bad for the word", examples=[2])
    off: bool = Field(description="Whether `without` switched it off")


class Learning(Answer):
    """What was learned for the query as a whole; feedback goes to this word."""

    word: Word
    good: int = Field(description="Photos judged good", examples=[3])
    bad: int = Field(description="Photos judged bad", examples=[1])


class Like(Answer):
    """The picture of a query."""

    id: Id
    name: str = Field(description="Path or name of the file", examples=["holiday.jpg"])
    in_library: bool = Field(description="False: an upload, or an example kept with a word")


class SearchAnswer(Answer):
    """Photos, best first, and how the query was understood."""

    query: str = Field(examples=["puppy on grass -cat"])
    familiar: bool = Field(description="Whether anything that is asked for was understood")
    words: list[Part] = Field(description="Parts in order of the query, then those switched off")
    suggestions: list[str] = Field(description="Words that would find something")
    learning: Learning | None = Field(description="None where the query holds no word")
    like: Like | None = Field(description="The picture of the query, if there is one")
    hits: list[Hit]


class HitsAnswer(Answer):
    """Photos; in lists of similar ones a score is a cosine, in random ones it is 0."""

    hits: list[Hit]


class LabelShare(Answer):
    """A label and how probable the network finds it."""

    wnid: str = Field(description="WordNet id", examples=["n02099601"])
    name: str = Field(examples=["golden retriever"])
    probability: float = Field(examples=[0.87])


class PhotoAnswer(Answer):
    """All that is known of a photo."""

    id: Id
    paths: list[str] = Field(description="Every place where it lies")
    width: int = Field(description="Pixels, upright", examples=[4032])
    height: int = Field(description="Pixels, upright", examples=[3024])
    bytes: int = Field(examples=[2_345_678])
    format: str = Field(examples=["jpeg"])
    colour: Colour
    modified: str = Field(description="ISO 8601, UTC", examples=["2024-05-01T12:00:00.000Z"])
    captured: str | None = Field(
        description="ISO 8601 without a zone, as cameras write it", examples=["2024-04-30T09:15:00"]
    )
    camera: str | None = Field(examples=["NIKON D90"])
    labels: list[LabelShare] = Field(description="Most probable first")
    model: str = Field(description="The network that saw it", examples=["efficientnet_lite0"])


class JudgedAnswer(Answer):
    """What was recorded."""

    event: EventId
    word: Word
    good: list[Id]
    bad: list[Id]


class UndoneAnswer(Answer):
    """What was taken back."""

    event: EventId
    undone: EventId
    word: Word


class EventEntry(Answer):
    """One thing that a user taught."""

    id: EventId
    time: Time
    kind: EventKind
    user: str = Field(examples=["anonymous"])
    word: str = Field(examples=["griffin"])
    query: str = Field(description="What was typed", examples=["griffins"])
    good: list[Id]
    bad: list[Id]
    target: str = Field(
        description="New word of a rename or merge; event that an undo took back", examples=[""]
    )
    undone: bool = Field(description="Whether it was taken back")


class HistoryAnswer(Answer):
    """Events, the newest first."""

    events: list[EventEntry]
    total: int = Field(description="Number of all events", examples=[12])


class Example(Answer):
    """A photo that was judged for a word."""

    id: Id
    good: bool
    in_library: bool = Field(description="False: an upload; its picture can be had at size 320")


class LearnedWord(Answer):
    """A learned word."""

    word: Word
    good: int = Field(description="Photos with more good than bad votes", examples=[4])
    bad: int = Field(description="Photos with more bad than good votes", examples=[2])
    uploads: int = Field(description="Good ones that are not in the library", examples=[1])
    users: int = Field(description="How many people judged for it", examples=[1])
    changed: Time
    examples: list[Example] = Field(description="The photos that were judged, good ones first")


class WordsAnswer(Answer):
    """The learned words in alphabetical order."""

    words: list[LearnedWord]


class WordEvent(Answer):
    """A change to a learned word; undo it by its event."""

    event: EventId
    word: Word
    target: str = Field(description="The new word of a rename or merge", examples=["gryphon"])


class ImportAnswer(Answer):
    """What an import added."""

    events: int = Field(description="Number of new events", examples=[12])


class SuggestAnswer(Answer):
    """Completions, learned words first."""

    suggestions: list[str] = Field(examples=[["grass", "grasshopper"]])


class Indexing(Answer):
    """A run of `magpie index` that is under way."""

    phase: Literal["looking", "reading", "linking"]
    done: int = Field(description="Files read", examples=[340])
    total: int = Field(description="Files to read", examples=[1200])
    started: str = Field(description="ISO 8601, UTC", examples=["2024-05-01T12:00:00.000Z"])


class StatusAnswer(Answer):
    """What the library holds, and what goes on."""

    store: str = Field(examples=["sqlite:////home/me/photos.db"])
    photos: int = Field(description="0 before the first `magpie index`", examples=[1200])
    files: int = Field(examples=[1204])
    unreadable: int = Field(description="Files that could not be read", examples=[3])
    linked: int = Field(description="Photos whose neighbours are stored", examples=[1200])
    model: str | None = Field(description="None before the first index", examples=["inception_v3"])
    weights: str | None = Field(description="sha256 of the network's weights")
    dimensions: int | None = Field(examples=[2048])
    bytes: int = Field(description="Size of the store", examples=[12_345_678])
    words: int = Field(description="Number of learned words", examples=[3])
    events: int = Field(description="Number of events in the history", examples=[12])
    network: Literal["none", "loading", "ready", "failed"] = Field(
        description="Whether uploads can be looked at; none: nothing is indexed yet"
    )
    indexing: Indexing | None = Field(description="None where no run is under way")
    version: str = Field(description="Of Magpie", examples=["0.1.0"])


class HealthAnswer(Answer):
    """The server answers."""

    status: Literal["ok"]
