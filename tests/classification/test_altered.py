import numpy as np

from genre.classification.altered import LOG_MELS, Altered, alter, write
from genre.classification.inputs import LOG_MEL, SEQUENCE, WHOLE, make_inputs
from genre.features.log_mels import LogMels
from genre.features.patches import frames_of
from genre.randomness import generator
from tests.classification.test_songs import RECIPE
from tests.conftest import SR


def treble(samples):
    """Share of the power above 9 kHz, where even the highest limit begins to fade out."""
    power = np.abs(np.fft.rfft(samples)) ** 2
    return power[np.fft.rfftfreq(len(samples), 1 / SR) > 9000].sum() / power.sum()


def test_level_and_band_of_an_excerpt_are_drawn():
    rng = np.random.default_rng(0)
    noise = (0.02 * rng.standard_normal(2 * SR)).astype("f4")
    altered = [
        alter(noise, generator(1, "alter", str(k)), sr=SR, most=12.0, lowest=4000.0)
        for k in range(60)
    ]
    assert {len(each) for each in altered} == {len(noise)}
    limited = np.array([treble(each) < 0.1 * treble(noise) for each in altered])
    assert 0.2 < limited.mean() < 0.7
    gains = np.array([20 * np.log10(each.std() / noise.std()) for each in altered])[~limited]
    assert np.abs(gains).max() <= 12.1
    assert gains.min() < -6 and gains.max() > 6
    again = alter(noise, generator(1, "alter", "7"), sr=SR, most=12.0, lowest=4000.0)
    np.testing.assert_array_equal(again, altered[7])


def test_what_is_made_of_altered_excerpts_comes_back(tmp_path, music):
    pieces = {"jazz.00001": music, "jazz.00002": music[: 5 * SR]}
    made = [make_inputs(x, RECIPE, {LOG_MEL, SEQUENCE, WHOLE}) for x in pieces.values()]
    frames = np.array([frames_of(len(x), sr=SR) for x in pieces.values()])
    write(tmp_path, list(pieces), frames, iter(made), steps=2)
    found, heard = Altered.load(tmp_path), LogMels.read(tmp_path / LOG_MELS)
    assert list(found.tracks) == list(heard.tracks) == list(pieces)
    for row, (track, spectrogram) in enumerate(heard.by_track()):
        assert track == list(pieces)[row]
        np.testing.assert_array_equal(found.whole[row], made[row].whole)
        np.testing.assert_array_equal(found.sequences[row], made[row].sequence)
        np.testing.assert_array_equal(spectrogram, made[row].log_mel)


def test_there_may_be_none(tmp_path):
    write(tmp_path, [], np.zeros(0, int), iter([]), steps=10)
    found = Altered.load(tmp_path)
    assert found.whole.shape == (0, 57)
    assert found.sequences.shape == (0, 10, 57)
    assert len(LogMels.read(tmp_path / LOG_MELS).tracks) == 0
