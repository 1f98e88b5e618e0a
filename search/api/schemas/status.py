"""Answers about the library and the server."""

from typing import Literal

from pydantic import Field

from search.api.schemas.fields import MILLISECONDS, ApiAnswer


class Indexing(ApiAnswer):
    """A run of `magpie index` that is in progress."""

    phase: Literal["looking", "reading", "linking"]
    done: int = Field(description="Files read", examples=[340])
    total: int = Field(description="Files to read", examples=[1200])
    started: str = Field(description="ISO 8601, UTC", examples=[MILLISECONDS])


class StatusAnswer(ApiAnswer):
    """What the library holds, and what is going on."""

    store: str = Field(description="Its URL", examples=["sqlite:////home/me/photos.db"])
    photos: int = Field(description="0 before the first `magpie index`", examples=[1200])
    files: int = Field(description="Files that hold a photo", examples=[1204])
    unreadable: int = Field(description="Files that could not be read", examples=[3])
    linked: int = Field(description="Photos whose neighbours are stored", examples=[1200])
    model: str | None = Field(
        description="The vision network; null before the first `magpie index`",
        examples=["inception_v3"],
    )
    weights: str | None = Field(description="SHA-256 of the network's weights, in hex")
    dimensions: int | None = Field(description="Length of the vectors", examples=[2048])
    bytes: int = Field(description="Size of the store", examples=[12_345_678])
    words: int = Field(description="Number of learned words", examples=[3])
    events: int = Field(description="Number of events in the history", examples=[12])
    network: Literal["none", "loading", "ready", "failed"] = Field(
        description="Whether uploads can be described; none: nothing is indexed yet"
    )
    indexing: Indexing | None = Field(description="Null if no run is in progress")
    version: str = Field(description="Magpie's version", examples=["0.1.0"])


class HealthAnswer(ApiAnswer):
    """The server is up."""

    status: Literal["ok"]
