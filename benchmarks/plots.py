"""Plots beside the tables: small SVG files that the Markdown files show."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FOLDER = Path(__file__).parent
SIZE = (9, 3.6)  # inches
STYLE = {"svg.fonttype": "none", "svg.hashsalt": "magpie", "font.size": 9}


@dataclass(frozen=True)
class Plot:
    """A plot with an axis from 0, written beside the Markdown file that shows it.

    Attributes:
        name: of the file, without its ending.
        draw: draws everything but the frame.
        top: end of the value axis; None if `draw` sets the axis.
    """

    name: str
    title: str
    draw: "Callable[[Axes], None]"
    top: float | None = 1

    def markdown(self) -> str:
        """Write the file and return the Markdown line that shows it."""
        import matplotlib as mpl

        mpl.use("svg")
        from matplotlib import pyplot

        with mpl.rc_context(STYLE):
            figure, axes = pyplot.subplots(figsize=SIZE, layout="constrained")
            self.draw(axes)
            if self.top is not None:
                axes.set_ylim(0, self.top)
            axes.grid(axis="y", alpha=0.3)
            axes.spines[["top", "right"]].set_visible(False)
            axes.legend(loc="upper left", bbox_to_anchor=(1, 1), frameon=False)
            # Without a date, so that an unchanged plot is an unchanged file.
            figure.savefig(FOLDER / f"{self.name}.svg", metadata={"Date": None})
            pyplot.close(figure)
        return f"![{self.title}]({self.name}.svg)\n"


def bars(groups: Sequence[str], series: Mapping[str, Sequence[float]]) -> "Callable[[Axes], None]":
    """Return a drawing of groups of bars side by side: one value per group in each series."""

    def draw(axes: "Axes") -> None:
        width = 0.8 / len(series)
        for number, (label, values) in enumerate(series.items()):
            positions = [group + number * width for group in range(len(groups))]
            axes.bar(positions, values, width, label=label)
        axes.set_xticks([group + 0.4 - width / 2 for group in range(len(groups))], groups)

    return draw


def lines(steps: Sequence[str], series: Mapping[str, Sequence[float]]) -> "Callable[[Axes], None]":
    """Return a drawing of lines: one value per step in each series, which may be shorter."""

    def draw(axes: "Axes") -> None:
        for label, values in series.items():
            axes.plot(range(len(values)), values, marker="o", label=label)
        axes.set_xticks(range(len(steps)), steps)

    return draw


def curves(
    along: str, series: Mapping[str, tuple[Sequence[float], Sequence[float]]]
) -> "Callable[[Axes], None]":
    """Return a drawing of curves: points on a logarithmic axis, and a value at each."""

    def draw(axes: "Axes") -> None:
        for label, (positions, values) in series.items():
            axes.plot(positions, values, marker="o", label=label)
        axes.set_xscale("log")
        axes.set_xlabel(along)

    return draw
