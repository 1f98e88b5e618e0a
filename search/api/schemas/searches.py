"""Answers to searches: hits with their reasons, and how the query was understood."""

from pydantic import Field

from search.api.schemas.fields import (
    PHOTO_ID,
    ApiAnswer,
    Colour,
    FilterKind,
    Id,
    PartKind,
    ReasonKind,
    Word,
)


class ReasonAnswer(ApiAnswer):
    """One part of a score."""

    kind: ReasonKind
    what: str = Field(examples=["golden retriever, a kind of dog"])
    score: float = Field(description="Negative for damping", examples=[0.61])


class VotesAnswer(ApiAnswer):
    """How many users judged a photo good or bad for a query."""

    good: int = Field(examples=[2])
    bad: int = Field(examples=[0])


class HitAnswer(ApiAnswer):
    """A photo that answers a query; its score is the sum of its reasons' scores."""

    id: Id
    path: str = Field(examples=["/photos/2024/beach.jpg"])
    score: float = Field(examples=[0.83])
    reasons: list[ReasonAnswer]
    width: int = Field(description="In pixels, upright", examples=[4032])
    height: int = Field(description="In pixels, upright", examples=[3024])
    colour: Colour
    duration: float | None = Field(
        description="Seconds, of a film that the picture is a frame of; null for a photo",
        examples=[42.5],
    )
    captured: str | None = Field(
        description="Capture time as the camera wrote it, without a zone; null if it is not known",
        examples=["2024-05-01T12:00:00"],
    )
    place: str | None = Field(
        description="Town, region and country; null if it is not known",
        examples=["Cascais, Lisbon, Portugal"],
    )
    likely: bool | None = Field(
        description="Whether the photo is likely to show what was asked for; null in lists of "
        "similar or random photos"
    )
    judged: VotesAnswer | None = Field(
        description="Votes on this photo for this query; null if there are none"
    )


class PartAnswer(ApiAnswer):
    """How one word or name in a query was understood."""

    part: str = Field(
        description="Pass this as `without` to switch the part off", examples=["puppy", "-cat"]
    )
    word: Word
    meaning: str = Field(
        description="What the word was taken to mean", examples=["Chihuahua, beagle and 116 more"]
    )
    kind: PartKind
    weight: float = Field(description="How much the part counts", examples=[1.0])
    labels: dict[str, float] = Field(
        description="Weight of each label, by WordNet id", examples=[{"n02099601": 1.0}]
    )
    names: dict[str, str] = Field(
        description="Name of each label, by WordNet id",
        examples=[{"n02099601": "golden retriever"}],
    )
    reasons: dict[str, str] = Field(
        description='Why each label counts, by WordNet id; "" if the word names it',
        examples=[{"n02099601": "a kind of dog"}],
    )
    kinds: dict[str, PartKind] = Field(
        description="Kind of each label, by WordNet id, where it differs from the part's",
        examples=[{"n02099601": "related"}],
    )
    good: int = Field(description="Photos taught as good for the word", examples=[4])
    bad: int = Field(description="Photos taught as bad for the word", examples=[2])
    off: bool = Field(description="Whether `without` switched the part off")


class FilterAnswer(ApiAnswer):
    """How one filter was understood; several of a kind let through what any of them does."""

    part: str = Field(
        description="Pass this as `without` to switch the filter off", examples=["in:summer 2019"]
    )
    kind: FilterKind
    value: str = Field(examples=["summer 2019"])
    text: str = Field(description="As it was written", examples=["summer 2019"])
    negative: bool = Field(description="Whether it leaves photos out")
    meaning: str = Field(
        description="What it was taken for", examples=["from 2019-06-01 to 2019-08-31"]
    )
    off: bool = Field(description="Whether `without` switched it off")


class LearningAnswer(ApiAnswer):
    """What was learned for the query as a whole. Feedback on its hits goes to this word."""

    word: Word
    good: int = Field(description="Photos judged good", examples=[3])
    bad: int = Field(description="Photos judged bad", examples=[1])


