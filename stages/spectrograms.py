"""Render a mel spectrogram picture of each track, or take the dataset's own."""

import functools
import shutil
from pathlib import Path

from genre import pictures, spectrograms
from genre.audio import decode
from genre.corpus.tracks import audio_file, picture_file, read_tracks
from genre.parallel import for_each
from genre.params import Params
from genre.splits import read_split
from stages import run

AUDIO = Path("data/audio")
DATASET = Path("data/dataset/images_original")
TARGET = Path("data/pictures/original")


def make(item: tuple[str, str, str], *, params: Params) -> None:
    track, genre, split = item
    target = picture_file(TARGET / split, track, genre)
    target.parent.mkdir(parents=True, exist_ok=True)
    settings = params.spectrogram
    if settings.source == "dataset":
        shutil.copyfile(picture_file(DATASET, track, genre), target)
        return
    audio = decode(audio_file(AUDIO, track, genre), sr=params.data.sr)
    decibels = spectrograms.mel_spectrogram(
        audio.samples,
        sr=params.data.sr,
        n_fft=settings.n_fft,
        hop_length=settings.hop_length,
        n_mels=settings.n_mels,
        top_db=settings.top_db,
    )
    picture = spectrograms.draw(decibels, top_db=settings.top_db, colour_map=settings.colour_map)
    pictures.save(picture, target)


def main(params: Params) -> str:
    tracks = read_tracks(Path("data/tracks.csv"))
    split = read_split(Path("data/split.json"))
    items = [(track, tracks["genre"][track], name) for track, name in split.items()]
    work = functools.partial(make, params=params)
    made = sum(1 for _ in for_each(work, items, description="spectrograms"))
    return f"{made} pictures in {TARGET}"


if __name__ == "__main__":
    run(main)
