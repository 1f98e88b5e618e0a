"""What the routes take: bodies of requests, and who asks."""

from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field, model_validator

from indexer.records import ANONYMOUS
from search.api.schemas import PHOTO_ID

MOST_IDS = 10_000

PhotoId = Annotated[str, Field(max_length=100, examples=[PHOTO_ID])]
PhotoIds = Annotated[list[PhotoId], Field(default_factory=list, max_length=MOST_IDS)]
User = Annotated[
    str, Field(min_length=1, max_length=100, description="Who; needs no account", examples=["ann"])
]
Who = Annotated[str, Query(min_length=1, max_length=100, description="Who")]
"""The user in an address."""

Text = Annotated[str, Field(max_length=1000, examples=["griffin"])]


class Body(BaseModel):
    """An object; members that nobody knows are refused."""

    model_config = ConfigDict(extra="forbid")


class Feedback(Body):
    """Photos judged as answers to a query."""

    query: Text = Field(description="What was searched for, or `learning.word` of the answer")
    good: PhotoIds
    bad: PhotoIds
    shown: PhotoIds = Field(description="What the user saw")
    user: User = ANONYMOUS


class Examples(Body):
    """Photos that show a word, or do not; ids of the library or of recent uploads."""

    good: PhotoIds
    bad: PhotoIds
    user: User = ANONYMOUS


class WordChange(Body):
    """Another name for a learned word, or the learned word it becomes a part of."""

    rename: Text | None = None
    merge_into: Text | None = None
    user: User = ANONYMOUS

    @model_validator(mode="after")
    def _exactly_one(self) -> "WordChange":
        if (self.rename is None) == (self.merge_into is None):
            raise ValueError("give either rename or merge_into")
        return self


class Session(Body):
    """The key that the server was started with."""

    key: str = Field(max_length=1000, examples=["correct horse battery staple"])
