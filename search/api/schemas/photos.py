"""The document of a photo."""

from pydantic import Field

from search.api.schemas.fields import MILLISECONDS, ApiAnswer, Colour, Id


class LabelShare(ApiAnswer):
    """A label, and its probability according to the network."""

    wnid: str = Field(description="WordNet id", examples=["n02099601"])
    name: str = Field(examples=["golden retriever"])
    probability: float = Field(examples=[0.87])


class LocationAnswer(ApiAnswer):
    """Where a photo was taken, as EXIF tells."""

    latitude: float = Field(description="Degrees", examples=[38.713911])
    longitude: float = Field(description="Degrees", examples=[-9.139423])


class ExifAnswer(ApiAnswer):
    """How a photo was taken, as the EXIF of its file tells; null is not known."""

    seconds: float | None = Field(description="Exposure time", examples=[0.004])
    f_number: float | None = Field(description="Focal length by aperture", examples=[2.8])
    iso: int | None = Field(description="Sensitivity", examples=[400])
    focal_length: float | None = Field(description="In millimetres", examples=[35.0])
    focal_length_35mm: int | None = Field(
        description="In millimetres, for the same view on 35 mm film", examples=[52]
    )
    lens: str | None = Field(examples=["NIKKOR 35mm f/1.8G"])


class PhotoAnswer(ApiAnswer):
    """Everything that is known about a photo."""

    id: Id
    paths: list[str] = Field(description="Every path at which the photo lies")
    width: int = Field(description="In pixels, upright", examples=[4032])
    height: int = Field(description="In pixels, upright", examples=[3024])
    bytes: int = Field(description="Size of the file", examples=[2_345_678])
    format: str = Field(examples=["jpeg"])
    colour: Colour
    modified: str = Field(description="ISO 8601, UTC", examples=[MILLISECONDS])
    captured: str | None = Field(
        description="ISO 8601 without a time zone, as cameras write it; null if unknown",
        examples=["2024-04-30T09:15:00"],
    )
    camera: str | None = Field(description="Null if unknown", examples=["NIKON D90"])
    location: LocationAnswer | None = Field(description="Null if unknown")
    place: str | None = Field(
        description="Town, region and country of the location; null if unknown",
        examples=["Cascais, Lisbon, Portugal"],
    )
    damaged: bool = Field(description="Whether a part of the picture is missing", examples=[False])
    duration: float | None = Field(
        description="Seconds, of a film that the picture is a frame of; null for a photo",
        examples=[42.5],
    )
    preview: bool = Field(
        description="Whether labels and colour are those of a preview in the file, until the run "
        "that is in progress gets to the photo itself",
        examples=[False],
    )
    labels: list[LabelShare] = Field(description="Most probable first")
    model: str = Field(
        description="The network that described the photo", examples=["efficientnet_lite0"]
    )
