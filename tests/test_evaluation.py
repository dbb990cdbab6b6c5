import numpy as np
import pandas as pd
import pytest

from genre import evaluation, figures
from genre.errors import InputError
from genre.predictions import (
    labels_of,
    make_table,
    predicted,
    read_predictions,
    write_predictions,
)

# True genre, predicted genre, tracks.
COUNTS = [("blues", "blues", 8), ("blues", "jazz", 2), ("jazz", "jazz", 5), ("jazz", "pop", 5)]


@pytest.fixture
def table() -> pd.DataFrame:
    """Predictions with known scores; nobody is taken for what pop is, which is always wrong."""
    pairs = [(t, p) for t, p, n in [*COUNTS, ("pop", "blues", 4)] for _ in range(n)]
    tracks = [f"{true}.{k:05d}" for k, (true, _) in enumerate(pairs)]
    genres = pd.Series([true for true, _ in pairs], index=pd.Index(tracks, name="track"))
    classes = ["blues", "jazz", "pop"]
    softmax = np.array([[0.8 if c == p else 0.1 for c in classes] for _, p in pairs])
    split = pd.Series("test", index=genres.index)
    return make_table(genres, split, softmax)


def test_known_predictions_have_the_known_scores(table):
    # Precision: blues 8/12, jazz 5/7, pop 0/5. Recall: 8/10, 5/10, 0/4.
    scores = evaluation.overall(table)
    precision, recall = [8 / 12, 5 / 7, 0.0], [0.8, 0.5, 0.0]
    f1 = [2 * 8 / 22, 2 * 5 / 17, 0.0]
    assert scores == {
        "accuracy": pytest.approx(13 / 24, abs=1e-6),
        "precision": pytest.approx(np.mean(precision), abs=1e-6),
        "recall": pytest.approx(np.mean(recall), abs=1e-6),
        "f1": pytest.approx(np.mean(f1), abs=1e-6),
    }
    classes = evaluation.by_class(table)
    assert list(classes.index) == ["blues", "jazz", "pop"]
    np.testing.assert_allclose(classes["precision"], precision)
    np.testing.assert_allclose(classes["recall"], recall)
    np.testing.assert_allclose(classes["f1"], f1)
    assert list(classes["tracks"]) == [10, 10, 4]
    counts = evaluation.confusion(table)
    for true, guess, n in [*COUNTS, ("pop", "blues", 4), ("pop", "pop", 0)]:
        assert counts.loc[true, guess] == n


def test_a_table_is_read_as_it_was_written(tmp_path, table):
    write_predictions(table, tmp_path / "a.csv")
    read = read_predictions(tmp_path / "a.csv")
    pd.testing.assert_frame_equal(read, table)
    assert (predicted(read)[read["genre"] == "pop"] == "blues").all()
    (tmp_path / "b.csv").write_text("a,b\n1,2\n")
    with pytest.raises(InputError, match="b.csv: not a table of predictions"):
        read_predictions(tmp_path / "b.csv")


def test_classes_are_in_alphabetical_order():
    genres = pd.Series(["rock", "blues", "jazz", "rock"])
    assert list(labels_of(genres)) == [2, 0, 1, 2]


def test_figures_are_drawn_and_drawn_the_same_twice(tmp_path, table):
    models = ["cnn-1.0", "cnn-1.1", "rnn-1.0", "hybrid-2.0", "ensemble-3.1"]
    scores = pd.DataFrame({model: evaluation.overall(table) for model in models}).T
    f1 = pd.DataFrame({model: evaluation.by_class(table)["f1"] for model in models}).T
    curve = pd.DataFrame(
        {"epoch": [1, 2], "loss": [2, 1], "accuracy": [0.1, 0.5], "val_loss": [2, 1.5]}
    ).assign(val_accuracy=[0.1, 0.4])
    drawings = {
        "bars": lambda: figures.bars(scores, subtitle="24 test tracks"),
        "radar": lambda: figures.radar(scores, subtitle="24 test tracks"),
        "confusion": lambda: figures.confusions(
            {model: evaluation.confusion(table) for model in models}, subtitle="24 test tracks"
        ),
        "genres": lambda: figures.class_scores(f1, subtitle="24 test tracks"),
        "curves": lambda: figures.curves(dict.fromkeys(models, curve)),
    }
    for name, drawing in drawings.items():
        first, second = tmp_path / f"{name}1.png", tmp_path / f"{name}2.png"
        figures.save_figure(drawing(), first)
        figures.save_figure(drawing(), second)
        assert first.read_bytes() == second.read_bytes()
        assert len(first.read_bytes()) > 10_000
