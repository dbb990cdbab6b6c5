"""Pictures that compare models. Every function gives a matplotlib figure."""

import matplotlib

matplotlib.use("Agg")

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from genre.evaluation import METRICS

NAMES = {"accuracy": "accuracy", "precision": "precision", "recall": "recall", "f1": "macro F1"}
COLOURS = {"cnn": "#4477aa", "rnn": "#228833", "hybrid": "#aa3377", "ensemble": "#ccbb44"}


def family(model: str) -> str:
    """The family of a model: `cnn-1.3` is a `cnn`."""
    return model.partition("-")[0]


def title(model: str) -> str:
    """A model's name for people: `cnn-1.3` is `CNN 1.3`."""
    name, _, number = model.partition("-")
    return f"{name.upper() if name.endswith('nn') else name.capitalize()} {number}"


def save_figure(figure: Figure, path: Path) -> None:
    """Save a figure as PNG, the same bytes for the same figure."""
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=100, metadata={"Software": None})
    plt.close(figure)


def bars(scores: pd.DataFrame, *, subtitle: str) -> Figure:
    """Draw each model's accuracy and macro F1 as bars.

    Parameters
    ----------
    scores : pd.DataFrame [index: model, columns: METRICS]
        Scores of the models.
    subtitle : str
        What was scored.
    """
    figure, axes = plt.subplots(figsize=(8, 0.42 * len(scores) + 1.3), layout="constrained")
    rows = np.arange(len(scores))[::-1]
    colours = [COLOURS[family(model)] for model in scores.index]
    axes.barh(rows + 0.2, scores["accuracy"], 0.38, color=colours)
    axes.barh(rows - 0.2, scores["f1"], 0.38, color=colours, alpha=0.5)
    for row, (accuracy, f1) in zip(rows, scores[["accuracy", "f1"]].to_numpy(), strict=True):
        axes.text(accuracy + 0.01, row + 0.2, f"{accuracy:.3f}", va="center", fontsize=7)
        axes.text(f1 + 0.01, row - 0.2, f"{f1:.3f}", va="center", fontsize=7, color="0.4")
    axes.set_yticks(rows, [title(model) for model in scores.index])
    axes.set(xlim=(0, 1), xlabel="accuracy (dark) and macro F1 (light)")
    axes.set_title(subtitle, loc="left", fontsize=10)
    axes.spines[["top", "right"]].set_visible(False)
    return figure


def radar(scores: pd.DataFrame, *, subtitle: str) -> Figure:
    """Draw the models' four scores as radar charts: CNNs, RNNs, and all.

    Parameters
    ----------
    scores : pd.DataFrame [index: model, columns: METRICS]
        Scores of the models.
    subtitle : str
        What was scored.
    """
    families = scores.index.map(family)
    groups = {
        "CNNs": scores[families == "cnn"],
        "RNNs": scores[families == "rnn"],
        "all models": scores,
    }
    angles = np.linspace(0, 2 * np.pi, len(METRICS), endpoint=False)
    figure = plt.figure(figsize=(12, 5.4), layout="constrained")
    for position, (name, group) in enumerate(groups.items(), start=1):
        axes = figure.add_subplot(1, len(groups), position, projection="polar")
        colours = plt.get_cmap("tab20" if len(group) > 10 else "tab10").colors
        for colour, (model, row) in zip(colours, group.iterrows(), strict=False):
            closed = [*row[list(METRICS)], row[METRICS[0]]]
            axes.plot([*angles, angles[0]], closed, color=colour, label=title(model), lw=1.5)
        axes.set_theta_offset(np.pi / 4)
        axes.set_xticks(angles, [NAMES[metric] for metric in METRICS], fontsize=9)
        axes.tick_params(axis="x", pad=8)
        axes.set_ylim(0, 1)
        axes.set_rlabel_position(45)
        axes.set_yticks([0.25, 0.5, 0.75, 1], ["", "0.5", "", "1"], fontsize=7, color="0.4")
        axes.set_title(name, pad=18)
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.1), ncol=3, fontsize=7)
    figure.suptitle(subtitle, x=0.01, ha="left", fontsize=10)
    return figure


def confusions(matrices: dict[str, pd.DataFrame], *, subtitle: str) -> Figure:
    """Draw the confusion matrix of each model, as shares of the true genre's tracks.

    Parameters
    ----------
    matrices : dict of str to pd.DataFrame
        Counts by true genre (rows) and predicted genre (columns).
    subtitle : str
        What was counted.
    """
    columns = min(4, len(matrices))
    rows = -(-len(matrices) // columns)
    figure, grid = plt.subplots(
        rows, columns, figsize=(3.0 * columns, 3.2 * rows), layout="constrained", squeeze=False
    )
    for axes in grid.flat[len(matrices) :]:
        axes.set_axis_off()
    for axes, (model, counts) in zip(grid.flat, matrices.items(), strict=False):
        shares = counts.div(counts.sum(axis=1).clip(lower=1), axis=0)
        axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
        for (row, column), count in np.ndenumerate(counts.to_numpy()):
            if count:
                shade = "white" if shares.iloc[row, column] > 0.5 else "black"
                axes.text(column, row, count, ha="center", va="center", fontsize=7, color=shade)
        ticks = range(len(counts))
        axes.set_xticks(ticks, counts.columns, rotation=90, fontsize=7)
        axes.set_yticks(ticks, counts.index, fontsize=7)
        axes.set_title(title(model), fontsize=10)
    figure.supxlabel("predicted genre", fontsize=9)
    figure.supylabel("true genre", fontsize=9)
    figure.suptitle(subtitle, x=0.01, ha="left", fontsize=10)
    return figure


def class_scores(f1: pd.DataFrame, *, subtitle: str) -> Figure:
    """Draw the F1 of each model (rows) on each genre (columns) as a heat map."""
    figure, axes = plt.subplots(figsize=(8, 0.36 * len(f1) + 1.6), layout="constrained")
    axes.imshow(f1, cmap="viridis", vmin=0, vmax=1, aspect="auto")
    for (row, column), value in np.ndenumerate(f1.to_numpy()):
        shade = "black" if value > 0.6 else "white"
        axes.text(column, row, f"{value:.2f}", ha="center", va="center", fontsize=7, color=shade)
    axes.set_xticks(range(f1.shape[1]), f1.columns, fontsize=8)
    axes.set_yticks(range(f1.shape[0]), [title(model) for model in f1.index], fontsize=8)
    axes.set_title(f"F1 by genre; {subtitle}", loc="left", fontsize=10)
    return figure


def curves(histories: dict[str, pd.DataFrame]) -> Figure:
    """Draw loss and accuracy by epoch, on training and validation tracks, of each model.

    Parameters
    ----------
    histories : dict of str to pd.DataFrame
        The curves that training wrote.
    """
    columns = 3
    rows = -(-len(histories) // columns)
    figure = plt.figure(figsize=(12, 2.4 * rows), layout="constrained")
    for cell, (model, table) in zip(
        figure.subfigures(rows, columns, squeeze=False).flat, histories.items(), strict=False
    ):
        cell.suptitle(title(model), fontsize=10)
        for axes, metric in zip(cell.subplots(1, 2), ("loss", "accuracy"), strict=True):
            axes.plot(table["epoch"], table[metric], label="training")
            axes.plot(table["epoch"], table[f"val_{metric}"], label="validation")
            axes.set_title(metric, fontsize=8)
            axes.tick_params(labelsize=7)
            axes.set_xlabel("epoch", fontsize=7)
            if metric == "accuracy":
                axes.set_ylim(0, 1)
        axes.legend(fontsize=6)
    return figure
