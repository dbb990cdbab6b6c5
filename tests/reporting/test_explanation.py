"""Figures of why a model says so hold what they are given, in its place."""

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.colors import to_rgba

from genre.reporting.explanation import embedding_map, importances
from genre.reporting.figures import save_figure

GROUPS, MODELS = ["tempo", "rms", "all features"], ["hybrid-2.0", "baseline-svm"]
LOST = pd.DataFrame(
    {"lost": [0.00, 0.12, 0.55, -0.02, -0.001, 0.25]},
    index=pd.MultiIndex.from_product([MODELS, GROUPS], names=["model", "group"]),
)
MAP = pd.DataFrame(
    [
        ("train", "pop", "jazz", 0.0, 1.0),
        ("test", "pop", "pop", 2.0, 3.0),
        ("val", "jazz", "pop", 9.0, 9.0),
        ("test", "jazz", "pop", 4.0, 5.0),
        ("test", "blues", "blues", 6.0, 7.0),
        ("test", "pop", "blues", 8.0, 9.0),
    ],
    columns=["split", "genre", "predicted", "x", "y"],
)


def test_features_are_by_row_and_models_by_column():
    [axes] = importances(LOST).axes
    assert axes.get_ylim()[0] > axes.get_ylim()[1], "rows go down"
    assert [text.get_text() for text in axes.get_yticklabels()] == GROUPS
    names = [text.get_text() for text in axes.get_xticklabels()]
    assert names == ["Hybrid 2.0", "Baseline SVM"]
    texts = {text.get_position()[::-1]: text.get_text() for text in axes.texts}
    written = [[texts[row, column] for column in range(2)] for row in range(3)]
    assert written == [["0.00", "-0.02"], ["0.12", "0.00"], ["0.55", "0.25"]]
    drawn = axes.images[0].get_array()
    np.testing.assert_allclose(drawn, LOST["lost"].to_numpy().reshape(2, 3).T)


def test_marks_are_where_failures_are_and_colours_are_genres():
    figure = embedding_map(MAP)
    train, right, wrong = figure.axes[0].collections
    colours = dict(zip(("blues", "jazz", "pop"), colormaps["tab10"].colors, strict=False))
    assert train.get_offsets().tolist() == [[0, 1]]
    assert right.get_offsets().tolist() == [[2, 3], [6, 7]]
    assert wrong.get_offsets().tolist() == [[4, 5], [8, 9]]
    np.testing.assert_allclose(
        right.get_facecolors(), [to_rgba(colours["pop"]), to_rgba(colours["blues"])]
    )
    for drawn, genres in (
        (wrong.get_facecolors(), ("jazz", "pop")), (wrong.get_edgecolors(), ("pop", "blues"))
    ):  # fmt: skip
        np.testing.assert_allclose(drawn, [to_rgba(colours[genre]) for genre in genres])
    [legend] = figure.legends
    keys = zip(legend.get_texts(), legend.get_lines(), strict=True)
    assert {text.get_text(): line.get_color()[:3] for text, line in keys} == colours
    circle, cross = (each.get_paths()[0].vertices for each in (right, wrong))
    assert len(circle) != len(cross)


def test_a_network_that_is_never_wrong_and_fifty_genres_can_be_drawn(tmp_path):
    genres = [f"genre {k}" for k in range(50)]
    table = pd.DataFrame({"split": "test", "genre": genres, "predicted": genres, "x": 1.0, "y": 2})
    *_, wrong = embedding_map(table).axes[0].collections
    assert len(wrong.get_offsets()) == 0
    for copy in "ab":
        save_figure(embedding_map(table), tmp_path / f"{copy}.png")
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
