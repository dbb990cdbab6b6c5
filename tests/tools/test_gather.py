import pandas as pd
import pytest

from tools import gather


def test_experiments_are_gathered_over_one_parameter():
    names = ["new", "old", "one", "two", "other"]
    params = pd.DataFrame(
        {"split.fold": [0, 0, 1, 2, 0], "seed": [23, 23, 23, 23, 7], "size": [[1, 2]] * 5},
        index=names,
    )
    accuracy = {
        "a": [0.5, 0.1, 0.6, 0.7, 0.3],
        "b": [0.69, 0.1, 0.69, 0.72, 0.3],
        "c": [0.9, 0.1, 0.9, 0.96, 0.8],
    }
    scores = pd.DataFrame(accuracy, index=pd.Index(names, name="experiment"))
    scores = scores.melt(var_name="model", value_name="accuracy", ignore_index=False)
    scores = scores.set_index("model", append=True).assign(f1=0.25)
    found = gather.gather(params, scores, "split.fold")
    assert found.loc[("23", "a")].drop("overlaps").to_dict() == pytest.approx(
        {"accuracy": 0.6, "std": 0.1, "least": 0.5, "most": 0.7, "f1": 0.25, "f1_std": 0, "runs": 3}
    )
    assert list(found.loc["23"].index) == ["c", "b", "a"]
    assert list(found.loc["23", "overlaps"]) == ["", "a", "b"]
    assert found.loc[("7", "c"), "runs"] == 1
    assert list(found.loc["7", "overlaps"]) == [gather.UNKNOWN] * 3
    only = gather.gather(params[:4], scores.loc[names[:4]], "split.fold")
    assert list(only.index) == ["c", "b", "a"]
    assert list(only["overlaps"]) == ["", "a", "b"]


def test_one_run_tells_of_no_model_that_it_differs():
    params = pd.DataFrame({"train.seed": [0, 1]}, index=["x", "y"])
    rows = {("x", "a"): 0.5, ("y", "a"): 0.6, ("x", "b"): 0.9, ("y", "b"): 0.95, ("x", "c"): 0.7}
    scores = pd.DataFrame({"accuracy": rows, "f1": rows}).rename_axis(["experiment", "model"])
    found = gather.gather(params, scores, "train.seed")["overlaps"]
    assert found.to_dict() == {"a": "c?", "b": "c?", "c": gather.UNKNOWN}
