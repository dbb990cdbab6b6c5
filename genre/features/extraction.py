"""Audio to the 57 features of GTZAN's csv files: means and variances of frame-wise descriptors.

The definitions are librosa's with its defaults, frames padded by reflection; the published
files were made this way. One spectrogram serves all descriptors.
"""

import warnings

import librosa
import numpy as np

from genre.features.definition import HOP_LENGTH, N_FFT, N_MFCC
from genre.features.medians import running_median
from genre.features.segments import segment_hop, segment_length


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
    harmonic = running_median(magnitude.T).T
    percussive = running_median(magnitude)
    mask = librosa.util.softmask(harmonic, percussive, power=2.0, split_zeros=True)
    rest = librosa.util.softmask(percussive, harmonic, power=2.0, split_zeros=True)
    # The published files were made when librosa filled the samples behind the last whole hop
    # with zeros; `istft(length=...)` does not, and moves their means and variances.
    waveforms = (librosa.istft(stft * part, hop_length=HOP_LENGTH) for part in (mask, rest))
    first, second = (librosa.util.fix_length(waveform, size=length) for waveform in waveforms)
    return first, second


def extract_segments(
    samples: np.ndarray, *, sr: int, segment: float, steps: int
) -> list[tuple[int, np.ndarray]]:
    """Compute the features of each whole segment of an excerpt.

    Parameters
    ----------
    samples : np.ndarray [shape=(n,)]
        Mono audio.
    sr : int > 0
        Sample rate in Hz.
    segment : float > 0
        Length of a segment in seconds.
    steps : int > 0
        Segments of a whole excerpt; a shorter one has fewer.

    Returns
    -------
    list of (int, np.ndarray [shape=(57,), dtype=float64])
        Samples and features of each segment, in the order of time.
    """
    length = segment_length(segment, sr)
    starts = np.arange(steps) * segment_hop(segment, sr)
    parts = [samples[k : k + length] for k in starts if k + length <= len(samples)]
    return [(len(part), extract(part, sr=sr)) for part in parts]


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
        The features in the order of `genre.features.definition.FEATURES`.

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
