"""Songs as people have them: long, from a telephone, in other codings, and broken."""

from pathlib import Path

import numpy as np
import soundfile

from genre.corpus.demo.performance import make_track
from genre.randomness import generator
from tests.conftest import SR
from tests.encoding import encode


def write_songs(folder: Path) -> None:
    """Write song.mp3 of four minutes, and songs/."""
    rng = generator(5, "songs")
    genres = ("jazz", "metal", "classical", "reggae")
    parts = [make_track(genre, rng, duration=60.0, sr=SR, borrow=0.0) for genre in genres]
    (folder / "songs").mkdir()
    soundfile.write(folder / "song.mp3", np.concatenate(parts), SR)
    soundfile.write(folder / "songs/telephone.wav", parts[0][: 16_000 * 8], 16_000)
    soundfile.write(folder / "songs/short song.mp3", parts[1][: SR * 7], SR)
    (folder / "songs/phone.m4a").write_bytes(encode(parts[2][: SR * 7], "ipod", "aac"))
