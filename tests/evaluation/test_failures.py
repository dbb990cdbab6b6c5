import numpy as np
import pandas as pd

from genre.evaluation.failures import consensus
from genre.evaluation.predictions import make_table


def test_where_all_are_right_nothing_is_shared():
    index = pd.Index(["a.0", "b.0"], name="track")
    genres = pd.Series(["a", "b"], index=index)
    tests = {m: make_table(genres, pd.Series("test", index=index), np.eye(2)) for m in "xy"}
    found = consensus(tests)
    assert list(found["wrong"]) == list(found["agree"]) == [0, 0]
    assert found["shared"].isna().all()


def test_what_all_models_get_wrong_comes_first():
    index = pd.Index(["a.0", "a.1", "b.0", "b.1"], name="track")
    genres = pd.Series(["a", "a", "b", "c"], index=index)
    split = pd.Series("test", index=index)
    softmax = [
        [[0.8, 0.1, 0.1], [0.0, 0.9, 0.1], [0.2, 0.7, 0.1], [0.6, 0.3, 0.1]],
        [[0.8, 0.1, 0.1], [0.2, 0.7, 0.1], [0.2, 0.5, 0.3], [0.2, 0.7, 0.1]],
        [[0.8, 0.1, 0.1], [0.2, 0.1, 0.7], [0.2, 0.2, 0.6], [0.2, 0.7, 0.1]],
    ]
    tests = {str(k): make_table(genres, split, np.array(rows)) for k, rows in enumerate(softmax)}
    found = consensus(tests)
    assert list(found.index) == ["a.1", "b.1", "b.0", "a.0"]
    assert list(found["predicted"]) == ["b", "b", "b", "a"]
    np.testing.assert_allclose(found["confidence"], [1.7 / 3, 1.7 / 3, 1.4 / 3, 0.8])
    assert list(found["wrong"]) == [3, 3, 1, 0]
    assert list(found["shared"].fillna("")) == ["b", "b", "c", ""]
    assert list(found["agree"]) == [2, 2, 1, 0]
