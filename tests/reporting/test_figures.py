"""Figures hold what they are given, in its place; and are the same bytes twice."""

import itertools
import warnings
from collections.abc import Iterator

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure

from genre.evaluation.significance import compare
from genre.models.names import title
from genre.reporting import figures, panels

MODELS = ["cnn-1.0", "cnn-1.1", "rnn-1.0", "hybrid-2.0", "ensemble-3.1"]
GENRES = ["blues", "jazz", "pop"]
# By true genre; no row, column or diagonal like another.
COUNTS = pd.DataFrame([[8, 2, 0], [1, 5, 4], [3, 0, 7]], index=GENRES, columns=GENRES)
SCORES = pd.DataFrame(
    {
        "accuracy": [0.5, 0.9, 0.3, 0.7, 0.6], "precision": [0.45, 0.8, 0.35, 0.72, 0.58],
        "recall": [0.52, 0.85, 0.25, 0.66, 0.61], "f1": [0.48, 0.82, 0.28, 0.69, 0.59],
        "accuracy_low": [0.4, 0.8, 0.2, 0.6, 0.5], "accuracy_high": [0.65, 0.95, 0.42, 0.81, 0.73],
    },
    index=MODELS,
)  # fmt: skip
CURVE = pd.DataFrame(
    {"epoch": [1, 2, 3], "loss": [2.0, 1.0, 0.5], "accuracy": [0.1, 0.5, 0.7],
     "val_loss": [2.2, 1.5, 1.4], "val_accuracy": [0.2, 0.4, 0.35]}
)  # fmt: skip
BINS = pd.DataFrame(
    {"confidence": [0.15, 0.55, 0.95], "accuracy": [0.2, 0.4, 1.0], "tracks": [4, 1, 15]},
    index=[1, 5, 9],
)
F1 = pd.DataFrame(
    np.arange(15).reshape(5, 3) / 15, index=MODELS, columns=GENRES
)  # no two cells alike


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    plt.close("all")


def axes_of(figure: Figure) -> list[Axes]:
    return [axes for axes in figure.axes if axes.axison]


def cells(axes: Axes) -> dict[tuple[int, int], str]:
    """What is written into each cell of a heat map, by row and column."""
    return {
        (round(text.get_position()[1]), round(text.get_position()[0])): text.get_text()
        for text in axes.texts
    }


def labels(axes: Axes) -> tuple[list[str], list[str]]:
    """The names of rows, from the top, and of columns."""
    assert axes.get_ylim()[0] > axes.get_ylim()[1], "rows go down"
    return (
        [text.get_text() for text in axes.get_yticklabels()],
        [text.get_text() for text in axes.get_xticklabels()],
    )


def test_a_confusion_matrix_has_true_genres_by_row():
    figure = panels.confusions({"cnn-1.0": COUNTS, "rnn-1.0": COUNTS.T}, subtitle="12 tracks")
    first, second = axes_of(figure)
    assert labels(first) == (GENRES, GENRES)
    assert labels(second) == ([], GENRES)  # its rows are those of the first
    for axes, counts in ((first, COUNTS), (second, COUNTS.T)):
        expected = {place: str(n) for place, n in np.ndenumerate(counts.to_numpy()) if n}
        assert cells(axes) == expected
        shares = counts.to_numpy() / counts.to_numpy().sum(axis=1, keepdims=True)
        np.testing.assert_allclose(axes.images[0].get_array(), shares)
    assert figure.get_supylabel() == "true genre"
    assert figure.get_supxlabel() == "predicted genre"
    assert first.get_title() == "CNN 1.0"


@pytest.mark.parametrize("count", [1, 3, 4, 5, 9])
def test_every_row_of_panels_has_names_beside_it_and_every_column_below(count):
    figure = panels.confusions({f"cnn-1.{k}": COUNTS for k in range(count)})
    grid = axes_of(figure)
    assert len(grid) == count
    for k, axes in enumerate(grid):
        below = [other for other in grid if other.get_position().y1 < axes.get_position().y0
                 and other.get_position().x0 == axes.get_position().x0]  # fmt: skip
        assert labels(axes) == (GENRES if k % 4 == 0 else [], [] if below else GENRES)


