"""The query parameters by which routes filter and sort photos."""

from typing import Annotated, Literal

from fastapi import Query

LONGEST = 100

Values = list[str]


class FilterParameters:
    """The filters of a request."""

    def __init__(
        self,
        after: Annotated[
            str,
            Query(
                description="Photos from this date on: a year, month, day, or words such as "
                "`summer 2019`",
                examples=["2019-05"],
            ),
        ] = "",
        before: Annotated[
            str, Query(description="Photos before this date", examples=["2020"])
        ] = "",
        near: Annotated[
            Values,
            Query(
                description="Photos around a town or a position, within 25 km or the radius that "
                "is given; several: any",
                examples=["Lisbon", "Lisbon 10 km", "38.72,-9.14 500 m"],
            ),
        ] = [],  # noqa: B006
        place: Annotated[
            Values,
            Query(
                description="Photos with this in their town, region or country; several: any",
                examples=["Portugal"],
            ),
        ] = [],  # noqa: B006
        camera: Annotated[
            Values,
            Query(
                description="Photos of a camera with this in its make and model; several: any",
                examples=["iphone 7"],
            ),
        ] = [],  # noqa: B006
        folder: Annotated[
            Values,
            Query(
                description="Photos in a folder with this in its path; several: any",
                examples=["holiday"],
            ),
        ] = [],  # noqa: B006
        format: Annotated[
            Values, Query(description="Photos of this format; several: any", examples=["heic"])
        ] = [],  # noqa: B006
        name: Annotated[
            Values,
            Query(
                description="Photos with this in the file name; several: any", examples=["IMG_20"]
            ),
        ] = [],  # noqa: B006
        orientation: Annotated[
            Values,
            Query(
                description="`portrait`, `landscape` or `square` photos; several: any",
                examples=["portrait"],
            ),
        ] = [],  # noqa: B006
        sort: Annotated[
            Literal["score", "newest", "oldest"], Query(description="Which photos come first")
        ] = "score",
    ) -> None:
        """Take the parameters as they are; the library checks them."""
        self.sort = sort
        self._given = {
            "after": [after],
            "before": [before],
            "near": near,
            "place": place,
            "camera": camera,
            "folder": folder,
            "format": format,
            "name": name,
            "orientation": orientation,
        }

    def given(self) -> dict[str, list[str]]:
        """Return the values that were given, by kind of filter."""
        every = {kind: [one for one in values if one] for kind, values in self._given.items()}
        return {kind: values for kind, values in every.items() if values}
