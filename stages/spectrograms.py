"""Render a mel spectrogram picture of each track, or take the dataset's own."""

import functools
import shutil
from pathlib import Path

from genre import audio, pictures, spectrograms
from genre.cache import key
from genre.corpus.tracks import audio_file, picture_file, read_tracks
from genre.parallel import for_each
from genre.params import Params
from genre.splits import read_split
from stages import run

AUDIO = Path("data/audio")
DATASET = Path("data/dataset/images_original")
TARGET = Path("data/pictures/original")


def make(item: tuple[str, str], *, params: Params) -> bytes:
    """Draw the picture of one track, as a PNG file."""
    settings = params.spectrogram
    samples = audio.decode(audio_file(AUDIO, *item), sr=params.data.sr).samples
    decibels = spectrograms.mel_spectrogram(
        samples,
        sr=params.data.sr,
        n_fft=settings.n_fft,
        hop_length=settings.hop_length,
        n_mels=settings.n_mels,
        top_db=settings.top_db,
    )
    picture = spectrograms.draw(decibels, top_db=settings.top_db, colour_map=settings.colour_map)
    return pictures.encode(picture)


def main(params: Params) -> str:
    tracks = read_tracks(Path("data/tracks.csv"))
    split = read_split(Path("data/split.json"))
    tracks = tracks.loc[split.index]
    items = list(tracks["genre"].items())
    targets = [picture_file(TARGET / split[track], track, genre) for track, genre in items]
    for target in targets:
        target.parent.mkdir(parents=True, exist_ok=True)
    if params.spectrogram.source == "dataset":
        for item, target in zip(items, targets, strict=True):
            shutil.copyfile(picture_file(DATASET, *item), target)
        return f"{len(items)} pictures in {TARGET}, from the corpus"
    code = (make, audio, pictures, spectrograms)
    keys = [key(*code, sha256, params.data.sr, params.spectrogram) for sha256 in tracks["sha256"]]
    work = functools.partial(make, params=params)
    drawn = for_each(work, items, description="spectrograms", keys=keys)
    for png, target in zip(drawn, targets, strict=True):
        target.write_bytes(png)
    return f"{len(items)} pictures in {TARGET}"


if __name__ == "__main__":
    run(main)
