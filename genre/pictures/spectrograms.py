"""Audio to picture: the mel spectrogram inside GTZAN's white frame."""

import numpy as np

from genre.corpus.excerpts import shortest
from genre.pictures.frame import WHITE
from genre.work.uncompiled import librosa

# The geometry of GTZAN's own pictures, in px.
WIDTH, HEIGHT = 432, 288
LEFT, TOP = 54, 35
BOX_WIDTH, BOX_HEIGHT = 335, 217


def render(
    samples: np.ndarray,
    *,
    sr: int,
    length: int,
    n_fft: int,
    hop_length: int,
    n_mels: int,
    top_db: float,
    colour_map: str,
) -> np.ndarray:
    """Draw the picture of an excerpt.

    Parameters
    ----------
    samples : np.ndarray [shape=(n,)]
        Mono audio; what is shorter than an excerpt has silence behind it.
    length : int > 0
        Samples of an excerpt.
    sr, n_fft, hop_length, n_mels, top_db, colour_map
        As for `mel_spectrogram` and `draw`.

    Returns
    -------
    np.ndarray [shape=(288, 432, 3), dtype=uint8]
        The picture.
    """
    decibels = mel_spectrogram(
        samples, sr=sr, n_fft=n_fft, hop_length=hop_length, n_mels=n_mels, top_db=top_db
    )
    if len(samples) < shortest(length):
        decibels = extend(decibels, 1 + length // hop_length, top_db=top_db)
    return draw(decibels, top_db=top_db, colour_map=colour_map)


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
    decibels: np.ndarray = librosa.power_to_db(power, ref=np.max, top_db=top_db)
    return decibels


def extend(decibels: np.ndarray, frames: int, *, top_db: float) -> np.ndarray:
    """Put silence behind a short track, so that a second is as wide as in other pictures.

    Parameters
    ----------
    decibels : np.ndarray [shape=(n_mels, n)]
        Values from -top_db to 0.
    frames : int >= n
        The frames wanted.
    top_db : float > 0
        The range in dB.

    Returns
    -------
    np.ndarray [shape=(n_mels, frames)]
        The same, and -top_db behind it.
    """
    missing = frames - decibels.shape[1]
    return np.pad(decibels, [(0, 0), (0, missing)], constant_values=-top_db)


def draw(decibels: np.ndarray, *, top_db: float, colour_map: str) -> np.ndarray:
    """Draw a spectrogram in its white frame.

    Time goes to the right and frequency up. Each pixel of the box shows the frame and the band
    that its centre falls into, which is what `librosa.display.specshow(decibels, vmin=-top_db,
    vmax=0)` and matplotlib's `savefig` draw into axes of that box; where a centre falls between
    two, it is the one on the left or above.

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
    np.ndarray [shape=(288, 432, 3), dtype=uint8]
        The picture.
    """
    # They take half a second, which who draws nothing need not spend.
    from matplotlib import colormaps
    from matplotlib.colors import Normalize

    rows = _cells(decibels.shape[0], BOX_HEIGHT)
    columns = _cells(decibels.shape[1], BOX_WIDTH)
    level = Normalize(-top_db, 0.0)(decibels[::-1, columns])
    coloured = colormaps[colour_map](level, bytes=True)[..., :3]
    picture = np.full((HEIGHT, WIDTH, 3), WHITE, dtype=np.uint8)
    picture[TOP : TOP + BOX_HEIGHT, LEFT : LEFT + BOX_WIDTH] = coloured[rows]
    return picture


def _cells(count: int, pixels: int) -> np.ndarray:
    """Which of so many equal cells the centre of each pixel falls into."""
    return ((2 * np.arange(pixels) + 1) * count - 1) // (2 * pixels)
