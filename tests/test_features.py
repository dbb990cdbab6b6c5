import librosa
import numpy as np
import pandas as pd
import pytest
import soundfile
from joblib import Parallel, delayed

from genre.errors import InputError
from genre.features import COLUMNS, FEATURES, extract, read_features
from tests.conftest import SR


def reference(y: np.ndarray) -> dict[str, float]:
    """The 57 features by librosa's own calls, each from the samples."""
    frames = {"pad_mode": "reflect"}
    harmonic, percussive = librosa.effects.hpss(y, **frames)
    tail = len(y) // 512 * 512  # the published files have zeros behind the last whole hop
    harmonic[tail:] = percussive[tail:] = 0
    series = {
        "chroma_stft": librosa.feature.chroma_stft(y=y, sr=SR, **frames),
        "rms": librosa.feature.rms(y=y, **frames),
        "spectral_centroid": librosa.feature.spectral_centroid(y=y, sr=SR, **frames),
        "spectral_bandwidth": librosa.feature.spectral_bandwidth(y=y, sr=SR, **frames),
        "rolloff": librosa.feature.spectral_rolloff(y=y, sr=SR, **frames),
        "zero_crossing_rate": librosa.feature.zero_crossing_rate(y),
        "harmony": harmonic,
        "perceptr": percussive,
    }
    mfcc = librosa.feature.mfcc(y=y, sr=SR, n_mfcc=20, **frames)
    series |= {f"mfcc{k}": row for k, row in enumerate(mfcc, start=1)}
    values = {}
    for name, row in series.items():
        values |= {f"{name}_mean": np.mean(row), f"{name}_var": np.var(row)}
    onsets = librosa.onset.onset_strength(y=y, sr=SR, aggregate=np.median, **frames)
    return values | {"tempo": librosa.feature.tempo(onset_envelope=onsets, sr=SR)[0]}


def test_the_columns_are_gtzans():
    assert len(COLUMNS) == 60
    assert COLUMNS[:4] == ("filename", "length", "chroma_stft_mean", "chroma_stft_var")
    assert COLUMNS[17:20] == ("perceptr_var", "tempo", "mfcc1_mean")
    assert COLUMNS[-3:] == ("mfcc20_mean", "mfcc20_var", "label")


@pytest.mark.parametrize("seconds", [3.0, 7.0])
def test_the_features_are_librosas(music, seconds):
    samples = music[: int(seconds * SR) - 1]
    expected = reference(samples)
    values = dict(zip(FEATURES, extract(samples, sr=SR), strict=True))
    for name in FEATURES:
        assert values[name] == pytest.approx(expected[name], rel=1e-4, abs=1e-7), name


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


@pytest.fixture
def csv_file(tmp_path):
    rows = [(f"blues.00000.{k}.wav", 66149, *np.arange(57.0) + k, "blues") for k in (2, 0, 1)]
    path = tmp_path / "features_3_sec.csv"
    pd.DataFrame(rows, columns=list(COLUMNS)).to_csv(path, index=False)
    return path


def test_rows_are_read_in_the_order_of_the_tracks(csv_file):
    table = read_features(csv_file, pd.Index(["blues.00000"]), steps=10)
    assert list(table["filename"]) == [f"blues.00000.{k}.wav" for k in range(3)]


def test_a_missing_or_broken_csv_is_an_error(csv_file):
    tracks = pd.Index(["blues.00000"])
    with pytest.raises(InputError, match="the corpus has no features_30_sec.csv"):
        read_features(csv_file.with_name("features_30_sec.csv"), tracks)
    with pytest.raises(InputError, match="features_3_sec.csv lacks 1 tracks, the first blues"):
        read_features(csv_file, tracks)
    table = pd.read_csv(csv_file)
    broken = csv_file.read_text().splitlines()
    broken[2] = broken[2].replace("56.0", "much")
    csv_file.write_text("\n".join(broken))
    with pytest.raises(InputError, match=r"line 3 \(blues.00000.0.wav\): a feature is not a num"):
        read_features(csv_file, tracks, steps=10)
    table.drop(columns=["tempo", "label"]).to_csv(csv_file, index=False)
    with pytest.raises(InputError, match="has no column tempo, label: it is not GTZAN's"):
        read_features(csv_file, tracks, steps=10)
