"""The 57 audio features of GTZAN's csv files: means and variances of frame-wise descriptors.

The definitions are librosa's with its defaults, frames padded by reflection; the published
files were made this way. One spectrogram serves all descriptors.
"""

import warnings
from pathlib import Path

import bottleneck
import librosa
import numpy as np
import pandas as pd

from genre.errors import InputError

N_FFT = 2048  # samples
HOP_LENGTH = 512  # samples
N_MFCC = 20
MEDIAN_WIDTH = 31  # frames or bins, of both filters that part harmonic from percussive sound

_PAIRS = (
    "chroma_stft",
    "rms",
    "spectral_centroid",
    "spectral_bandwidth",
    "rolloff",
    "zero_crossing_rate",
    "harmony",
    "perceptr",
)
FEATURES = (
    *(f"{name}_{statistic}" for name in _PAIRS for statistic in ("mean", "var")),
    "tempo",
    *(f"mfcc{k}_{statistic}" for k in range(1, N_MFCC + 1) for statistic in ("mean", "var")),
)
COLUMNS = ("filename", "length", *FEATURES, "label")


def harmonic_percussive(
    stft: np.ndarray, magnitude: np.ndarray, length: int
) -> tuple[np.ndarray, np.ndarray]:
    """Part a sound into its harmonic and its percussive waveform.

    The method is `librosa.effects.hpss` (Fitzgerald, "Harmonic/percussive separation using
    median filtering", DAFx 2010); only the median filter is another, with the same result.

    Parameters
    ----------
    stft : np.ndarray [shape=(1 + N_FFT // 2, frames), complex]
        Short-time Fourier transform.
    magnitude : np.ndarray [shape=(1 + N_FFT // 2, frames)]
        Its absolute values.
    length : int > 0
        Length of the waveforms in samples.

    Returns
    -------
    harmonic, percussive : np.ndarray [shape=(length,)]
        The two waveforms.
    """
    harmonic = _median_filter(magnitude, axis=1)
    percussive = _median_filter(magnitude, axis=0)
    mask = librosa.util.softmask(harmonic, percussive, power=2.0, split_zeros=True)
    rest = librosa.util.softmask(percussive, harmonic, power=2.0, split_zeros=True)
    # The published files were made when librosa filled the samples behind the last whole hop
    # with zeros; `istft(length=...)` does not, and moves their means and variances.
    return tuple(
        librosa.util.fix_length(librosa.istft(stft * part, hop_length=HOP_LENGTH), size=length)
        for part in (mask, rest)
    )


def _median_filter(magnitude: np.ndarray, *, axis: int) -> np.ndarray:
    """`scipy.ndimage.median_filter(mode="reflect")` along one axis, some ten times faster."""
    half = MEDIAN_WIDTH // 2
    padding = [(0, 0), (0, 0)]
    padding[axis] = (half, half)
    padded = np.pad(magnitude, padding, mode="symmetric")
    filtered = bottleneck.move_median(padded, MEDIAN_WIDTH, axis=axis)
    return filtered[2 * half :] if axis == 0 else filtered[:, 2 * half :]


