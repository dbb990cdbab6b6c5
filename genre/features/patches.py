"""Audio to the log-mel patches of three seconds that musicnn takes.

The constants are those of the package (Pons and Serra, "musicnn: pre-trained convolutional neural
networks for music audio tagging", ISMIR 2019, late-breaking demo).
"""

import math

import numpy as np
from scipy.sparse import csr_array

from genre.corpus.audio import resample
from genre.features.loudness import normalise
from genre.work.uncompiled import librosa

SR = 16_000  # Hz
N_FFT = 512  # samples
HOP_LENGTH = 256  # samples
N_MELS = 96
FRAMES = 187  # of a patch


def frames_of(samples: int, *, sr: int) -> int:
    """How many frames the log-mel spectrogram of so many samples has."""
    return 1 + math.ceil(samples * (SR / sr)) // HOP_LENGTH


def patches_of(samples: int, *, sr: int) -> int:
    """How many patches an excerpt of so many samples has."""
    return max(frames_of(samples, sr=sr) // FRAMES, 1)


def log_mel(samples: np.ndarray, *, sr: int, loudness: float | None) -> np.ndarray:
    """Compute the log-mel spectrogram of a sound.

    It is log10(10000 S + 1) of librosa's mel spectrogram S, so that level matters: it is that of a
    sound which was brought to one loudness before.

    Parameters
    ----------
    samples : np.ndarray [shape=(n,)]
        Mono audio of at least 32 ms.
    sr : int > 0
        Its sample rate in Hz.
    loudness : float, optional
        What the sound is brought to first, in LUFS; None leaves it as it is. Silence stays
        silence, see `genre.features.loudness`.

    Returns
    -------
    np.ndarray [shape=(frames, N_MELS), dtype=float32]
        Time first; `frames_of` tells how many.

    Raises
    ------
    ValueError
        If the audio is too short, or holds a value that is not finite.
    """
    sound = resample(samples, orig_sr=sr, target_sr=SR) if sr != SR else samples
    if len(sound) < N_FFT:
        raise ValueError(f"{len(sound)} samples are too few: a frame has {N_FFT}")
    if not np.isfinite(sound).all():
        raise ValueError("the audio holds values that are not finite")
    if loudness is not None:
        sound = normalise(sound, sr=SR, target=loudness)
    power = np.abs(librosa.stft(sound, n_fft=N_FFT, hop_length=HOP_LENGTH)) ** 2
    # Most of a filter is 0; and a sparse product is, bit for bit, the same on any number of cores.
    filters = csr_array(librosa.filters.mel(sr=SR, n_fft=N_FFT, n_mels=N_MELS))
    compressed: np.ndarray = np.log10(10_000.0 * (filters @ power) + 1.0)
    return np.ascontiguousarray(compressed.T, dtype=np.float32)


def cut(frames: np.ndarray, *, stride: int = 1) -> np.ndarray:
    """Cut a spectrogram into patches that do not overlap.

    What is left behind the last whole patch is dropped. What is shorter than one patch is
    repeated until it fills one.

    Parameters
    ----------
    frames : np.ndarray [shape=(n, N_MELS)], n > 0
        A log-mel spectrogram.
    stride : int > 0
        Keep the first of so many patches.

    Returns
    -------
    np.ndarray [shape=(k, FRAMES, N_MELS)], k > 0
        The patches, in the order of time.
    """
    if len(frames) < FRAMES:
        frames = np.resize(frames, (FRAMES, frames.shape[1]))
    count = len(frames) // FRAMES
    return frames[: count * FRAMES].reshape(count, FRAMES, -1)[::stride]
