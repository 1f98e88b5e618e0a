"""What the routes take: request bodies, and who is asking."""

from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field, model_validator

from indexer.defaults import ANONYMOUS
from search.api.schemas.fields import PHOTO_ID, EventId

MOST_IDS = 10_000
MOST_ZIPPED = 500
LONGEST_USER = 100
WHO = "User name; no account is needed"

PhotoId = Annotated[str, Field(max_length=100, examples=[PHOTO_ID])]
PhotoIds = Annotated[list[PhotoId], Field(default_factory=list, max_length=MOST_IDS)]
User = Annotated[
    str, Field(min_length=1, max_length=LONGEST_USER, description=WHO, examples=["ann"])
]
Who = Annotated[str, Query(min_length=1, max_length=LONGEST_USER, description=WHO)]
"""The user, as a query parameter."""

Text = Annotated[str, Field(max_length=1000, examples=["griffin"])]


class Body(BaseModel):
    """An object without unknown members."""

    model_config = ConfigDict(extra="forbid")


class FeedbackBody(Body):
    """Photos judged as answers to a query."""

    query: Text = Field(
        description="What was searched for, or the answer's `learning.word` in quotation marks"
    )
    good: PhotoIds
    bad: PhotoIds
    shown: PhotoIds = Field(description="The photos that the user saw")
    user: User = ANONYMOUS


class EventsBody(Body):
    """Events to undo, by id."""

    events: Annotated[list[EventId], Field(min_length=1, max_length=MOST_IDS)]
    user: User = ANONYMOUS


class ExamplesBody(Body):
    """Photos that show a word, and photos that do not, by id; recent uploads count too."""

    good: PhotoIds
    bad: PhotoIds
    user: User = ANONYMOUS


class PhotosBody(Body):
    """Photos in the library."""

    ids: Annotated[list[PhotoId], Field(min_length=1, max_length=MOST_ZIPPED)]


class WordChangeBody(Body):
    """A new name for a learned word, or another learned word to merge it into."""

    rename: Text | None = None
    merge_into: Text | None = None
    user: User = ANONYMOUS

    @model_validator(mode="after")
    def _exactly_one(self) -> "WordChangeBody":
        if (self.rename is None) == (self.merge_into is None):
            raise ValueError("give either rename or merge_into")
        return self


class SessionBody(Body):
    """The key that the server was started with."""

    key: str = Field(max_length=1000, examples=["correct horse battery staple"])
