"""Find tracks that hold the same recording, whatever their cut, gain or coding.

A fingerprint keeps one bit for each band and frame: whether the difference in energy to the next
band has grown since the last frame. J. Haitsma and T. Kalker, "A highly robust audio
fingerprinting system", ISMIR 2002.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import librosa
import numpy as np
import scipy.fft
from numpy.lib.stride_tricks import sliding_window_view

SR = 5512  # Hz
FRAME = 2048  # samples: 0.37 s
HOP = 256  # samples: 46 ms
BANDS = np.geomspace(300.0, 2000.0, 34)  # Hz: the edges of 33 bands
BITS = len(BANDS) - 2
LONGEST = 60.0  # s: what is used of a track
OVERLAP = 10.0  # s: the shortest stretch that two tracks must have in common
SAME = 0.35  # bit error rate below which it is the same recording, after Haitsma and Kalker
BLOCK = 16  # tracks that are compared with all others at once


@dataclass(frozen=True)
class Match:
    """Two tracks that hold the same recording.

    Attributes
    ----------
    first, second : int
        Which tracks they are.
    offset : float
        Time in the second track of what is at 0 s in the first, in seconds.
    bit_error_rate : float in [0, 0.5]
        Share of the bits that differ where the tracks overlap.
    """

    first: int
    second: int
    offset: float
    bit_error_rate: float


def fingerprint(samples: np.ndarray, *, sr: int) -> np.ndarray:
    """Compute the fingerprint of a track.

    Parameters
    ----------
    samples : np.ndarray [shape=(n,)]
        Mono samples.
    sr : int > 0
        Their sample rate in Hz.

    Returns
    -------
    np.ndarray [shape=(frames, BITS), dtype=int8]
        The bits of each frame as 1 and -1, or 0 in silence; no frame for a track of less than
        two of them.
    """
    samples = librosa.resample(samples[: int(LONGEST * sr)], orig_sr=sr, target_sr=SR)
    if len(samples) < FRAME + HOP:
        return np.zeros((0, BITS), dtype=np.int8)
    frames = sliding_window_view(samples, FRAME)[::HOP] * np.hanning(FRAME).astype("f4")
    power = np.abs(scipy.fft.rfft(frames, axis=1)) ** 2
    edges = np.searchsorted(scipy.fft.rfftfreq(FRAME, 1 / SR), BANDS)
    energy = np.add.reduceat(power, edges, axis=1)[:, :-1]
    return np.sign(np.diff(np.diff(energy, axis=1), axis=0)).astype(np.int8)


def find_matches(fingerprints: Sequence[np.ndarray]) -> Iterator[Match]:
    """Compare every track with every other, at every offset.

    Parameters
    ----------
    fingerprints : sequence of np.ndarray [shape=(frames, BITS), dtype=int8]
        What `fingerprint` gave for each track.

    Yields
    ------
    Match
        Each pair of tracks that agree on at least `OVERLAP` seconds, at their best offset.
    """
    lengths = np.array([len(bits) for bits in fingerprints])
    n_fft = scipy.fft.next_fast_len(2 * int(lengths.max(initial=1)), real=True)
    spectra = np.empty((n_fft // 2 + 1, len(lengths), BITS), dtype=np.complex64)
    for track, bits in enumerate(fingerprints):
        spectra[:, track] = scipy.fft.rfft(bits.astype("f4"), n=n_fft, axis=0)
    # Lag k is where frame 0 of the first track lies in the second.
    lags = np.arange(n_fft)
    lags[n_fft - n_fft // 2 :] -= n_fft
    shortest = OVERLAP * SR / HOP
    for start in range(0, len(lengths), BLOCK):
        block = slice(start, start + BLOCK)
        others = spectra[:, start:].transpose(0, 2, 1)
        agreement = scipy.fft.irfft(spectra[:, block].conj() @ others, n=n_fft, axis=0)
        for first in range(start, min(start + BLOCK, len(lengths))):
            for second in range(first + 1, len(lengths)):
                ends = np.minimum(lengths[second] - lags, lengths[first])
                overlap = ends - np.maximum(-lags, 0)
                score = agreement[:, first - start, second - start]
                rates = 0.5 - score / (2 * BITS * np.maximum(overlap, 1))
                rates[overlap < shortest] = 0.5
                best = int(rates.argmin())
                if rates[best] < SAME:
                    offset = float(lags[best] * HOP / SR)
                    yield Match(first, second, offset, float(rates[best]))
