"""The document of a photo."""

from pydantic import Field

from search.api.schemas.fields import MILLISECONDS, ApiAnswer, Colour, Id


class LabelShare(ApiAnswer):
    """A label, and its probability according to the network."""

    wnid: str = Field(description="WordNet id", examples=["n02099601"])
    name: str = Field(examples=["golden retriever"])
    probability: float = Field(examples=[0.87])


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
    labels: list[LabelShare] = Field(description="Most probable first")
    model: str = Field(
        description="The network that described the photo", examples=["efficientnet_lite0"]
    )
