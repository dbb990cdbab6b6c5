"""Pictures with a panel for each model. Every function gives a matplotlib figure."""

import itertools

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path
from matplotlib.ticker import MaxNLocator

from genre.models.names import title
from genre.reporting.figures import COLOURS, family, quiet, write

COLUMNS = 4
TICKS = [0, 0.5, 1]
NAME = 7  # the size of a genre's name beside a confusion matrix [points]


def _panels(
    count: int,
    *,
    columns: int,
    size: tuple[float, float],
    gaps: tuple[float, float],
    margins: tuple[float, float, float, float],
) -> tuple[Figure, list[Axes]]:
    """A figure of so many axes, row by row, and those axes.

    Parameters
    ----------
    size, gaps : (float, float)
        Width and height of one of them, and between two of them [inches].
    margins : (float, float, float, float)
        Left, right, below and above all of them [inches].
    """
    columns = min(columns, count)
    rows = -(-count // columns)
    left, right, bottom, top = margins
    width = left + columns * size[0] + (columns - 1) * gaps[0] + right
    height = bottom + rows * size[1] + (rows - 1) * gaps[1] + top
    figure, grid = plt.subplots(
        rows,
        columns,
        figsize=(width, height),
        squeeze=False,
        gridspec_kw={
            "left": left / width, "right": 1 - right / width, "bottom": bottom / height,
            "top": 1 - top / height, "wspace": gaps[0] / size[0], "hspace": gaps[1] / size[1],
        },
    )  # fmt: skip
    for axes in grid.flat[count:]:
        axes.remove()
    return figure, list(grid.flat[:count])


def _subtitle(figure: Figure, text: str) -> None:
    width, height = figure.get_size_inches()
    figure.text(0.1 / width, 1 - 0.08 / height, text, va="top", fontsize=10)


def reliability(tables: dict[str, pd.DataFrame], *, subtitle: str = "") -> Figure:
    """Draw how often models are right against how sure they are; areas show numbers of tracks.

    Parameters
    ----------
    tables : dict of str to pd.DataFrame
        What `genre.evaluation.scores.calibration` gave for each model.
    subtitle : str
        What was scored.
    """
    figure, grid = _panels(
        len(tables), columns=COLUMNS, size=(2.0, 2.0 * 1.12 / 1.04), gaps=(0.3, 0.4),
        margins=(0.5, 0.1, 0.45, 0.6 if subtitle else 0.3),
    )  # fmt: skip
    for axes, (model, bins) in zip(grid, tables.items(), strict=True):
        axes.plot([0, 1], [0, 1], color="0.6", lw=1, ls="--")
        area = 300 * bins["tracks"] / bins["tracks"].sum()
        axes.plot(bins["confidence"], bins["accuracy"], color=COLOURS[family(model)], lw=1)
        axes.scatter(bins["confidence"], bins["accuracy"], area, color=COLOURS[family(model)])
        axes.set(xlim=(0, 1.04), ylim=(-0.04, 1.08), xticks=TICKS, yticks=TICKS)
        axes.tick_params(labelsize=7, labelleft=False, labelbottom=False)
        axes.set_title(title(model), fontsize=10, y=1)
    for axes in grid[::COLUMNS]:
        axes.tick_params(labelleft=True)
        axes.set_ylabel("accuracy", fontsize=8)
    for axes in grid[-COLUMNS:]:
        axes.tick_params(labelbottom=True)
        axes.set_xlabel("confidence", fontsize=8)
    _subtitle(figure, subtitle)
    return figure


def confusions(matrices: dict[str, pd.DataFrame], *, subtitle: str = "") -> Figure:
    """Draw the confusion matrix of each model, as shares of the true genre's tracks.

    Parameters
    ----------
    matrices : dict of str to pd.DataFrame
        Counts by true genre (rows) and predicted genre (columns); all of the same genres.
    subtitle : str
        What was counted.
    """
    genres = [str(genre) for genre in next(iter(matrices.values()))]
    side, name = max(2.2, 0.22 * len(genres)), _longest(genres)
    figure, grid = _panels(
        len(matrices), columns=COLUMNS, size=(side, side), gaps=(0.2, 0.4),
        margins=(0.4 + name, 0.1, 0.4 + name, 0.6 if subtitle else 0.3),
    )  # fmt: skip
    for axes, (model, counts) in zip(grid, matrices.items(), strict=True):
        shares = counts.div(counts.sum(axis=1).clip(lower=1), axis=0).to_numpy(float)
        axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
        for (row, column), count in np.ndenumerate(counts.to_numpy()):
            if count:
                shade = "white" if shares[row, column] > 0.5 else "black"
                write(axes, row, column, str(count), size=7, colour=shade)
        axes.set(xticks=[], yticks=[])
        axes.set_title(title(model), fontsize=10, y=1)
    for axes in grid[::COLUMNS]:
        axes.set_yticks(range(len(genres)), genres, fontsize=NAME)
    for axes in grid[-COLUMNS:]:
        axes.set_xticks(range(len(genres)), genres, fontsize=NAME, rotation=90)
    width, height = figure.get_size_inches()
    figure.supxlabel("predicted genre", y=0.06 / height, fontsize=9)
    figure.supylabel("true genre", x=0.06 / width, fontsize=9)
    _subtitle(figure, subtitle)
    return figure


def _longest(names: list[str]) -> float:
    """The length of the longest of some names beside a matrix [inches]."""
    font = FontProperties(size=NAME)
    with quiet():
        sizes = [text_to_path.get_text_width_height_descent(name, font, False) for name in names]
    return max(width for width, _, _ in sizes) / 72


def curves(histories: dict[str, pd.DataFrame]) -> Figure:
    """Draw loss and accuracy by epoch, on training and validation tracks, of each model.

    Parameters
    ----------
    histories : dict of str to pd.DataFrame
        The curves that training wrote.
    """
    figure, grid = _panels(
        2 * len(histories), columns=6, size=(1.6, 1.4), gaps=(0.4, 0.5),
        margins=(0.4, 0.2, 0.4, 0.55),
    )  # fmt: skip
    panels = zip(grid, itertools.product(histories, ("loss", "accuracy")), strict=True)
    for axes, (model, metric) in panels:
        table = histories[model]
        axes.plot(table["epoch"], table[metric], label="training")
        axes.plot(table["epoch"], table[f"val_{metric}"], label="validation")
        axes.set_title(f"{title(model)}: {metric}", fontsize=8, y=1)
        axes.tick_params(labelsize=7)
        axes.xaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 5, 10], integer=True))
        axes.yaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 5, 10]))
        if metric == "accuracy":
            axes.set(ylim=(0, 1), yticks=TICKS)
    for axes in grid[-6:]:
        axes.set_xlabel("epoch", fontsize=7)
    figure.legend(*axes.get_legend_handles_labels(), loc="upper right", ncols=2, fontsize=8)
    return figure
