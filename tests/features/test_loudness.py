import numpy as np
import pytest

from genre.features.loudness import loudness, normalise
from tests.conftest import SR, sine


@pytest.mark.parametrize("sr", [16_000, 22_050, 48_000])
def test_a_sine_has_the_loudness_that_the_standard_gives_it(sr):
    # BS.1770: a sine of 997 Hz at full scale in one channel is -3.01 LUFS; ours is at half of it.
    assert loudness(sine(997.0, 5.0, sr=sr), sr=sr) == pytest.approx(-3.01 - 6.02, abs=0.1)


def test_low_tones_count_less_than_high_ones():
    assert loudness(sine(30.0, 3.0), sr=SR) < loudness(sine(3000.0, 3.0), sr=SR) - 8.0


@pytest.mark.parametrize("decibels", [6.0, -12.0, -60.0])
def test_loudness_follows_the_level_exactly(music, decibels):
    faded = music * np.linspace(1.0, 1e-4, len(music), dtype="f4")
    other = faded * np.float32(10.0 ** (decibels / 20.0))
    assert loudness(other, sr=SR) == pytest.approx(loudness(faded, sr=SR) + decibels, abs=1e-4)


def test_pauses_do_not_count(music):
    with_pause = np.concatenate([music, np.zeros(10 * SR, "f4")])
    assert loudness(with_pause, sr=SR) == pytest.approx(loudness(music, sr=SR), abs=0.3)


def test_what_is_shorter_than_a_block_is_measured_too():
    assert loudness(sine(997.0, 0.1), sr=SR) == pytest.approx(-9.03, abs=0.1)


def test_sound_is_brought_to_the_loudness_wanted(music):
    for target in (-14.0, -23.0):
        found = normalise(music, sr=SR, target=target)
        assert found.dtype == np.float32
        assert loudness(found, sr=SR) == pytest.approx(target, abs=1e-4)
    loud = normalise(sine(997.0, 1.0), sr=SR, target=0.0)
    assert loud.max() > 1.3, "it must not be clipped"


def test_silence_stays_silence():
    noise = np.random.default_rng(0).normal(0.0, 1e-4, 2 * SR).astype("f4")
    for silence in (np.zeros(2 * SR, "f4"), noise):
        np.testing.assert_array_equal(normalise(silence, sr=SR, target=-14.0), silence)
