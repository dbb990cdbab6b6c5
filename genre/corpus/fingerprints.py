"""Find tracks that hold the same recording, whatever their cut, gain or coding.

A fingerprint keeps one bit for each band and frame: whether the difference in energy to the next
band has grown since the last frame. J. Haitsma and T. Kalker, "A highly robust audio
fingerprinting system", ISMIR 2002.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import scipy.fft
from joblib import cpu_count
from numpy.lib.stride_tricks import sliding_window_view

from genre.corpus.audio import resample

SR = 5512  # Hz
FRAME = 2048  # samples: 0.37 s
HOP = 256  # samples: 46 ms
BANDS = np.geomspace(300.0, 2000.0, 34)  # Hz: the edges of 33 bands
BITS = len(BANDS) - 2
LONGEST = 60.0  # s: what is used of a track
OVERLAP = 10.0  # s: the shortest stretch that two tracks must have in common
SHORTEST = OVERLAP * SR / HOP  # frames
SAME = 0.35  # bit error rate below which it is the same recording, after Haitsma and Kalker
BLOCK = 32  # tracks that are compared with as many others at once: memory does not grow


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
    samples = resample(samples[: int(LONGEST * sr)], orig_sr=sr, target_sr=SR)
    if len(samples) < FRAME + HOP:
        return np.zeros((0, BITS), dtype=np.int8)
    frames = sliding_window_view(samples, FRAME)[::HOP] * np.hanning(FRAME).astype("f4")
    power = np.abs(scipy.fft.rfft(frames, axis=1)) ** 2
    edges = np.searchsorted(scipy.fft.rfftfreq(FRAME, 1 / SR), BANDS)
    energy = np.add.reduceat(power, edges, axis=1)[:, :-1]
    return np.sign(np.diff(np.diff(energy, axis=1), axis=0)).astype(np.int8)


def find_matches(
    fingerprints: Sequence[np.ndarray], *, new: Sequence[int] | None = None
) -> Iterator[Match]:
    """Compare tracks with every other, at every offset.

    Parameters
    ----------
    fingerprints : sequence of np.ndarray [shape=(frames, BITS), dtype=int8]
        What `fingerprint` gave for each track.
    new : sequence of int, optional
        Which tracks to compare with every other, in rising order; all, if not given.

    Yields
    ------
    Match
        Each pair of tracks that agree on at least `OVERLAP` seconds, at their best offset, in no
        order. It does not depend on the other tracks.
    """
    new = range(len(fingerprints)) if new is None else new
    known = sorted(set(range(len(fingerprints))).difference(new))
    lengths = np.array([len(bits) for bits in fingerprints])
    n_fft = scipy.fft.next_fast_len(2 * int(lengths.max(initial=1)), real=True)
    # Lag k is where frame 0 of the first track lies in the second.
    lags = np.arange(n_fft)
    lags[n_fft - n_fft // 2 :] -= n_fft
    least = 2 * BITS * (0.5 - SAME) * SHORTEST - 1  # of the score of a match, before rounding
    workers = cpu_count()
    new_blocks = _blocks(new)
    blocks = [*new_blocks, *_blocks(known)]
    for number, rows in enumerate(new_blocks):
        own = _spectra([fingerprints[k] for k in rows], n_fft, workers).conj()
        for columns in blocks[number:]:
            others = _spectra([fingerprints[k] for k in columns], n_fft, workers)
            products = own @ others.transpose(0, 2, 1)
            scores = scipy.fft.irfft(products, n=n_fft, axis=0, workers=workers)
            for row, column in np.argwhere(scores.max(axis=0) > least):
                first, second, shift = rows[row], columns[column], lags
                if columns is rows and first >= second:
                    continue
                if first > second:
                    first, second, shift = second, first, -lags
                yield from _match(first, second, scores[:, row, column], shift, lengths)


def _blocks(tracks: Sequence[int]) -> list[Sequence[int]]:
    """Cut a sequence into blocks."""
    return [tracks[k : k + BLOCK] for k in range(0, len(tracks), BLOCK)]


def _match(
    first: int, second: int, scores: np.ndarray, lags: np.ndarray, lengths: np.ndarray
) -> Iterator[Match]:
    """Give the match of two tracks, if their scores at all lags hold one."""
    ends = np.minimum(lengths[second] - lags, lengths[first])
    overlap = ends - np.maximum(-lags, 0)
    # A score is a sum of products of bits; what is not whole comes of the transform.
    rates = 0.5 - np.rint(scores) / (2 * BITS * np.maximum(overlap, 1))
    rates[overlap < SHORTEST] = 0.5
    best = np.lexsort((lags, rates))[0]
    if rates[best] < SAME:
        yield Match(first, second, float(lags[best] * HOP / SR), float(rates[best]))


def _spectra(fingerprints: Sequence[np.ndarray], n_fft: int, workers: int) -> np.ndarray:
    """Transform each bit of each fingerprint over time [shape=(n_fft // 2 + 1, tracks, BITS)]."""
    padded = np.zeros((n_fft, len(fingerprints), BITS), dtype=np.float32)
    for track, bits in enumerate(fingerprints):
        padded[: len(bits), track] = bits
    return scipy.fft.rfft(padded, axis=0, workers=workers)
