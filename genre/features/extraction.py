"""Audio to the 57 features of GTZAN's csv files: means and variances of frame-wise descriptors.

The definitions are librosa's with its defaults, frames padded by reflection; the published
files were made this way. One spectrogram serves all descriptors.
"""

import functools

import numpy as np
import scipy.fft

from genre.features.definition import HOP_LENGTH, N_FFT, N_MFCC
from genre.features.medians import running_median
from genre.features.segments import segment_hop, segment_length
from genre.work.uncompiled import librosa

LOWEST_PITCH, HIGHEST_PITCH = 150, 4000  # Hz, between which `librosa.estimate_tuning` looks for one
SILENCE = 1e-10  # of `librosa.zero_crossings`: up to it a sample has no sign


def harmonic_percussive(
    stft: np.ndarray, magnitude: np.ndarray, length: int
) -> tuple[np.ndarray, np.ndarray]:
    """Part a sound into its harmonic and its percussive waveform.

    The method is `librosa.effects.hpss` (Fitzgerald, "Harmonic/percussive separation using
    median filtering", DAFx 2010), with the same result to the last bit.

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
    masks = _masks(running_median(magnitude.T).T, running_median(magnitude))
    # The published files were made when librosa filled the samples behind the last whole hop
    # with zeros; `istft(length=...)` does not, and moves their means and variances.
    waveforms = (_waveform(stft * mask) for mask in masks)
    first, second = (librosa.util.fix_length(waveform, size=length) for waveform in waveforms)
    return first, second


def _masks(one: np.ndarray, other: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """`librosa.util.softmask(power=2.0, split_zeros=True)`, of each relative to the other."""
    largest = np.maximum(one, other)
    silent = largest < np.finfo(largest.dtype).tiny
    largest[silent] = 1
    powers = (one / largest) ** 2, (other / largest) ** 2
    both = powers[0] + powers[1]
    both[silent] = 1
    for power in powers:
        power /= both
        power[silent] = 0.5
    return powers


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
    mel = np.einsum("ft,mf->mt", power, _mel_filters(sr), optimize=True)
    log_mel = librosa.power_to_db(mel)
    harmonic, percussive = harmonic_percussive(stft, magnitude, len(samples))
    descriptors = (
        _chroma(power, sr=sr),
        librosa.feature.rms(
            y=samples, frame_length=N_FFT, hop_length=HOP_LENGTH, pad_mode="reflect"
        ),
        *_spectral_shape(magnitude, sr=sr),
        _zero_crossing_rate(samples),
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


# What follows is librosa's to the last bit, without what it does twice or what has no effect, and
# without what numba would compile.


def _waveform(stft: np.ndarray) -> np.ndarray:
    """`librosa.istft`, with all frames at once."""
    frames = scipy.fft.irfft(stft.T, n=N_FFT).reshape(-1, N_FFT // HOP_LENGTH, HOP_LENGTH)
    count, overlap, _ = frames.shape
    window = librosa.filters.get_window("hann", N_FFT).reshape(overlap, HOP_LENGTH)
    sound, weights = np.zeros((2, count + overlap - 1, HOP_LENGTH), frames.dtype)
    for k in reversed(range(overlap)):  # earlier frames first, since the order counts in rounding
        sound[k : k + count] += window[k] * frames[:, k]
        weights[k : k + count] += window[k] ** 2
    inner = slice(N_FFT // 2, -(N_FFT // 2))
    waveform: np.ndarray = sound.reshape(-1)[inner] / weights.reshape(-1)[inner]
    return waveform


@functools.cache
def _mel_filters(sr: int) -> np.ndarray:
    return librosa.filters.mel(sr=sr, n_fft=N_FFT)


@functools.cache  # there are a hundred tunings
def _chroma_filters(sr: int, tuning: float) -> np.ndarray:
    return librosa.filters.chroma(sr=sr, n_fft=N_FFT, tuning=tuning)


def _chroma(power: np.ndarray, *, sr: int) -> np.ndarray:
    """`librosa.feature.chroma_stft`."""
    filters = _chroma_filters(sr, _tuning(power, sr=sr))
    chroma = np.einsum("cf,ft->ct", filters, power, optimize=True)
    return librosa.util.normalize(chroma, axis=0)


def _tuning(power: np.ndarray, *, sr: int) -> float:
    """`librosa.estimate_tuning`, which fits a parabola to every bin and not just to peaks."""
    frequencies = librosa.fft_frequencies(sr=sr, n_fft=N_FFT)
    asked = (frequencies >= LOWEST_PITCH) & (frequencies < min(HIGHEST_PITCH, sr / 2))
    first, last = np.flatnonzero(asked)[[0, -1]]
    loud = power[first - 1 : last + 2]
    loud = loud * (loud > 0.1 * power.max(axis=0))
    bins, frames = np.nonzero((loud[1:-1] > loud[:-2]) & (loud[1:-1] >= loud[2:]))
    if len(bins) == 0:
        return 0.0  # of silence, whose chroma is 0 whatever the tuning
    bins += first
    below, peak, above = (power[bins + k, frames] for k in (-1, 0, 1))
    curve = (above + below).astype(np.float64) - 2.0 * peak.astype(np.float64)
    slope = (above - below).astype(np.float64) / 2
    within = np.abs(slope) < np.abs(curve)
    shift = np.divide(-slope, curve, out=np.zeros_like(slope), where=within).astype(power.dtype)
    pitches = ((bins + shift) * float(sr) / N_FFT).astype(power.dtype)
    heights = peak + 0.5 * ((above - below) / 2) * shift
    return float(librosa.pitch_tuning(pitches[heights >= np.median(heights)]))


def _spectral_shape(magnitude: np.ndarray, *, sr: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """`librosa.feature.spectral_centroid`, `spectral_bandwidth` and `spectral_rolloff`."""
    frequencies = librosa.fft_frequencies(sr=sr, n_fft=N_FFT)
    sums = magnitude.astype(np.float64).sum(axis=0)
    sums[sums < np.finfo(magnitude.dtype).tiny] = 1
    shares = (magnitude / sums).astype(magnitude.dtype)
    centroid = np.sum(frequencies[:, np.newaxis] * shares, axis=0, keepdims=True)
    bandwidth = librosa.feature.spectral_bandwidth(S=shares, sr=sr, centroid=centroid, norm=False)
    up_to = np.cumsum(magnitude, axis=0)
    rolloff = frequencies[np.argmax(up_to >= 0.85 * up_to[-1], axis=0)]
    return centroid, bandwidth, rolloff[np.newaxis]


def _zero_crossing_rate(samples: np.ndarray) -> np.ndarray:
    """`librosa.feature.zero_crossing_rate`, which looks for each crossing in four frames."""
    negative = np.pad(samples, N_FFT // 2, mode="edge") < -SILENCE
    counts = np.cumsum(np.diff(negative, prepend=negative[0]))
    starts = np.arange(0, len(counts) - N_FFT + 1, HOP_LENGTH)
    # A frame's first sample does not count: what is before it is not of the frame.
    rate: np.ndarray = (counts[starts + N_FFT - 1] - counts[starts]) / N_FFT
    return rate[np.newaxis]
