"""Answers about the library and the server."""

from typing import Literal

from pydantic import Field

from search.api.schemas.fields import MILLISECONDS, ApiAnswer


class Indexing(ApiAnswer):
    """A run of `magpie index` that is in progress."""

    phase: Literal["looking", "reading", "linking"]
    done: int = Field(description="Files read; while it is looking, files found", examples=[340])
    total: int = Field(description="Files to read; 0 while it is looking", examples=[1200])
    started: str = Field(description="ISO 8601, UTC", examples=[MILLISECONDS])
    remaining_seconds: int | None = Field(
        description="Until all files are read, at the rate so far; null while that is unknown",
        examples=[95],
    )


class Followed(ApiAnswer):
    """What a `magpie index --watch` on this machine follows."""

    folders: list[str] = Field(examples=[["/home/me/Pictures"]])
    by: Literal["events", "polling"] = Field(
        description="Whether the system tells of changes, or all files are looked at"
    )
    watched: int = Field(description="Folders, those below included", examples=[120])
    every_seconds: float | None = Field(
        description="Pause between two looks at all files; null if events tell of all changes"
    )
    started: str = Field(description="ISO 8601, UTC", examples=[MILLISECONDS])


class LinksAnswer(ApiAnswer):
    """Symbolic links that the last `magpie index` of each folder followed out of the library."""

    links: int = Field(description="How many", examples=[3])
    folders: int = Field(
        description="To how many folders they lead; of thousands, Elasticsearch may be a few off",
        examples=[2],
    )
    most: dict[str, int] = Field(
        description="Links by the folder that they lead to: the 20 folders with most, most first",
        examples=[{"/mnt/disk/photos": 2, "/home/ann": 1}],
    )


class StatusAnswer(ApiAnswer):
    """What the library holds, and what is going on."""

    store: str = Field(description="Its URL", examples=["sqlite:////home/me/photos.db"])
    photos: int = Field(description="0 before the first `magpie index`", examples=[1200])
    files: int = Field(description="Files that hold a photo", examples=[1204])
    unreadable: int = Field(description="Files that could not be read", examples=[3])
    left_out: dict[str, int] = Field(
        description="Files that the last `magpie index` of each folder left out, by ending, most "
        "first; `(none)` counts those without an ending",
        examples=[{".mp4": 280, ".txt": 32}],
    )
    links_out: LinksAnswer
    previews: int = Field(
        description="Photos that are described by previews in their files so far", examples=[0]
    )
    linked: int = Field(description="Photos whose neighbours are stored", examples=[1200])
    model: str | None = Field(
        description="The vision network; null before the first `magpie index`",
        examples=["inception_v3"],
    )
    weights: str | None = Field(description="SHA-256 of the network's weights, in hex")
    dimensions: int | None = Field(description="Length of the vectors", examples=[2048])
    looks: int | None = Field(
        description="Squares of a photo that the network looks at", examples=[5]
    )
    bytes: int = Field(description="Size of the store", examples=[12_345_678])
    read_only: bool = Field(
        description="Whether the library can be searched and not taught; no searches are logged"
    )
    words: int = Field(description="Number of learned words", examples=[3])
    events: int = Field(description="Number of events in the history", examples=[12])
    bad_events: list[str] = Field(
        description="Events that cannot be read any more: their ids; nothing is learned from them",
        examples=[[]],
    )
    network: Literal["none", "loading", "ready", "failed"] = Field(
        description="Whether uploads can be described; none: nothing is indexed yet"
    )
    upload_bytes: int = Field(
        description="Maximum size of an uploaded picture", examples=[20_000_000]
    )
    upload_files: int = Field(
        description="Maximum number of pictures that teach a word at once", examples=[20]
    )
    indexing: Indexing | None = Field(description="Null if no run is in progress")
    watching: list[Followed] = Field(description="Empty if nothing is being followed")
    index_command: str = Field(
        description="What to type on the server's machine to index photos into this store",
        examples=["magpie index --store sqlite:////srv/photos.db ~/Pictures"],
    )
    version: str = Field(description="Magpie's version", examples=["0.1.0"])


class UnreadableFileAnswer(ApiAnswer):
    """A file that could not be read."""

    path: str = Field(examples=["/photos/2024/broken.jpg"])
    reason: str = Field(examples=["not a photo: it ends after 12 bytes"])


class UnreadableAnswer(ApiAnswer):
    """Files that could not be read when they were indexed, sorted by path."""

    files: list[UnreadableFileAnswer]


class HealthAnswer(ApiAnswer):
    """The server is up."""

    status: Literal["ok"]