@pytest.mark.parametrize("name", ["jazz", "progressive death metal, and what came of it"])
@pytest.mark.parametrize("others", [1, 11])
def test_names_of_genres_fit_into_the_picture(name, others):
    genres = [name, *(f"genre {k}" for k in range(others))]
    counts = pd.DataFrame(np.eye(len(genres), dtype=int), index=genres, columns=genres)
    figure = panels.confusions({f"cnn-1.{k}": counts for k in range(6)}, subtitle="12 tracks")
    figure.draw_without_rendering()
    edges = figure.get_tightbbox()
    assert edges.x0 >= 0 and edges.y0 >= 0
    width, height = figure.get_size_inches()
    assert edges.x1 <= width and edges.y1 <= height
    (beside,) = (t.get_window_extent() for t in figure.texts if t.get_text() == "true genre")
    for axes in axes_of(figure):
        assert not any(beside.overlaps(t.get_window_extent()) for t in axes.get_yticklabels())


@pytest.mark.parametrize("genre", ["$$$", "$^$", "Ke$ha & Ca$h", r"$\frac$", "_a", "C:\\x"])
def test_a_genre_of_any_name_is_drawn_as_it_is_called(tmp_path, genre):
    names = [genre, "jazz", "pop"]
    figure = panels.confusions({"cnn-1.0": COUNTS.set_axis(names).set_axis(names, axis=1)})
    figures.save_figure(figure, tmp_path / "a.png")
    assert labels(axes_of(figure)[0]) == (names, names)
    assert not any(text.get_parse_math() for text in axes_of(figure)[0].get_xticklabels())


def test_letters_that_the_font_lacks_are_told_once(tmp_path):
    assert figures.can_draw("drum & bass, M\u00fasica, \u0428\u0430\u043d\u0441\u043e\u043d, $\\")
    assert not figures.can_draw("a \u6c11")
    names = ["\u6c11\u8b21", "jazz", "pop"]
    figure = panels.confusions({"cnn-1.0": COUNTS.set_axis(names).set_axis(names, axis=1)})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figures.save_figure(figure, tmp_path / "a.png")


def test_scores_by_genre_have_models_by_row():
    (axes,) = axes_of(figures.class_scores(F1))
    assert labels(axes) == ([title(model) for model in MODELS], GENRES)
    np.testing.assert_array_equal(axes.images[0].get_array(), F1.to_numpy())
    assert cells(axes) == {place: f"{v:.2f}" for place, v in np.ndenumerate(F1.to_numpy())}


def test_the_ranking_shows_each_models_accuracy_interval_and_f1_from_the_best_down():
    (axes,) = axes_of(figures.ranking(SCORES, [["cnn-1.1", "hybrid-2.0"]]))
    order = ["cnn-1.1", "hybrid-2.0", "ensemble-3.1", "cnn-1.0", "rnn-1.0"]
    rows, _ = labels(axes)
    assert rows == [f"{title(m)}  {SCORES['accuracy'][m]:.3f}" for m in order]
    lines = [(list(line.get_xdata()), list(line.get_ydata()), line) for line in axes.lines]
    for row, model in enumerate(order):
        score = SCORES.loc[model]
        interval, f1, dot = lines[3 * row : 3 * row + 3]
        assert interval[:2] == ([score["accuracy_low"], score["accuracy_high"]], [row, row])
        assert f1[:2] == ([score["f1"]], [row])
        assert dot[:2] == ([score["accuracy"]], [row])
        assert dot[2].get_color() == figures.COLOURS[figures.family(model)]
    (joined,) = lines[15:]
    assert joined[1] == [-0.2, 1.2]


def test_pairs_of_models_are_where_their_names_are():
    rng = np.random.default_rng(0)
    right = pd.DataFrame({m: rng.random(60) < p for m, p in zip(MODELS, SCORES["f1"], strict=True)})
    pairs = compare(right, itertools.combinations(MODELS, 2))
    order = MODELS[::-1]
    (axes,) = axes_of(figures.pair_map(pairs, order))
    names = [title(model) for model in order]
    assert labels(axes) == (names, names)
    written, coloured = cells(axes), np.ma.filled(axes.images[0].get_array(), np.nan)
    assert len(written) == 20
    for model, other, p in pairs[["model", "other", "p_holm"]].itertuples(index=False):
        for place in itertools.permutations((order.index(model), order.index(other))):
            text = written[place]
            assert float(text.replace("<", "")) == pytest.approx(p, abs=0.0051)
            assert coloured[place] == (p < 0.05)
    assert np.isnan(np.diag(coloured)).all()
    assert 0 < np.nansum(coloured) < 20


