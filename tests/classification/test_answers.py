from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from genre.classification.answers import Answer, answers_of, trust
from genre.classification.songs import Song
from genre.evaluation.predictions import make_table


def test_the_answer_for_a_song_is_the_mean_over_its_excerpts():
    over_time = np.array([[0.7, 0.2, 0.1], [0.1, 0.8, 0.1], [0.2, 0.5, 0.3]])
    answer = Answer("cnn-1.4", ["blues", "jazz", "rock"], over_time)
    assert answer.moments == [("blues", 0.7), ("jazz", 0.8), ("jazz", 0.5)]
    genres, probabilities = zip(*answer.ranked, strict=True)
    assert genres == ("jazz", "blues", "rock")
    assert probabilities == pytest.approx((0.5, 1 / 3, 1 / 6))


def test_a_model_is_as_sure_as_its_temperature_lets_it_be():
    models = SimpleNamespace(
        genres=["blues", "jazz"],
        softmax=lambda names, excerpts: dict.fromkeys(names, np.array([[0.9, 0.1]] * 2)),
        temperature={"cnn-1.0": 1.0, "cnn-1.4": 2.0}.get,
    )
    song = Song(Path("a.mp3"), excerpts=[None, None])
    found = answers_of(models, ["cnn-1.0", "cnn-1.4"], song)
    assert found["cnn-1.0"].ranked == [("blues", pytest.approx(0.9)), ("jazz", pytest.approx(0.1))]
    assert found["cnn-1.4"].ranked[0] == ("blues", pytest.approx(0.75))  # sqrt(9) to 1


def test_how_far_a_model_can_be_trusted_is_counted_on_test_tracks():
    tracks = pd.Index([f"t{k}" for k in range(10)], name="track")
    genres = pd.Series(["jazz", "split"] * 5, tracks)  # which is also the name of a column
    split = pd.Series(["val"] * 2 + ["test"] * 8, tracks)
    softmax = np.tile([0.1, 0.9], (10, 1))
    softmax[2:6:2] = [0.9, 0.1]
    table = make_table(genres, split, softmax)
    models = SimpleNamespace(predictions_of=lambda _: table, temperature=lambda _: 2.0)
    assert trust(models, "cnn-1.0") == (
        "CNN 1.0 was right about 6 of 8 test tracks of its corpus, and 0.75 sure on average: a "
        "temperature of 2.00, by 2 validation tracks, brings its calibration error from 0.15 to "
        "0.00"
    )
