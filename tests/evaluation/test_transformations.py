"""Each transformation does what it is called, as measured; and nothing else."""

import numpy as np
import pytest
from scipy.signal import correlate

from genre.evaluation.transformations import (
    TRANSFORMATIONS,
    alter,
    band_limit,
    equaliser,
    faster,
    first_10_s,
    level,
    mp3,
    white_noise,
)
from genre.randomness import generator
from tests.encoding import decode_by_ffmpeg, encode

SR = 22050


def music(seconds: float, *, sr: int = SR, peak: float = 0.3) -> np.ndarray:
    """Notes and strokes at random, some with energy up to half the sample rate."""
    rng = np.random.default_rng(4)
    sound = np.zeros(round(seconds * sr))
    for _ in range(round(12 * seconds)):
        start = rng.integers(len(sound) // 8, len(sound))
        times = np.arange(len(sound) - start) / sr
        tone = np.sin(2 * np.pi * rng.uniform(60, 2000) * times)
        tone[: sr // 10] += 0.2 * rng.standard_normal(sr // 10)[: len(tone)]
        sound[start:] += tone * np.exp(-times * 8)
    return (peak * sound / np.abs(sound).max()).astype(np.float32)


def power(samples: np.ndarray, low: float, high: float, *, sr: int = SR) -> float:
    """Power between two frequencies, in dB."""
    spectrum = np.abs(np.fft.rfft(samples.astype(np.float64))) ** 2 / len(samples) ** 2
    frequencies = np.fft.rfftfreq(len(samples), 1 / sr)
    return 10 * np.log10(spectrum[(frequencies >= low) & (frequencies < high)].sum())


def treble(samples):
    """Share of the power above 9 kHz, where even the highest limit begins to fade out."""
    power = np.abs(np.fft.rfft(samples)) ** 2
    return power[np.fft.rfftfreq(len(samples), 1 / SR) > 9000].sum() / power.sum()


def delay(samples: np.ndarray, reference: np.ndarray) -> int:
    """By how many samples a sound comes later than its reference."""
    found = correlate(samples, reference, mode="full", method="fft")
    return int(np.argmax(found)) - (len(reference) - 1)


def rms(samples: np.ndarray) -> float:
    return 20 * np.log10(samples.std(dtype=np.float64))


@pytest.mark.parametrize(("name", "decibels"), [("quieter", -12.0), ("louder", 6.0)])
def test_the_level_changes_by_so_many_decibels(name, decibels):
    sound = music(2.0)
    changed = TRANSFORMATIONS[name].apply(sound, SR, np.random.default_rng(0))
    assert rms(changed) - rms(sound) == pytest.approx(decibels, abs=1e-3)
    np.testing.assert_allclose(changed, sound * (changed[-1] / sound[-1]), rtol=1e-4, atol=1e-7)


def test_what_is_too_loud_is_clipped_and_the_rest_is_not():
    sound = music(2.0, peak=0.9)
    changed = level(sound, decibels=6.0)
    beyond = np.abs(sound) * 10**0.3 > 1
    assert 0 < beyond.sum() < len(sound) / 2
    np.testing.assert_array_equal(changed[beyond], np.sign(sound[beyond]))
    np.testing.assert_allclose(changed[~beyond], sound[~beyond] * 10**0.3, rtol=1e-5)


def test_mp3_is_what_ffmpeg_makes_of_64_kbit_a_second():
    sound = music(4.0)
    file = encode(sound, "mp3", "libmp3lame", codec_options={"b": "64000"}, sr=SR)
    assert 8 * len(file) / 4.0 == pytest.approx(64_000, rel=0.05)
    np.testing.assert_array_equal(mp3(sound, sr=SR), decode_by_ffmpeg(file)[0])


@pytest.mark.parametrize("sr", [8000, 20000, 22050, 44100, 96000])
def test_mp3_is_aligned_and_as_long_and_a_bit_of_it_is_lost(sr):
    sound = music(2.0, sr=sr)
    changed = mp3(sound, sr=sr)
    assert len(changed) == len(sound)
    assert delay(changed, sound) == 0
    assert 0.96 < np.corrcoef(changed, sound)[0, 1] < 0.99999


@pytest.mark.parametrize("length", [1, 2, 575, 1105, 1152, 1153, 22050])
def test_mp3_of_any_length_is_as_long(length):
    assert len(mp3(music(2.0)[-length:], sr=SR)) == length


@pytest.mark.parametrize("limit", [4000, 8000])
def test_above_the_limit_nothing_is_left_and_below_all(limit):
    sound = music(3.0)
    changed = TRANSFORMATIONS[f"band_{limit // 1000}_khz"].apply(sound, SR, None)
    assert power(changed, limit + 50, SR / 2) < power(sound, limit + 50, SR / 2) - 50
    for low, high in ((0, 500), (500, 0.8 * limit), (0.8 * limit, 0.9 * limit)):
        assert power(changed, low, high) == pytest.approx(power(sound, low, high), abs=0.05)
    assert len(changed) == len(sound)
    assert delay(changed, sound) == 0


@pytest.mark.parametrize("sr", [8000, 16000])
def test_a_limit_above_all_that_there_is_changes_nothing(sr):
    sound = music(1.0, sr=sr)
    np.testing.assert_array_equal(band_limit(sound, sr=sr, limit=8000), sound)


@pytest.mark.parametrize("offset", [0.0, 0.5])
def test_noise_is_white_and_20_dB_below_the_sound(offset):  # noqa: N802 - the unit
    sound = music(5.0) + np.float32(offset)
    added = TRANSFORMATIONS["noise"].apply(sound, SR, np.random.default_rng(1)) - sound
    assert rms(sound) - rms(added) == pytest.approx(20.0, abs=0.05)
    bands = [power(added, low, low + 2200) for low in range(0, 11_000, 2200)]
    assert np.ptp(bands) < 0.3
    assert abs(np.corrcoef(added[1:], added[:-1])[0, 1]) < 0.02


def test_noise_comes_from_the_generator():
    sound = music(1.0)
    one, again, other = (
        white_noise(sound, np.random.default_rng(seed), signal_to_noise=20.0) for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(one, again)
    assert abs(np.corrcoef(one - sound, other - sound)[0, 1]) < 0.05


def test_the_equaliser_turns_bass_down_and_treble_up_by_3_dB():  # noqa: N802
    impulse = np.zeros(SR, dtype=np.float32)
    impulse[100] = 1.0
    gains = 20 * np.log10(np.abs(np.fft.rfft(equaliser(impulse, sr=SR))))  # one a Hz
    expected = {30: -3.0, 200: -1.5, 900: 0.0, 4000: 1.5, 9000: 3.0}
    assert {f: gains[f] for f in expected} == pytest.approx(expected, abs=0.1)
    assert np.abs(gains).max() < 3.01


@pytest.mark.parametrize("sr", [6000, 8000])
def test_the_equaliser_leaves_out_treble_that_is_not_there(sr):
    impulse = np.zeros(sr, dtype=np.float32)
    impulse[100] = 1.0
    gains = 20 * np.log10(np.abs(np.fft.rfft(equaliser(impulse, sr=sr))))
    assert (gains[30], gains[sr // 2 - 100]) == pytest.approx((-3.0, 0.0), abs=0.1)


@pytest.mark.parametrize("seconds", [8.0, 12.0])
def test_the_beginning_is_10_s_or_all_there_is(seconds):
    sound = music(seconds)
    np.testing.assert_array_equal(first_10_s(sound, sr=SR), sound[: round(min(seconds, 10.0) * SR)])


def test_what_is_2_percent_faster_is_2_percent_shorter_and_higher():
    times = np.arange(5 * SR) / SR
    changed = faster(np.sin(2 * np.pi * 1000 * times).astype(np.float32))
    assert len(changed) == pytest.approx(len(times) / 1.02, abs=1)
    seconds = 4.5  # not the ends, which ring
    middle = changed[1000 : 1000 + round(seconds * SR)]
    crossings = np.count_nonzero(np.diff(np.signbit(middle)))
    assert crossings / 2 / seconds == pytest.approx(1020.0, abs=0.3)
    assert rms(middle) == pytest.approx(rms(np.sin(times * 6000)), abs=0.01)


@pytest.mark.parametrize("sr", [8000, SR, 48000])
@pytest.mark.parametrize("name", TRANSFORMATIONS)
def test_whatever_is_done_is_done_alike_twice_to_a_copy_that_has_the_right_length(name, sr):
    sound = music(11.0 if sr == SR else 2.0, sr=sr)
    given = sound.copy()
    one, two = (
        TRANSFORMATIONS[name].apply(given, sr, np.random.default_rng(seed)) for seed in (3, 3)
    )
    np.testing.assert_array_equal(one, two)
    np.testing.assert_array_equal(given, sound)
    assert one.dtype == np.float32
    length = {"first_10_s": min(len(sound), 10 * sr), "faster": np.ceil(len(sound) / 1.02)}
    assert one.shape == (length.get(name, len(sound)),)


@pytest.mark.parametrize("name", TRANSFORMATIONS)
def test_silence_stays_silence(name):
    changed = TRANSFORMATIONS[name].apply(np.zeros(SR, np.float32), SR, np.random.default_rng(0))
    assert len(changed) > 0.9 * SR
    assert not changed.any()


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
