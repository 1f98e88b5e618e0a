"""Answers to searches: hits with their reasons, and how the query was understood."""

from pydantic import Field

from search.api.schemas.fields import ApiAnswer, Colour, Id, PartKind, ReasonKind, Word


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
    words: list[PartAnswer] = Field(
        description="Parts in query order, then the parts that are switched off"
    )
    suggestions: list[str] = Field(description="Words that would find something")
    learning: LearningAnswer | None = Field(description="Null if the query has no words")
    like: LikeAnswer | None = Field(description="The query's picture; null if there is none")
    hits: list[HitAnswer]


class HitsAnswer(ApiAnswer):
    """Photos. The score is the cosine in a list of similar photos, and 0 in a random one."""

    hits: list[HitAnswer]


class SuggestAnswer(ApiAnswer):
    """Completions, learned words first."""

    suggestions: list[str] = Field(examples=[["grass", "grasshopper"]])
