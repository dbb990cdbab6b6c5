"""Render a mel spectrogram picture of each track, or take the dataset's own."""

import functools
from pathlib import Path

from genre.corpus import audio
from genre.corpus.excerpts import excerpt_length
from genre.corpus.tracks import audio_file, file_name, names_of, picture_file, read_tracks
from genre.params import Params
from genre.pictures import png, spectrograms
from genre.splitting.splits import read_split
from genre.work.cache import key
from genre.work.folders import Made, fill, fill_with_copies
from stages import run

AUDIO = Path("data/audio")
DATASET = Path("data/dataset/images_original")
TARGET = Path("data/pictures/original")


def make(item: tuple[str, str], *, params: Params) -> Made[None]:
    """Draw the picture of one track, as a PNG file."""
    sr = params.data.sr
    samples = audio.decode(audio_file(AUDIO, *item), sr=sr).samples
    length = excerpt_length(params.data.duration, sr)
    settings = params.spectrogram.model_dump(exclude={"source"})
    picture = spectrograms.render(samples, sr=sr, length=length, **settings)
    return None, {picture_file(TARGET, *item).name: png.encode(picture)}


def main(params: Params) -> str:
    tracks = read_tracks(Path("data/tracks.csv"))
    split = read_split(Path("data/split.json"))
    tracks = tracks.loc[split.index]
    items = names_of(tracks["genre"])
    places = [f"{split[track]}/{file_name(genre)}" for track, genre in items]
    if params.spectrogram.source == "dataset":
        sources = [picture_file(DATASET, *item) for item in items]
        count = fill_with_copies(TARGET, sources, places, description="spectrograms")
        return f"{count} pictures in {TARGET}, from the corpus"
    settings = (params.data.sr, params.data.duration, params.spectrogram)
    keys = [
        key(make, item, sha256, *settings)
        for item, sha256 in zip(items, tracks["sha256"], strict=True)
    ]
    work = functools.partial(make, params=params)
    fill(TARGET, work, items, keys, places, description="spectrograms")
    return f"{len(items)} pictures in {TARGET}"


if __name__ == "__main__":
    run(main)
