"""The picture of what models lose where a recording changes, and its genre does not."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from genre.evaluation.transformations import TRANSFORMATIONS
from genre.models.names import title
from genre.reporting.figures import write

FULL = 0.5  # accuracy lost or won at which a colour is full
DARK = 0.35  # what makes it so dark that text must be light


def losses(table: pd.DataFrame, *, subtitle: str = "") -> Figure:
    """Draw the accuracy that each model (rows) loses under each transformation (columns).

    Colours show what is lost; numbers, the share of answers that changed, which may be more, since
    wrong answers change, too. A star marks losses beyond chance.

    Parameters
    ----------
    table : pd.DataFrame
        What `genre.evaluation.robustness.robustness` gave.
    subtitle : str
        What was compared.
    """
    models, names = (table.index.unique(level) for level in ("model", "transformation"))
    lost, changed, star = (
        table.pivot_table(column, "model", "transformation", sort=False).to_numpy()
        for column in ("lost", "changed", "beyond_chance")
    )
    clean = (table["accuracy"] + table["lost"]).groupby("model").first()
    size = (0.62 * len(names) + 3.4, 0.3 * len(models) + 2.2)
    figure = Figure(figsize=size, layout="constrained")
    axes = figure.subplots()
    image = axes.imshow(lost, cmap="PuOr_r", vmin=-FULL, vmax=FULL, aspect="auto")
    for (row, column), share in np.ndenumerate(changed):
        shade = "white" if abs(lost[row, column]) > DARK else "black"
        text = f"{share:.2f}{'*' if star[row, column] else ''}"
        write(axes, row, column, text, size=7, colour=shade)
    labels = [TRANSFORMATIONS[name].title for name in names]
    axes.set_xticks(range(len(names)), labels, rotation=45, ha="right", fontsize=8,
                    rotation_mode="anchor")  # fmt: skip
    rows = [f"{title(model)}  {clean[model]:.3f}" for model in models]
    axes.set_yticks(range(len(models)), rows, fontsize=8)
    bar = figure.colorbar(image, ax=axes, extend="both", fraction=0.05)
    bar.set_label("accuracy lost", fontsize=8)
    bar.ax.tick_params(labelsize=7)
    axes.set_title(subtitle, loc="left", fontsize=10)
    caption = (
        "in a cell: share of answers changed, * where the loss is beyond chance\n"
        "beside a model: its accuracy on the tracks as they are"
    )
    axes.set_xlabel(caption, fontsize=8)
    return figure
