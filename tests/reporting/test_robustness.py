"""The figure of what models lose holds what it is given, in its place."""

import numpy as np
import pandas as pd

from genre.evaluation.transformations import TRANSFORMATIONS
from genre.reporting.figures import save_figure
from genre.reporting.robustness import losses

MODELS = ["hybrid-2.0", "cnn-1.0"]  # neither these nor the names are in alphabetical order
NAMES = ["quieter", "mp3", "noise"]
TABLE = pd.DataFrame(
    {
        "accuracy": [0.80, 0.70, 0.20, 0.90, 0.45, 0.60],
        "lost": [0.00, 0.10, 0.60, -0.40, 0.05, -0.10],
        "changed": [0.01, 0.12, 0.73, 0.24, 0.35, 0.46],
        "beyond_chance": [False, False, True, False, False, False],
    },
    index=pd.MultiIndex.from_product([MODELS, NAMES], names=["model", "transformation"]),
)


def test_models_are_by_row_and_transformations_by_column():
    axes, bar = losses(TABLE, subtitle="40 test tracks").axes
    assert axes.get_ylim()[0] > axes.get_ylim()[1], "rows go down"
    rows = [text.get_text() for text in axes.get_yticklabels()]
    assert rows == ["Hybrid 2.0  0.800", "CNN 1.0  0.500"]
    columns = [text.get_text() for text in axes.get_xticklabels()]
    assert columns == [TRANSFORMATIONS[name].title for name in NAMES]
    np.testing.assert_allclose(axes.images[0].get_array(), TABLE["lost"].to_numpy().reshape(2, 3))
    texts = {text.get_position()[::-1]: text for text in axes.texts}
    written = [[texts[row, column].get_text() for column in range(3)] for row in range(2)]
    assert written == [["0.01", "0.12", "0.73*"], ["0.24", "0.35", "0.46"]]
    shades = [[texts[row, column].get_color() for column in range(3)] for row in range(2)]
    assert shades == [["black", "black", "white"], ["white", "black", "black"]]
    assert bar.get_ylabel() == "accuracy lost"
    assert axes.get_title("left") == "40 test tracks"


def test_it_is_drawn_the_same_twice(tmp_path):
    for copy in "ab":
        save_figure(losses(TABLE, subtitle="40 test tracks"), tmp_path / f"{copy}.png")
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
