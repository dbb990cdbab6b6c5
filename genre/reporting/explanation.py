"""Pictures of why a model says so: which features it needs, and what it takes for alike."""

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from genre.models.names import title
from genre.reporting.figures import write

FULL = 0.3  # accuracy lost or won at which a colour is full
DARK = 0.2  # what makes it so dark that text must be light


def importances(table: pd.DataFrame) -> Figure:
    """Draw the accuracy that each model (columns) loses where features (rows) are shuffled.

    Parameters
    ----------
    table : pd.DataFrame [index: model, group, columns: lost]
        What `genre.evaluation.importance.permutation_importance` found.
    """
    lost = table.pivot_table("lost", "group", "model", sort=False)
    figure = Figure(
        figsize=(0.75 * lost.shape[1] + 2.6, 0.2 * len(lost) + 1.8), layout="constrained"
    )
    axes = figure.subplots()
    axes.imshow(lost, cmap="PuOr_r", vmin=-FULL, vmax=FULL, aspect="auto")
    for (row, column), value in np.ndenumerate(lost.to_numpy()):
        shade = "white" if abs(value) > DARK else "black"
        write(axes, row, column, f"{value:.2f}".replace("-0.00", "0.00"), size=7, colour=shade)
    names = [title(str(model)) for model in lost]
    axes.set_xticks(range(len(names)), names, rotation=45, ha="right", fontsize=8,
                    rotation_mode="anchor")  # fmt: skip
    axes.set_yticks(range(len(lost)), lost.index, fontsize=8)
    return figure


def embedding_map(table: pd.DataFrame) -> Figure:
    """Draw where tracks lie: the colours are genres, and crosses are test tracks that are wrong.

    Small dots are training tracks, great ones test tracks that are right. A cross has the colour
    of its genre, and an edge in that of the genre that it is taken for.

    Parameters
    ----------
    table : pd.DataFrame [columns: split, genre, predicted, x, y]
        Where `genre.evaluation.maps.lay_out` put the tracks, and what a model says of them.
    """
    genres = sorted(set(table["genre"]) | set(table["predicted"]))
    palette = colormaps["tab10" if len(genres) <= 10 else "tab20"]
    colours = {genre: palette(number % palette.N) for number, genre in enumerate(genres)}
    train, test = (table[table["split"] == side] for side in ("train", "test"))
    right = test["genre"] == test["predicted"]
    figure = Figure(figsize=(7.2, 5), layout="constrained")
    axes = figure.subplots()

    for rows, style in (
        (train, {"s": 9, "alpha": 0.35, "linewidths": 0}),
        (test[right], {"s": 45, "linewidths": 0}),
        (test[~right], {"s": 90, "marker": "X", "linewidths": 1.3}),
    ):
        faces, edges = ([colours[genre] for genre in rows[of]] for of in ("genre", "predicted"))
        axes.scatter(rows["x"], rows["y"], c=faces, edgecolors=edges, **style)
    axes.set(xticks=[], yticks=[])
    keys = [Line2D([], [], marker="o", ls="", ms=6, color=colours[genre]) for genre in genres]
    figure.legend(keys, genres, loc="outside right center", fontsize=8,
                  ncols=-(-len(genres) // 24))  # fmt: skip
    return figure
