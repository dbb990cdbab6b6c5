import warnings

import numpy as np
import pandas as pd
import pytest
import soundfile
from joblib import Parallel, delayed

from benchmarks import references
from genre.features import extraction
from genre.features.definition import COLUMNS, FEATURES
from genre.features.extraction import extract
from genre.work.uncompiled import librosa
from tests.conftest import SR


def assert_librosas(samples: np.ndarray) -> None:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "n_fft=2048 is too large")  # of less than one frame
        values = extract(samples, sr=SR)
        warnings.filterwarnings("ignore", "Trying to estimate tuning")  # of silence
        expected = references.features(samples, sr=SR)
    assert np.isfinite(values).all()
    for name, value in zip(FEATURES, values, strict=True):
        # Means of waveforms cancel to almost nothing; what is left of them is rounding.
        rounding = 1e-9 if name in ("harmony_mean", "perceptr_mean") else 1e-12
        assert value == pytest.approx(expected[name], rel=1e-5, abs=rounding), name


@pytest.mark.parametrize("seconds", [3.0, 7.0])
def test_the_features_are_librosas(music, seconds):
    assert_librosas(music[: int(seconds * SR) - 1])


def made(kind: str, n: int) -> np.ndarray:
    """Sound that is far from music."""
    t, noise = np.arange(n) / SR, np.random.default_rng(n).normal(0.0, 0.1, n)
    return {
        "silence": np.zeros(n),
        "constant": np.full(n, 0.5),
        "almost nothing": np.full(n, 1e-7),
        "impulse": np.where(np.arange(n) == n // 2, 1.0, 0.0),
        "clicks": np.where(np.arange(n) % 5000 == 0, 1.0, 0.0),
        "tone": 0.5 * np.sin(2 * np.pi * 440.0 * t),
        "highest tone": 0.5 * np.cos(np.pi * np.arange(n)),
        "noise": noise,
        "quiet noise": noise * 1e-5,
        "clipped noise": np.clip(noise * 30, -1.0, 1.0),
        "noise out of range": noise * 1e5,
        "half of it silent": np.where(np.arange(n) < n // 2, 0.0, noise),
    }[kind].astype("f4")


KINDS = (
    "silence", "constant", "almost nothing", "impulse", "clicks", "tone", "highest tone", "noise",
    "quiet noise", "clipped noise", "noise out of range", "half of it silent",
)  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_any_sound_has_librosas_features(kind):
    assert_librosas(made(kind, 3 * SR - 1))


@pytest.mark.filterwarnings("ignore:Trying to estimate tuning")
@pytest.mark.parametrize("sr", [8000, 15999, 16000, 22050, 44100, 96000])
@pytest.mark.parametrize("kind", KINDS)
def test_what_librosa_does_twice_or_needlessly_makes_no_difference(kind, sr):
    """To the last bit."""
    samples = made(kind, 40_000)
    stft = librosa.stft(samples, n_fft=2048, hop_length=512, pad_mode="reflect")
    magnitude = np.abs(stft)
    one, other = magnitude, magnitude[::-1]
    feature = librosa.feature
    expected = (
        librosa.istft(stft, hop_length=512),
        feature.chroma_stft(S=magnitude**2, sr=sr),
        feature.spectral_centroid(S=magnitude, sr=sr),
        feature.spectral_bandwidth(S=magnitude, sr=sr),
        feature.spectral_rolloff(S=magnitude, sr=sr),
        feature.zero_crossing_rate(samples, frame_length=2048, hop_length=512),
        librosa.util.softmask(one, other, power=2.0, split_zeros=True),
        librosa.util.softmask(other, one, power=2.0, split_zeros=True),
    )
    found = (
        extraction._waveform(stft),
        extraction._chroma(magnitude**2, sr=sr),
        *extraction._spectral_shape(magnitude, sr=sr),
        extraction._zero_crossing_rate(samples),
        *extraction._masks(one, other),
    )
    for ours, librosas in zip(found, expected, strict=True):
        assert ours.dtype == librosas.dtype
        assert np.array_equal(ours, librosas)


def test_the_shortest_input_has_the_same_features_each_time():
    samples = made("noise", 1025)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "n_fft=2048 is too large")
        found = {tuple(extract(samples, sr=SR)) for _ in range(5)}
    assert len(found) == 1
    assert np.isfinite(next(iter(found))).all()


# Of three frames, which is less than 1536 samples, scipy's median filter of 31 reads what no one
# has written, and librosa's values are other ones each time.
@pytest.mark.parametrize("n", [1536, 2047, 2048, 2049, 60 * SR])
def test_any_length_has_librosas_features(n):
    assert_librosas(made("noise", n))


def test_the_features_of_real_tracks_are_the_published_ones(gtzan):
    published = pd.read_csv(gtzan / "features_30_sec.csv")
    assert tuple(published.columns) == COLUMNS
    published = published.set_index("filename")

    def compare(path):
        samples, sr = soundfile.read(path, dtype="float32")
        if len(samples) < 29 * sr:
            return None
        row = published.loc[path.name, list(FEATURES)].to_numpy(float)
        # harmony_mean is the mean of 660,000 samples that cancel to 1e-7: there only rounding
        # errors of 1e-10 are left to compare.
        return np.isclose(extract(samples, sr=sr), row, rtol=1e-4, atol=1e-9)

    paths = sorted(gtzan.glob("genres_original/*/*.wav"))
    found = Parallel(n_jobs=-1, backend="threading")(delayed(compare)(path) for path in paths)
    whole = np.array([row for row in found if row is not None])
    assert len(whole) == 55
    assert whole.all(), dict(zip(FEATURES, 55 - whole.sum(axis=0), strict=True))


@pytest.mark.parametrize("samples", [np.zeros(1024, "f4"), np.zeros(0, "f4")])
def test_too_few_samples_are_an_error(samples):
    with pytest.raises(ValueError, match="samples are too few"):
        extract(samples, sr=SR)


def test_values_that_are_not_finite_are_an_error():
    samples = np.zeros(9999, "f4")
    samples[5] = np.inf
    with pytest.raises(ValueError, match="not finite"):
        extract(samples, sr=SR)