def test_a_radar_chart_has_the_four_scores_of_each_model():
    groups = figures.families(SCORES)
    figure = figures.radar(groups)
    names = [cell.get_suptitle() for cell in figure.subfigs]
    assert names == ["CNNs", "RNNs", "all models"]
    for axes, group in zip(figure.axes, groups.values(), strict=True):
        assert [line.get_label() for line in axes.lines] == [title(m) for m in group.index]
        angles = np.linspace(0, 2 * np.pi, 4, endpoint=False)
        marks = [text.get_text() for text in axes.get_xticklabels()]
        assert marks == ["accuracy", "precision", "recall", "macro F1"]
        for line, (_, scores) in zip(axes.lines, group.iterrows(), strict=True):
            np.testing.assert_allclose(line.get_xdata()[:4], angles)
            expected = [scores[m] for m in ("accuracy", "precision", "recall", "f1", "accuracy")]
            np.testing.assert_allclose(line.get_ydata(), expected)


def test_many_models_keep_their_lines():
    many = pd.concat([SCORES.rename(lambda m, k=k: f"{m}{k}") for k in range(5)])
    figure = figures.radar({"all": many})
    assert len(figure.axes[0].lines) == 25


def test_reliability_sets_accuracy_against_confidence():
    (axes,) = axes_of(panels.reliability({"hybrid-2.0": BINS}))
    diagonal, line = axes.lines
    assert list(diagonal.get_xdata()) == list(diagonal.get_ydata()) == [0, 1]
    assert list(line.get_xdata()) == list(BINS["confidence"])
    assert list(line.get_ydata()) == list(BINS["accuracy"])
    (dots,) = axes.collections
    np.testing.assert_allclose(dots.get_offsets(), BINS[["confidence", "accuracy"]])
    np.testing.assert_allclose(dots.get_sizes(), 300 * BINS["tracks"] / 20)
    np.testing.assert_allclose(dots.get_facecolor()[0], to_rgba(figures.COLOURS["hybrid"]))
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("confidence", "accuracy")


def test_curves_show_training_and_validation_by_epoch():
    figure = panels.curves({"cnn-1.0": CURVE, "rnn-1.0": CURVE * 2})
    told = [text.get_text() for text in figure.legends[0].get_texts()]
    assert told == ["training", "validation"]
    for factor, model, pair in ((1, "CNN 1.0", figure.axes[:2]), (2, "RNN 1.0", figure.axes[2:])):
        for metric, axes in zip(("loss", "accuracy"), pair, strict=True):
            assert axes.get_title() == f"{model}: {metric}"
            training, validation = axes.lines
            assert (training.get_label(), validation.get_label()) == ("training", "validation")
            for line, column in ((training, metric), (validation, f"val_{metric}")):
                np.testing.assert_allclose(line.get_xdata(), factor * CURVE["epoch"])
                np.testing.assert_allclose(line.get_ydata(), factor * CURVE[column])


RIGHT = pd.DataFrame(np.random.default_rng(1).random((30, 5)) < 0.5, columns=MODELS)
DRAWINGS = {
    "pairs": lambda: figures.pair_map(
        compare(RIGHT, itertools.combinations(MODELS, 2)), MODELS, subtitle="24 test tracks"
    ),
    "ranking": lambda: figures.ranking(SCORES, [MODELS[:2]], subtitle="24 test tracks"),
    "radar": lambda: figures.radar(figures.families(SCORES), subtitle="24 test tracks"),
    "confusion": lambda: panels.confusions({"cnn-1.0": COUNTS}, subtitle="24 test tracks"),
    "genres": lambda: figures.class_scores(F1, subtitle="24 test tracks"),
    "reliability": lambda: panels.reliability({"cnn-1.0": BINS}, subtitle="24 test tracks"),
    "curves": lambda: panels.curves({"cnn-1.0": CURVE}),
}


@pytest.mark.parametrize("name", DRAWINGS)
def test_figures_are_drawn_the_same_twice(tmp_path, name):
    for copy in "ab":
        figures.save_figure(DRAWINGS[name](), tmp_path / f"{copy}.png")
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
