import numpy as np
import pandas as pd
import pytest

from genre.evaluation.scores import calibration_error
from genre.evaluation.temperature import fit_temperature, temper


def table(softmax, labels):
    names = [f"t{k}" for k in range(len(labels))]
    made = pd.DataFrame(softmax, index=names, columns=["g0", "g1", "g2"])
    made.insert(0, "split", "val")
    made.insert(1, "genre", [f"g{label}" for label in labels])
    return made


def say(rng, count, sharpness):
    """Tracks of three genres whose probabilities are known, told too sure or too unsure."""
    logits = rng.normal(scale=1.5, size=(count, 3))
    exponentials = np.exp(logits)
    true = exponentials / exponentials.sum(axis=1, keepdims=True)
    labels = [rng.choice(3, p=row) for row in true]
    sharp = np.exp(sharpness * logits)
    return table(sharp / sharp.sum(axis=1, keepdims=True), labels), true


@pytest.mark.parametrize("sharpness", [0.5, 1.0, 3.0])
def test_a_temperature_gives_back_what_was_known(sharpness):
    told, true = say(np.random.default_rng(0), 4000, sharpness)
    temperature = fit_temperature(told)
    assert temperature == pytest.approx(sharpness, rel=0.1)
    softmax = told.iloc[:, 2:].to_numpy()
    tempered = temper(softmax, temperature)
    np.testing.assert_allclose(tempered, true, atol=0.05)
    assert (tempered.argmax(axis=1) == softmax.argmax(axis=1)).all()
    after = told.assign(**dict(zip(told.columns[2:], tempered.T, strict=True)))
    assert calibration_error(after) < 0.03
    if sharpness == 3.0:
        assert calibration_error(told) > 0.1


def test_few_tracks_that_are_all_right_make_no_certainty():
    told = table(np.tile([0.98, 0.01, 0.01], (8, 1)), [0] * 8)
    softmax = temper(told.iloc[:, 2:].to_numpy(), fit_temperature(told))
    assert 0.85 < softmax[0, 0] < 0.95  # 1 - 1/10, but for the genres that share the doubt


def test_a_probability_of_nothing_is_borne():
    told = table(np.array([[1.0, 0.0, 0.0], [1.0, 0.0, 0.0]]), [0, 1])
    assert np.isfinite(temper(told.iloc[:, 2:].to_numpy(), fit_temperature(told))).all()
