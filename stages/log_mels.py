"""Compute the log-mel spectrogram of each track, at one loudness."""

import functools
from pathlib import Path

import numpy as np

from genre.corpus import audio
from genre.corpus.tracks import audio_file, have_audio, names_of, read_tracks
from genre.errors import InputError
from genre.features import log_mels, patches
from genre.params import Params
from genre.work.cache import key
from genre.work.parallel import for_each
from stages import run

NO_AUDIO = (
    "the corpus has no audio, from which models beyond the study are made: set beyond.networks, "
    "beyond.short_chunk, beyond.linear and beyond.transformer to []"
)
AUDIO = Path("data/audio")
TARGET = Path("data/log_mels")


def make(item: tuple[str, str], *, sr: int, loudness: float | None) -> np.ndarray:
    samples = audio.decode(audio_file(AUDIO, *item), sr=sr).samples
    return log_mels.make(samples, sr=sr, loudness=loudness)


def main(params: Params) -> str:
    tracks = read_tracks(Path("data/tracks.csv"))
    if not have_audio(tracks):
        if params.beyond.networks or params.beyond.short_chunk:
            raise InputError(NO_AUDIO)
        tracks = tracks.iloc[:0]
    items, sr = names_of(tracks["genre"]), params.data.sr
    loudness = params.patches.loudness
    keys = [key(make, sha256, sr, loudness) for sha256 in tracks["sha256"]]
    work = functools.partial(make, sr=sr, loudness=loudness)
    found = for_each(work, items, description="log-mel spectrograms", keys=keys)
    frames = np.array([patches.frames_of(n, sr=sr) for n in tracks["samples"]], dtype=int)
    log_mels.write(TARGET, tracks.index, frames, found)
    return f"log-mel spectrograms of {len(items)} tracks in {TARGET}"


if __name__ == "__main__":
    run(main)
