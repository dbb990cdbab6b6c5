"""Pictures of all models at once. Every function gives a matplotlib figure."""

import matplotlib

matplotlib.use("Agg")
matplotlib.rcdefaults()  # whatever the user's matplotlibrc says
matplotlib.rcParams["text.parse_math"] = False  # a genre may be called $$$

import contextlib
import warnings
from collections.abc import Iterator
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font

from genre.models.names import title

SCORES = {"accuracy": "accuracy", "precision": "precision", "recall": "recall", "f1": "macro F1"}
COLOURS = {
    "cnn": "#4477aa",
    "rnn": "#228833",
    "hybrid": "#aa3377",
    "ensemble": "#ccbb44",
    "beyond": "#ee6677",
    "baseline": "#999999",
}


def family(model: str) -> str:
    """The family of a model: `cnn-1.3` is a `cnn`; what lies beyond the study is one."""
    name, _, number = model.rpartition("-")
    return "beyond" if number.startswith("4.") else name.partition("-")[0]


def save_figure(figure: Figure, path: Path) -> None:
    """Save a figure as PNG, the same bytes for the same figure."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with quiet():
        settle(figure)
        figure.savefig(path, dpi=100, metadata={"Software": None})
    plt.close(figure)


def settle(figure: Figure) -> None:
    """Find places for everything once; a figure that seeks them as it is saved is drawn twice."""
    if engine := figure.get_layout_engine():
        engine.execute(figure)
        figure.set_layout_engine(None)


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Let matplotlib say nothing of letters that its font lacks, which it does at each of them."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", r"Glyph \d+ .* missing from font")
        yield


def can_draw(text: str) -> bool:
    """Whether the font has all letters of a text; in place of others a picture has boxes."""
    letters = get_font(findfont(FontProperties())).get_charmap()
    return all(ord(letter) in letters for letter in text)


def write(axes: Axes, row: int, column: int, text: str, *, size: int, colour: str) -> None:
    """Write into a cell of a heat map; a layout need not look at that, since the cell has room."""
    axes.text(
        column, row, text, ha="center", va="center", fontsize=size, color=colour, in_layout=False
    )


def ranking(scores: pd.DataFrame, runs: list[list[str]], *, subtitle: str = "") -> Figure:
    """Draw accuracies with their intervals, the best on top, and join what cannot be told apart.

    Parameters
    ----------
    scores : pd.DataFrame [index: model, columns: accuracy, accuracy_low, accuracy_high, f1]
        Scores of the models.
    runs : list of list of str
        Models to join by a line: no two of a run differ beyond chance.
    subtitle : str
        What was scored.
    """
    scores = scores.sort_values("accuracy", ascending=False, kind="stable")
    rows = {str(model): row for row, model in enumerate(scores.index)}
    figure, axes = plt.subplots(figsize=(5.4, 0.3 * len(scores) + 1.1), layout="constrained")
    for model, row in rows.items():
        accuracy, low, high, f1 = (
            float(scores[score][model])
            for score in ("accuracy", "accuracy_low", "accuracy_high", "f1")
        )
        colour = COLOURS[family(model)]
        axes.plot([low, high], [row, row], color=colour, lw=2.5, solid_capstyle="round")
        axes.plot(f1, row, "|", color="0.5", ms=9)
        axes.plot(accuracy, row, "o", color=colour, ms=6)
    for position, run in enumerate(runs):
        ends = [rows[run[0]] - 0.2, rows[run[-1]] + 0.2]
        axes.plot([1.04 + 0.025 * position] * 2, ends, color="0.5", lw=2, clip_on=False)
    labels = [f"{title(model)}  {scores['accuracy'][model]:.3f}" for model in rows]
    axes.set_yticks(list(rows.values()), labels, fontsize=9)
    axes.set(xlim=(0, 1.04 + 0.025 * len(runs)), ylim=(len(rows) - 0.4, -0.6))
    axes.set_xticks(np.linspace(0, 1, 6))
    axes.set_xlabel("accuracy (dot), its 95 % interval (bar), macro F1 (tick)", fontsize=8)
    axes.set_title(subtitle, loc="left", fontsize=10)
    axes.grid(axis="x", lw=0.5, alpha=0.4)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(axis="y", length=0)
    return figure


def pair_map(pairs: pd.DataFrame, models: list[str], *, subtitle: str = "") -> Figure:
    """Draw the p-value of each pair of models as a heat map; those below .05 are in colour.

    Parameters
    ----------
    pairs : pd.DataFrame
        What `genre.evaluation.significance.compare` gave.
    models : list of str
        Models in the order of rows and columns.
    subtitle : str
        What was compared.
    """
    table = pd.DataFrame(np.nan, index=models, columns=models)
    for model, other, p in pairs[["model", "other", "p_holm"]].itertuples(index=False):
        table.loc[model, other] = table.loc[other, model] = p
    values = table.to_numpy()
    side = max(5.6, 0.29 * len(models))  # room for "<.001" in a cell [inches]
    figure, axes = plt.subplots(figsize=(side + 2, side + 1.6), layout="constrained")
    axes.imshow(np.where(values < 0.05, 1.0, np.where(np.isnan(values), np.nan, 0.0)),
                cmap=ListedColormap(["#dddddd", "#ee7733"]), vmin=0, vmax=1)  # fmt: skip
    for (row, column), p in np.ndenumerate(values):
        if not np.isnan(p):
            text = "<.001" if p < 0.001 else f"{p:.{3 if p < 0.01 else 2}f}".removeprefix("0")
            text = "1" if p >= 0.995 else text
            write(axes, row, column, text, size=6, colour="black")
    names = [title(model) for model in models]
    axes.set_xticks(range(len(models)), names, rotation=90, fontsize=8)
    axes.set_yticks(range(len(models)), names, fontsize=8)
    axes.set_title(subtitle, loc="left", fontsize=10)
    return figure


def radar(groups: dict[str, pd.DataFrame], *, subtitle: str = "") -> Figure:
    """Draw the models' four scores as radar charts, one for each group of models.

    Parameters
    ----------
    groups : dict of str to pd.DataFrame [index: model, columns: SCORES]
        Scores of the models of each group.
    subtitle : str
        What was scored.
    """
    angles = np.linspace(0, 2 * np.pi, len(SCORES), endpoint=False)
    longest = max(len(group) for group in groups.values())
    height = 4.6 + 0.2 * -(-longest // 2)
    figure = plt.figure(figsize=(4 * len(groups), height), layout="constrained")
    cells = figure.subfigures(1, len(groups), squeeze=False).flat
    for cell, (name, group) in zip(cells, groups.items(), strict=True):
        axes = cell.add_subplot(projection="polar")
        colours = colormaps["tab20" if len(group) > 10 else "tab10"]
        for number, (model, row) in enumerate(group.iterrows()):
            closed = [*row[list(SCORES)], row[next(iter(SCORES))]]
            label = title(str(model))
            axes.plot(
                [*angles, angles[0]], closed, color=colours(number % colours.N), label=label, lw=1.5
            )
        axes.set_theta_offset(np.pi / 4)
        axes.set_xticks(angles, list(SCORES.values()), fontsize=9)
        axes.tick_params(axis="x", pad=8)
        axes.set_ylim(0, 1)
        axes.set_rlabel_position(45)
        axes.set_yticks([0.25, 0.5, 0.75, 1], ["", "0.5", "", "1"], fontsize=7, color="0.5")
        cell.suptitle(name)
        cell.legend(loc="outside lower center", ncol=2, fontsize=8)
    figure.suptitle(subtitle, x=0.01, ha="left", fontsize=10)
    return figure


def families(scores: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Group models for radar charts: CNNs, RNNs, and all."""
    kinds = scores.index.map(family)
    groups = {"CNNs": scores[kinds == "cnn"], "RNNs": scores[kinds == "rnn"]}
    return groups | {"all models": scores[kinds != "baseline"]}


def class_scores(f1: pd.DataFrame, *, subtitle: str = "") -> Figure:
    """Draw the F1 of each model (rows) on each genre (columns) as a heat map."""
    figure, axes = plt.subplots(figsize=(8, 0.36 * len(f1) + 1.6), layout="constrained")
    axes.imshow(f1, cmap="viridis", vmin=0, vmax=1, aspect="auto")
    for (row, column), value in np.ndenumerate(f1.to_numpy()):
        shade = "black" if value > 0.6 else "white"
        write(axes, row, column, f"{value:.2f}", size=7, colour=shade)
    axes.set_xticks(range(f1.shape[1]), f1.columns, fontsize=8)
    axes.set_yticks(range(f1.shape[0]), [title(model) for model in f1.index], fontsize=8)
    axes.set_title(subtitle, loc="left", fontsize=10)
    return figure
