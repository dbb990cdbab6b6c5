"""Bring sound to one loudness, so that a recording's level does not matter."""

import numpy as np

SILENCE = -70.0  # LUFS; the standard's gate, under which it takes a sound for silence
_BLOCK = 0.4  # s; what the standard measures at once


def loudness(samples: np.ndarray, *, sr: int) -> float:
    """Measure the integrated loudness of a sound.

    The measure is that of ITU-R BS.1770-4, as `pyloudnorm` computes it (Steinmetz and Reiss,
    "pyloudnorm: a simple yet flexible loudness meter in Python", AES 2021), but for the gate at
    -70 LUFS: it is applied to the sound at full scale, so that twice the amplitude is always 6 dB
    more. A sound shorter than a block of 0.4 s is measured as if it were repeated.

    Parameters
    ----------
    samples : np.ndarray [shape=(n,)], n > 0
        Mono audio.
    sr : int > 0
        Sample rate in Hz.

    Returns
    -------
    float
        Loudness in LUFS; minus infinity where every sample is 0.
    """
    import pyloudnorm  # it takes a second, which who only reads spectrograms need not spend

    peak = float(np.abs(samples).max())
    if peak == 0.0:
        return -np.inf
    full = samples.astype(np.float64) / peak
    block = int(np.ceil(_BLOCK * sr))
    if len(full) < block:
        full = np.resize(full, block)
    measured = float(pyloudnorm.Meter(sr).integrated_loudness(full))
    return measured + 20.0 * float(np.log10(peak))


def normalise(samples: np.ndarray, *, sr: int, target: float) -> np.ndarray:
    """Bring a sound to a loudness.

    What is below `SILENCE` stays as it is: it is the noise of a converter, or next to nothing,
    and would be noise as loud as music. Samples may exceed 1; they are not clipped.

    Parameters
    ----------
    samples : np.ndarray [shape=(n,)], n > 0
        Mono audio.
    sr : int > 0
        Sample rate in Hz.
    target : float
        The loudness wanted, in LUFS.

    Returns
    -------
    np.ndarray [shape=(n,), dtype=float32]
        The samples, all times the same factor.
    """
    measured = loudness(samples, sr=sr)
    gain = 0.0 if measured < SILENCE else target - measured
    return np.asarray(samples * 10.0 ** (gain / 20.0), dtype=np.float32)
