"""Audio to picture: the mel spectrogram inside GTZAN's white frame."""

import librosa
import numpy as np
from matplotlib import colormaps
from PIL import Image

# The geometry of GTZAN's own pictures, in px.
WIDTH, HEIGHT = 432, 288
LEFT, TOP = 54, 35
BOX_WIDTH, BOX_HEIGHT = 335, 217
WHITE = 255


def mel_spectrogram(
    samples: np.ndarray, *, sr: int, n_fft: int, hop_length: int, n_mels: int, top_db: float
) -> np.ndarray:
    """Compute a mel spectrogram in dB.

    Parameters
    ----------
    samples : np.ndarray [shape=(n,)]
        Mono audio.
    sr : int > 0
        Sample rate in Hz.
    n_fft, hop_length : int > 0
        Frame length and distance in samples.
    n_mels : int > 0
        Mel bands, from 0 Hz to sr / 2.
    top_db : float > 0
        Range in dB.

    Returns
    -------
    np.ndarray [shape=(n_mels, frames)]
        Power in dB, from -top_db to 0, which is the loudest.
    """
    power = librosa.feature.melspectrogram(
        y=samples, sr=sr, n_fft=n_fft, hop_length=hop_length, n_mels=n_mels
    )
    return librosa.power_to_db(power, ref=np.max, top_db=top_db)


def draw(decibels: np.ndarray, *, top_db: float, colour_map: str) -> Image.Image:
    """Draw a spectrogram in its white frame.

    Time goes to the right and frequency up; the spectrogram is scaled to the box by averaging,
    in dB, before it is coloured.

    Parameters
    ----------
    decibels : np.ndarray [shape=(n_mels, frames)]
        Values from -top_db to 0.
    top_db : float > 0
        The range that the colours span, in dB.
    colour_map : str
        A colour map of matplotlib.

    Returns
    -------
    PIL.Image.Image [mode RGB, 432 x 288]
        The picture.
    """
    level = Image.fromarray((decibels[::-1] / top_db + 1.0).astype(np.float32))
    scaled = np.asarray(level.resize((BOX_WIDTH, BOX_HEIGHT), Image.Resampling.BILINEAR))
    coloured = colormaps[colour_map](np.clip(scaled, 0.0, 1.0), bytes=True)[..., :3]
    picture = np.full((HEIGHT, WIDTH, 3), WHITE, dtype=np.uint8)
    picture[TOP : TOP + BOX_HEIGHT, LEFT : LEFT + BOX_WIDTH] = coloured
    return Image.fromarray(picture)
