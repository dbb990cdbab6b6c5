"""The demo corpus: composed, played by sampled instruments, and recorded, without a network.

The instruments are those of the General MIDI sound font that the package `pretty_midi`
installs (TimGM6mb), played by `midirenderer` (the RustySynth synthesiser).
"""

import functools
import io
from pathlib import Path

import midirenderer
import numpy as np
import pretty_midi
import soundfile

from genre.corpus.audio import Audio, describe, resample
from genre.corpus.demo.composition import compose
from genre.corpus.demo.recording import Conditions, record
from genre.corpus.demo.styles import STYLES
from genre.corpus.tracks import Row
from genre.randomness import generator
from genre.work.folders import Made

LEAD_IN = 2.0  # seconds, at most, that are cut off the start, so that no track begins on the beat


@functools.cache
def _sound_font() -> bytes:
    return (Path(pretty_midi.__file__).parent / "TimGM6mb.sf2").read_bytes()


def play(score: pretty_midi.PrettyMIDI, *, sr: int) -> np.ndarray:
    """Play a score with sampled instruments.

    Parameters
    ----------
    score : pretty_midi.PrettyMIDI
        The music.
    sr : int > 0
        Sample rate in Hz.

    Returns
    -------
    np.ndarray [shape=(n,), dtype=float32]
        Mono samples, from the start of the score until its last note has ended.
    """
    midi = io.BytesIO()
    score.write(midi)
    wav = midirenderer.render_wave_from(_sound_font(), midi.getvalue())
    samples, native_sr = soundfile.read(io.BytesIO(wav), dtype="float32", always_2d=True)
    return resample(samples.mean(axis=1), orig_sr=native_sr, target_sr=sr)


def make_track(
    genre: str, rng: np.random.Generator, *, duration: float, sr: int, borrow: float
) -> np.ndarray:
    """Make one track of the demo corpus.

    Parameters
    ----------
    genre : str
        One of `genre.corpus.demo.styles.GENRES`.
    rng : numpy.random.Generator
        The track's own generator; the same generator gives the same samples.
    duration : float > 0
        Length in seconds.
    sr : int > 0
        Sample rate in Hz.
    borrow : float in [0, 1]
        How much the genres overlap; see `compose`.

    Returns
    -------
    np.ndarray [shape=(round(duration * sr),), dtype=float32]
        Mono samples in [-1, 1].
    """
    score = compose(genre, rng, duration=duration + LEAD_IN, borrow=borrow)
    start = int(rng.uniform(0.0, LEAD_IN) * sr)
    samples = play(score, sr=sr)[start : start + round(duration * sr)]
    samples = np.pad(samples, (0, round(duration * sr) - len(samples)))
    return record(samples, sr, Conditions.draw(rng, tilt=STYLES[genre].tilt), rng)


def make_file(
    genre: str,
    number: int,
    *,
    seed: int,
    duration: float,
    sr: int,
    borrow: float,
) -> Made[Row]:
    """Make a track as a 16-bit WAV file.

    Parameters
    ----------
    genre : str
        One of `genre.corpus.demo.styles.GENRES`.
    number : int >= 0
        Which of the genre's tracks.
    seed : int >= 0
        Seed of the corpus.
    duration, sr, borrow
        As for `make_track`.

    Returns
    -------
    (dict, dict)
        The track's row for the table of tracks, and its WAV file.
    """
    track = f"{genre}.{number:05d}"
    samples = make_track(
        genre, generator(seed, "demo", track), duration=duration, sr=sr, borrow=borrow
    )
    file = io.BytesIO()
    soundfile.write(file, samples, sr, subtype="PCM_16", format="WAV")
    wav = file.getvalue()
    samples, _ = soundfile.read(io.BytesIO(wav), dtype="float32")
    found = describe(Audio(samples, sr, 1), sr=sr)
    row: Row = {"track": track, "genre": genre, "source": f"{genre}/{track}.wav"}
    row |= {"file_duration": found["duration"], **found}
    return row, {f"{track}.wav": wav}
