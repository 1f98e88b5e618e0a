"""A filter as a person asked for it, before anybody looked whether it makes sense."""

from dataclasses import dataclass

KINDS = (
    *("after", "before", "on", "in", "place", "near"),
    *("camera", "folder", "format", "name", "width", "height"),
    "orientation",
)
OTHER_NAMES = {
    **dict.fromkeys(("date", "year", "month", "day", "taken"), "in"),
    **dict.fromkeys(("since", "from"), "after"),
    **dict.fromkeys(("until", "till", "to"), "before"),
    **dict.fromkeys(("city", "town", "country", "location"), "place"),
    **dict.fromkeys(("make", "model", "device"), "camera"),
    **dict.fromkeys(("path", "dir", "directory", "album"), "folder"),
    **dict.fromkeys(("type", "ext", "extension", "filetype"), "format"),
    **dict.fromkeys(("file", "filename"), "name"),
    "shape": "orientation",
}
"""What people may call a filter, as other programs do -> its kind."""

DATES = ("after", "before", "on", "in")


@dataclass(frozen=True, slots=True)
class Asked:
    """One filter of a search.

    Attributes:
        kind: one of `KINDS`.
        value: what comes after the colon, without quotation marks.
        negative: whether photos of it are left out.
        text: as it was typed: `-camera:"iphone 7"`, "summer 2019".
    """

    kind: str
    value: str
    negative: bool = False
    text: str = ""

    @property
    def whole(self) -> str:
        """The whole name that is asked for, "" where it is a part of one: `camera:"=NIKON D70"`."""
        is_whole = self.kind in ("camera", "place", "folder") and self.value.startswith("=")
        return self.value[1:].strip() if is_whole else ""

    @property
    def name(self) -> str:
        """What tells the filter from the others of its search: `-camera:iphone 7`."""
        return f"{'-' if self.negative else ''}{self.kind}:{self.value}"


@dataclass(frozen=True, slots=True)
class FilterPart:
    """A filter as it was understood.

    Attributes:
        part: `Asked.name`, by which it is switched off.
        kind, value, text, negative: as in `Asked`.
        meaning: what it was taken for: "from 2019-06-01 to 2019-08-31".
        off: whether it was switched off.
    """

    part: str
    kind: str
    value: str
    text: str
    negative: bool
    meaning: str
    off: bool = False

    @property
    def taken(self) -> str:
        """What the filter was taken for, in one line."""
        return f"{self.text or self.part} = {'not ' if self.negative else ''}{self.meaning}"
