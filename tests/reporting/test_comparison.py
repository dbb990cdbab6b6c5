"""The tables of the evaluation, read back."""

import pandas as pd
import pytest

from genre.reporting.comparison import Comparison, indistinct_runs

TABLES = {
    "models": "model,accuracy\ncnn-1.0,0.5\n",
    "genres": "model,genre,f1\ncnn-1.0,1980,0.5\ncnn-1.0,NA,0.25\n",
    "confusion": "model,genre,1980,NA\ncnn-1.0,1980,2,0\ncnn-1.0,NA,1,1\n",
    "calibration": "model,bin,confidence,accuracy,tracks\ncnn-1.0,3,0.35,0.5,4\n",
    "pairs": "model,other,p_holm\n",
    "validation": "model,accuracy,log_loss\ncnn-1.0,0.5,1.2\n",
    "baseline": "model,other,p_holm\ncnn-1.0,baseline-majority,\n",
    "failures": "track,genre,predicted,shared\n1980.10,1980,NA,\nNA.1,NA,NA,1980\n",
}


def test_genres_and_tracks_that_look_like_something_else_are_read_as_they_are(tmp_path):
    for name, text in TABLES.items():
        (tmp_path / f"{name}.csv").write_text(text)
    found = Comparison.read(tmp_path, tmp_path)
    assert list(found.class_f1.columns) == ["1980", "NA"]
    assert found.confusions["cnn-1.0"].loc["NA", "1980"] == 1
    assert list(found.failures.index) == ["1980.10", "NA.1"]
    assert list(found.failures["predicted"]) == ["NA", "NA"]
    assert list(found.failures["shared"].isna()) == [True, False]
    assert found.calibrations["cnn-1.0"].loc[3, "tracks"] == 4
    assert found.baseline["p_holm"].isna().all()


def test_runs_join_models_that_do_not_differ():
    differ = {frozenset("ad"), frozenset("ae"), frozenset("be")}
    assert indistinct_runs(list("abcde"), differ) == [list("abc"), list("bcd"), list("cde")]
    assert indistinct_runs(list("abc"), set()) == [list("abc")]
    assert indistinct_runs(list("ab"), {frozenset("ab")}) == []


@pytest.mark.parametrize(
    ("p_holm", "only_model", "said"),
    [
        (0.01, 9, "1 of the 2 models beat the best baseline, Baseline boosting (accuracy 0.600),"),
        (0.01, 1, "None of the 2 models beats the best baseline"),
        (0.20, 9, "None of the 2 models beats the best baseline"),
    ],
)
def test_the_verdict_names_who_beats_the_best_baseline(p_holm, only_model, said):
    models = pd.DataFrame({"accuracy": {"cnn-1.0": 0.7, "baseline-boosting": 0.6}})
    rows = [("cnn-1.0", only_model, 5, p_holm), ("rnn-1.0", 5, 5, 1.0)]
    baseline = pd.DataFrame(rows, columns=["model", "only_model", "only_other", "p_holm"])
    baseline.insert(1, "other", "baseline-boosting")
    empty = pd.DataFrame()
    found = Comparison(models, empty, empty, empty, baseline, empty, {}, {}, {})
    assert found.verdict.startswith(said)
    assert ("CNN 1.0" in found.verdict) == said.startswith("1 of")
