"""Recording conditions: what a microphone, a tape and a broadcast do to music."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Conditions:
    """The conditions of one recording.

    Attributes
    ----------
    tilt : float
        Slope of the equaliser in dB per octave around 1 kHz.
    cutoff : float
        Upper band limit in Hz, where the response is 3 dB down.
    noise : float
        Noise floor in dB below full scale.
    gain : float
        Peak level in dB; above 0 the recording clips.
    """

    tilt: float
    cutoff: float
    noise: float
    gain: float

    @classmethod
    def draw(cls, rng: np.random.Generator, *, tilt: tuple[float, float]) -> "Conditions":
        """Draw mild conditions, a clipped recording one time in eight.

        Parameters
        ----------
        rng : numpy.random.Generator
            Where chance comes from.
        tilt : (float, float)
            Range of the slope in dB per octave.
        """
        return cls(
            tilt=rng.uniform(*tilt),
            cutoff=rng.uniform(8000.0, 11000.0),
            noise=rng.uniform(-80.0, -60.0),
            gain=rng.uniform(0.0, 3.0) if rng.random() < 0.125 else rng.uniform(-9.0, -0.5),
        )


def record(
    samples: np.ndarray, sr: int, conditions: Conditions, rng: np.random.Generator
) -> np.ndarray:
    """Pass music through recording conditions.

    Parameters
    ----------
    samples : np.ndarray [shape=(n,)]
        Mono music.
    sr : int > 0
        Sample rate in Hz.
    conditions : Conditions
        What to apply.
    rng : numpy.random.Generator
        Where the noise comes from.

    Returns
    -------
    np.ndarray [shape=(n,), dtype=float32]
        The recording, in [-1, 1].
    """
    frequencies = np.fft.rfftfreq(len(samples), 1.0 / sr)
    octaves = np.log2(np.maximum(frequencies, 30.0) / 1000.0)
    # A fourth-order Butterworth magnitude; the phase stays untouched.
    response = 10.0 ** (conditions.tilt * octaves / 20.0)
    response /= np.sqrt(1.0 + (frequencies / conditions.cutoff) ** 8)
    filtered = np.fft.irfft(np.fft.rfft(samples) * response, len(samples))
    filtered *= 10.0 ** (conditions.gain / 20.0) / max(np.abs(filtered).max(), 1e-9)
    filtered += rng.standard_normal(len(filtered)) * 10.0 ** (conditions.noise / 20.0)
    return np.clip(filtered, -1.0, 1.0).astype(np.float32)
