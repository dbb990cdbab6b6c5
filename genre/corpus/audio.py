"""Decode audio files, and say what is wrong with those that are of no use."""

import hashlib
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soxr

from genre.corpus.formats import decoders

SILENCE = 1e-4  # standard deviation below which a track counts as silent: -80 dB
LARGEST = 1e10  # no scale goes so far; of more, powers are infinite in single precision
FULL_SCALE = 0.999  # what a clipped sample reaches
RATES = (4_000, 400_000)  # Hz; a header that says another is broken
CLIPPED_RUN = 4  # samples in a row at full scale that make a clipped peak


@dataclass(frozen=True)
class Audio:
    """A decoded file.

    Attributes
    ----------
    samples : np.ndarray [shape=(n,), dtype=float32]
        Mono samples at the sample rate that was asked for.
    native_sr : int
        Sample rate of the file in Hz.
    channels : int
        Channels of the file.
    """

    samples: np.ndarray
    native_sr: int
    channels: int

    def sha256(self) -> str:
        """Checksum of the samples, whatever the container they came in."""
        return hashlib.sha256(self.samples.astype("<f4").tobytes()).hexdigest()


def decode(path: Path, *, sr: int) -> Audio:
    """Decode an audio file, mix it down to mono and resample it.

    Parameters
    ----------
    path : Path
        A file of any format in `genre.corpus.layout.EXTENSIONS`; its content decides which.
    sr : int > 0
        The sample rate wanted, in Hz. Other rates are resampled by soxr at high quality.

    Returns
    -------
    Audio
        The samples and what the file was.

    Raises
    ------
    ValueError
        If the file holds no audio, is cut off, or cannot be decoded; the message says why, and
        does not name the file.
    """
    mono, native_sr, channels = decoders.read(path)
    if not RATES[0] <= native_sr <= RATES[1]:
        raise ValueError(f"cannot be decoded: its header says {native_sr} Hz")
    if native_sr != sr and np.isfinite(mono).all():
        mono = resample(mono, orig_sr=native_sr, target_sr=sr)
    return Audio(mono, native_sr, channels)


def resample(samples: np.ndarray, *, orig_sr: int, target_sr: int) -> np.ndarray:
    """Resample audio by soxr at high quality.

    The samples are those of `librosa.resample`; a process that needs no more of librosa starts
    two seconds sooner without it.

    Parameters
    ----------
    samples : np.ndarray [shape=(n,)]
        Mono samples.
    orig_sr, target_sr : int > 0
        Their sample rate and the one wanted, in Hz.

    Returns
    -------
    np.ndarray [shape=(ceil(n * target_sr / orig_sr),)]
        The samples at the new rate.
    """
    length = math.ceil(len(samples) * (target_sr / orig_sr))
    resampled = soxr.resample(samples, orig_sr, target_sr, quality="HQ")[:length]
    return np.pad(resampled, (0, length - len(resampled)))


def too_short(samples: int, *, minimum: int) -> str:
    """Say that audio has fewer samples than are of use; nothing where it has enough."""
    return f"too short: {samples} samples of at least {minimum}" if samples < minimum else ""


def fault(samples: np.ndarray) -> str:
    """Say why audio is of no use, whatever its length.

    Parameters
    ----------
    samples : np.ndarray [shape=(n,)]
        Mono samples.

    Returns
    -------
    str
        The reason in a few words; empty where there is none.
    """
    if not np.isfinite(samples).all():
        return "holds values that are not finite"
    if np.abs(samples).max(initial=0) > LARGEST:
        return "holds values beyond any scale"
    if samples.std() < SILENCE:
        return "silent"
    return ""


def clipped(samples: np.ndarray) -> int:
    """Count the samples that lie in runs of at least `CLIPPED_RUN` at full scale."""
    full = np.concatenate([[False], np.abs(samples) >= FULL_SCALE, [False]])
    edges = np.flatnonzero(np.diff(full))
    runs = edges[1::2] - edges[::2]
    return int(runs[runs >= CLIPPED_RUN].sum())


def describe(found: Audio, *, sr: int) -> dict[str, object]:
    """Say what a file holds, for the table of tracks.

    Parameters
    ----------
    found : Audio
        A decoded file.
    sr : int > 0
        Sample rate of its samples in Hz.

    Returns
    -------
    dict
        "sr" and "channels" of the file; "samples", "duration" (seconds) and "sha256" of its
        samples; "clipped", how many of them lie in clipped peaks; "reason" why they are of no
        use, empty where they are.
    """
    return {
        "sr": found.native_sr,
        "channels": found.channels,
        "samples": len(found.samples),
        "duration": round(len(found.samples) / sr, 3),
        "sha256": found.sha256(),
        "clipped": clipped(found.samples),
        "reason": fault(found.samples),
    }