def extract(samples: np.ndarray, *, sr: int) -> np.ndarray:
    """Compute the 57 features of a stretch of audio.

    Parameters
    ----------
    samples : np.ndarray [shape=(n,)], n > N_FFT // 2
        Mono audio.
    sr : int > 0
        Sample rate in Hz.

    Returns
    -------
    np.ndarray [shape=(57,), dtype=float64]
        The features in the order of `FEATURES`.

    Raises
    ------
    ValueError
        If the audio is too short to be padded to one frame, or holds a value that is not finite.
    """
    if len(samples) <= N_FFT // 2:
        raise ValueError(f"{len(samples)} samples are too few: features need over {N_FFT // 2}")
    if not np.isfinite(samples).all():
        raise ValueError("the audio holds values that are not finite")
    stft = librosa.stft(samples, n_fft=N_FFT, hop_length=HOP_LENGTH, pad_mode="reflect")
    magnitude = np.abs(stft)
    power = magnitude**2
    mel = librosa.feature.melspectrogram(S=power, sr=sr)
    log_mel = librosa.power_to_db(mel)
    centroid = librosa.feature.spectral_centroid(S=magnitude, sr=sr)
    harmonic, percussive = harmonic_percussive(stft, magnitude, len(samples))
    with warnings.catch_warnings():
        # Of silence: its tuning is then 0, and its chroma is 0 whatever the tuning.
        warnings.filterwarnings("ignore", "Trying to estimate tuning from empty frequency set")
        chroma = librosa.feature.chroma_stft(S=power, sr=sr)
    descriptors = (
        chroma,
        librosa.feature.rms(
            y=samples, frame_length=N_FFT, hop_length=HOP_LENGTH, pad_mode="reflect"
        ),
        centroid,
        librosa.feature.spectral_bandwidth(S=magnitude, sr=sr, centroid=centroid),
        librosa.feature.spectral_rolloff(S=magnitude, sr=sr),
        librosa.feature.zero_crossing_rate(samples, frame_length=N_FFT, hop_length=HOP_LENGTH),
        harmonic,
        percussive,
    )
    onset = librosa.onset.onset_strength(S=log_mel, sr=sr, aggregate=np.median)
    tempo = librosa.feature.tempo(onset_envelope=onset, sr=sr, hop_length=HOP_LENGTH)
    mfcc = librosa.feature.mfcc(S=log_mel, sr=sr, n_mfcc=N_MFCC)
    values = [statistic for d in descriptors for statistic in (np.mean(d), np.var(d))]
    values.append(tempo[0])
    values += [statistic for row in mfcc for statistic in (np.mean(row), np.var(row))]
    return np.asarray(values, dtype=np.float64)


def read_features(path: Path, tracks: pd.Index, *, steps: int | None = None) -> pd.DataFrame:
    """Read the rows of some tracks from a csv file in GTZAN's layout.

    Parameters
    ----------
    path : Path
        `features_30_sec.csv`, or `features_3_sec.csv`.
    tracks : pd.Index
        The tracks wanted.
    steps : int > 0, optional
        With it the file holds segments, at most so many of a track, and not all are needed.

    Returns
    -------
    pd.DataFrame [columns: COLUMNS]
        The rows, in the order of `tracks`.

    Raises
    ------
    InputError
        If the file is missing, has other columns, values that are not numbers, or not all rows.
    """
    if not path.is_file():
        raise InputError(
            f"features.source is dataset, but the corpus has no {path.name}: put it beside "
            "genres_original/, or set features.source to compute"
        )
    try:
        table = pd.read_csv(path)
    except ValueError as error:
        raise InputError(f"{path}: cannot be read as a table: {error}") from error
    if not isinstance(table.index, pd.RangeIndex):
        raise InputError(f"{path.name}: a line has more fields than there are columns")
    absent = [column for column in COLUMNS if column not in table.columns]
    if absent:
        raise InputError(f"{path.name} has no column {', '.join(absent)}: it is not GTZAN's")
    table = table[list(COLUMNS)]
    values = table[list(FEATURES)].apply(pd.to_numeric, errors="coerce")
    broken = ~np.isfinite(values).all(axis=1)
    if broken.any():
        raise InputError(
            f"{path.name}, line {broken.idxmax() + 2} ({table['filename'][broken.idxmax()]}): "
            "a feature is not a number"
        )
    if steps is None:
        names = [f"{track}.wav" for track in tracks]
    else:
        known = set(table["filename"])
        every = [f"{track}.{step}.wav" for track in tracks for step in range(steps)]
        names = [name for name in every if name in known]
    table = table.drop_duplicates("filename").set_index("filename", drop=False)
    missing = [name for name in names if name not in table.index]
    if missing:
        raise InputError(f"{path.name} lacks {len(missing)} tracks, the first {missing[0]}")
    return table.loc[names]
