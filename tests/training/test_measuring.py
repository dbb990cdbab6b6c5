import itertools

import keras
import pytest

from genre.training import measuring


def test_a_model_costs_what_a_track_takes_of_it(monkeypatch):
    clock = itertools.count(0.0, 3.0)
    monkeypatch.setattr(measuring.time, "perf_counter", lambda: next(clock))
    inputs = keras.Input((4,))
    model = keras.Model(inputs, keras.layers.Dense(5)(inputs))
    applied = []
    cost = measuring.measure(model, lambda: applied.append(1), 12, times=3, after="musicnn")
    assert applied == [1]
    assert cost == {
        "parameters": 25, "multiply_adds": 3 * 20, "milliseconds": pytest.approx(250.0),
        "after": "musicnn",
    }  # fmt: skip
    assert "after" not in measuring.measure(model, lambda: None, 1)
