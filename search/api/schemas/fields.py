"""Fields that several schemas share, and the base of all answers."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from search.filters.asked import KINDS

PHOTO_ID = "0f8fad5bd9cb469fa16570867728950e"
EVENT_ID = "5f2c8a1b9d3e4f60"
TIME = "2024-05-01T12:00:00.000000Z"
MILLISECONDS = "2024-05-01T12:00:00.000Z"

Id = Annotated[
    str, Field(description="Id of a photo: a hash of its content, in hex", examples=[PHOTO_ID])
]
EventId = Annotated[str, Field(description="Id of an event", examples=[EVENT_ID])]
Time = Annotated[str, Field(description="ISO 8601, UTC", examples=[TIME])]
Colour = Annotated[str, Field(description="Mean colour", examples=["#7a6b58"])]
Word = Annotated[str, Field(description="A word in its normal form", examples=["griffin"])]

_REASONS = (
    *("label", "hypernym", "related", "word2vec", "translated", "taught", "text"),
    *("neighbour", "vote", "similar", "damping"),
)
_PARTS = (
    *("label", "hypernym", "related", "word2vec", "translated", "taught", "text"),
    *("excluded", "unfamiliar"),
)
_EVENTS = ("click", "teach", "forget", "rename", "merge", "undo")

ReasonKind = Annotated[str, Field(json_schema_extra={"enum": list(_REASONS)})]
PartKind = Annotated[str, Field(json_schema_extra={"enum": list(_PARTS)})]
FilterKind = Annotated[str, Field(json_schema_extra={"enum": list(KINDS)})]
EventKind = Annotated[str, Field(json_schema_extra={"enum": list(_EVENTS)})]


class ApiAnswer(BaseModel):
    """Base of all answers; made from records by their attributes."""

    model_config = ConfigDict(from_attributes=True)
