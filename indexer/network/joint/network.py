"""A network of two towers as the rest of Magpie sees one: a `Model` that reads texts too."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from indexer.derived.locations import cache_folder
from indexer.errors import BadValue
from indexer.network.joint.graphs import check_vocabulary, picture_graph, text_graph, width_of
from indexer.network.joint.squares import Squares
from indexer.network.joint.text_tower import TextTower
from indexer.network.joint.tokens import Tokens
from indexer.network.joint.zero_shot import SCALE, Classes, class_vectors, recipe
from indexer.network.looks import Box
from indexer.network.models import Pixels, Weights

if TYPE_CHECKING:
    from PIL import Image


@dataclass(frozen=True, slots=True)
class Towers:
    """What a layout finds in a folder.

    Attributes:
        pictures, texts: the two graphs, ONNX.
        others: further files that the network's numbers depend on, besides those that hold the
            weights of a graph.
        squares: how pictures become the first one's input.
        tokens: loads what makes the second one's inputs.
        length: tokens of a text.
        dimensions: length of the vectors that both give.
        scale: see `zero_shot.SCALE`.
    """

    pictures: Path
    texts: Path
    others: tuple[Path, ...]
    squares: Squares
    tokens: Callable[[], Tokens]
    length: int
    dimensions: int
    scale: float = SCALE


class JointNetwork:
    """A network of two towers; its graphs load when first needed."""

    suffix = ""
    looks = 1
    """The published square and nothing else, until somebody measures more of them with real
    weights: texts were trained with that square, and each look costs as much as the first."""

    def __init__(self, folder: Path, towers: Towers, weights: Callable[[], Weights]) -> None:
        """Take what a folder holds, and what tells it from others."""
        self.name = folder.name
        self.folder = folder
        self.towers = towers
        self.dimensions = towers.dimensions
        self.pixels = towers.squares.side
        self._read_weights = weights

    def local_weights(self) -> Path | None:
        """The folder."""
        return self.folder

    def weights(self, file: Path | None = None) -> Weights:
        """Return the folder and the sha256 of what its numbers depend on.

        Raises:
            BadValue: a file of weights is given, which belongs to other networks.
        """
        if file is not None:
            raise BadValue(f"{self.name} takes its weights from {self.folder}: omit --weights")
        return self._read_weights()

    def prepare(self, image: "Image.Image") -> Pixels:
        """Return the square that the network was published with."""
        return self.towers.squares.square(image)

    def cut(self, image: "Image.Image", box: Box) -> Pixels:
        """Scale one box into the square."""
        return self.towers.squares.cut(image, box)

    def build(self, weights: Weights) -> Any:
        """Refuse: there is no Keras model of an ONNX graph."""
        raise BadValue(
            f"{self.name} runs in OpenVINO only: pip install openvino, --engine openvino"
        )

    def graph(self, weights: Weights) -> Any:
        """Return the picture tower, which gives one output, embeddings."""
        return self._pictures()

    def check(self) -> None:
        """Read both towers and what makes their inputs; it takes seconds.

        Raises:
            NotFound, BadValue: they cannot be used.
        """
        self._pictures()
        self.texts  # noqa: B018

    @cached_property
    def texts(self) -> TextTower:
        """The text tower; loading it takes a second."""
        towers = self.towers
        graph = text_graph(towers.texts, towers.length)
        self._check_width(graph, towers.texts)
        tokens = towers.tokens()
        check_vocabulary(graph, towers.texts, tokens)
        return TextTower(graph, tokens)

    @cached_property
    def classes(self) -> Classes:
        """The 1,000 classes; the first time, the text tower reads their names."""
        kept = cache_folder() / "networks" / f"{self.weights().sha256[:16]}-{recipe()}.npy"
        vectors = class_vectors(lambda: self.texts, kept, self.name, self.dimensions)
        return Classes(vectors, self.towers.scale)

    def _pictures(self) -> Any:
        graph = picture_graph(self.towers.pictures, self.towers.squares)
        self._check_width(graph, self.towers.pictures)
        return graph

    def _check_width(self, graph: Any, path: Path) -> None:
        width = width_of(graph, path)
        if width != self.dimensions:
            raise BadValue(
                f"{path} gives vectors of {width} numbers, not {self.dimensions} as the settings "
                "beside it say: download the folder again"
            )