class LikeAnswer(ApiAnswer):
    """The picture that the search compared photos with."""

    id: Id
    name: str = Field(description="The file's path or name", examples=["holiday.jpg"])
    in_library: bool = Field(description="False for an upload, or an example kept with a word")


class SearchAnswer(ApiAnswer):
    """Photos, best first, and how the query was understood."""

    query: str = Field(examples=["puppy on grass -cat"])
    familiar: bool = Field(description="Whether anything in the query was understood")
    common: bool = Field(
        description='Whether it is not understood because its words, such as "the", are too common '
        "to search for"
    )
    words: list[PartAnswer] = Field(
        description="Parts in query order, then the parts that are switched off"
    )
    filters: list[FilterAnswer] = Field(
        description="Filters, in the words or apart, also those that are switched off"
    )
    suggestions: list[str] = Field(description="Words that would find something")
    learning: LearningAnswer | None = Field(description="Null if the query has no words")
    like: LikeAnswer | None = Field(description="The query's picture; null if there is none")
    likely: int = Field(
        description="How many photos of the whole ranking are likely to show what was asked for: "
        "the first ones, sorted by score",
        examples=[17],
    )
    hits: list[HitAnswer]


class HitsAnswer(ApiAnswer):
    """Photos. The score is the cosine in a list of similar photos, and 0 in a random one."""

    hits: list[HitAnswer]


class PhotosAnswer(ApiAnswer):
    """Some photos of the list by date, of which all scores are 0."""

    hits: list[HitAnswer]
    next: str | None = Field(
        description="Pass this as `cursor` to get the photos after these; null at the end",
        examples=[f"dated_1558699200000_{PHOTO_ID}"],
    )


class FacetCountAnswer(ApiAnswer):
    """So many photos of a month, a camera, a folder or a format."""

    value: str = Field(examples=["2019-05", "NIKON D90"])
    photos: int = Field(examples=[12])


class WithoutAnswer(ApiAnswer):
    """Photos that do not say."""

    date: int = Field(
        description="Without a capture time: they count in the month of their file", examples=[3]
    )
    camera: int = Field(examples=[5])
    place: int = Field(examples=[120])


class MoreAnswer(ApiAnswer):
    """How many more names there are than `limit` lets through."""

    cameras: int = Field(examples=[0])
    places: int = Field(examples=[0])
    folders: int = Field(examples=[214])
    formats: int = Field(examples=[0])


class FacetsAnswer(ApiAnswer):
    """How many photos a search finds, by what filters ask for."""

    query: str = Field(examples=["puppy camera:nikon"])
    familiar: bool = Field(description="Whether anything in the query was understood")
    suggestions: list[str] = Field(description="Words that would find something")
    filters: list[FilterAnswer] = Field(
        description="Filters, in the words or apart, also those that are switched off"
    )
    photos: int = Field(description="All that the search finds", examples=[623])
    years: list[FacetCountAnswer] = Field(description="In order of time")
    months: list[FacetCountAnswer] = Field(description="In order of time, those with photos")
    cameras: list[FacetCountAnswer] = Field(description="Most photos first")
    places: list[FacetCountAnswer] = Field(description="Most photos first")
    folders: list[FacetCountAnswer] = Field(
        description="Full paths, most photos first; a photo counts in each folder that holds it"
    )
    formats: list[FacetCountAnswer] = Field(description="Most photos first")
    without: WithoutAnswer
    more: MoreAnswer


class MonthsAnswer(ApiAnswer):
    """All photos of the library, by month."""

    months: list[FacetCountAnswer] = Field(description="Newest first, those with photos")
    undated: int = Field(description="Photos without a capture time", examples=[3])


class IdeasAnswer(ApiAnswer):
    """Words that many photos of the library show."""

    ideas: list[str] = Field(examples=[["seashore", "sunflower", "tabby"]])


class SuggestAnswer(ApiAnswer):
    """Completions, learned words first, then what photos show."""

    suggestions: list[str] = Field(examples=[["grass", "grasshopper"]])
    photos: dict[str, int] = Field(
        description="How many photos are likely to show a suggestion, where that is known",
        examples=[{"grasshopper": 3}],
    )
