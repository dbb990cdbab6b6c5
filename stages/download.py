"""Bring the corpus into data/, track by track, and list it in data/tracks.csv."""

import functools
import shutil
from pathlib import Path

import soundfile

from genre import audio
from genre.corpus import demo, folder
from genre.corpus.styles import GENRES
from genre.corpus.tracks import check_usable, write_tracks
from genre.errors import InputError
from genre.parallel import for_each
from genre.params import Data, Params
from genre.randomness import generator
from stages import run

AUDIO = Path("data/audio")
DATASET = Path("data/dataset")


def audio_path(track: str, genre: str) -> Path:
    return AUDIO / genre / f"{track}.wav"


def describe(track: str, genre: str, source: str, found: audio.Audio, data: Data) -> dict:
    return {
        "track": track,
        "genre": genre,
        "source": source,
        "sr": found.native_sr,
        "channels": found.channels,
        "samples": len(found.samples),
        "duration": round(len(found.samples) / data.sr, 3),
        "sha256": found.sha256(),
        "reason": audio.fault(found.samples, minimum=data.segment_length - 1),
    }


def make_demo_track(name: tuple[str, int], *, data: Data, seed: int) -> dict:
    genre, number = name
    track = f"{genre}.{number:05d}"
    samples = demo.make_track(
        genre,
        generator(seed, "demo", track),
        duration=data.demo.duration,
        sr=data.sr,
        borrow=data.demo.borrow,
    )
    path = audio_path(track, genre)
    soundfile.write(path, samples, data.sr, subtype="PCM_16")
    return describe(track, genre, path.name, audio.decode(path, sr=data.sr), data)


def import_track(source: folder.Source, *, root: Path, params: Params) -> dict:
    """Check one track of a folder, and copy what is of use."""
    data = params.data
    wants_picture = params.spectrogram.source == "dataset"
    file = (source.audio or source.picture).relative_to(root).as_posix()
    row = {"track": source.track, "genre": source.genre, "source": file, "reason": ""}
    if wants_picture and source.picture is None:
        row["reason"] = f"no picture in {folder.PICTURE_FOLDER}/"
    elif params.needs_audio:
        if source.audio is None:
            row["reason"] = "no audio"
        else:
            row |= import_audio(source, file, data)
    if wants_picture and not row["reason"]:
        target = DATASET / folder.PICTURE_FOLDER / source.genre
        target.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source.picture, target / folder.picture_name(source.track))
    return row


def import_audio(source: folder.Source, file: str, data: Data) -> dict:
    try:
        found = audio.decode(source.audio, sr=data.sr)
    except ValueError as error:
        return {"reason": str(error)}
    row = describe(source.track, source.genre, file, found, data)
    if not row["reason"]:
        target = audio_path(source.track, source.genre)
        if (source.audio.suffix.lower(), found.native_sr, found.channels) == (".wav", data.sr, 1):
            shutil.copyfile(source.audio, target)
        else:
            soundfile.write(target, found.samples, data.sr, subtype="FLOAT")
    return row


def copy_features(root: Path) -> None:
    for name in folder.FEATURE_FILES:
        if (root / name).is_file():
            shutil.copyfile(root / name, DATASET / name)


def main(params: Params) -> str:
    data = params.data
    DATASET.mkdir(parents=True, exist_ok=True)
    if data.source == "demo":
        names = [(genre, k) for genre in GENRES for k in range(data.demo.tracks_per_genre)]
        work = functools.partial(make_demo_track, data=data, seed=params.seed)
        genres = GENRES
    else:
        if data.path.resolve().is_relative_to(Path("data").resolve() / "audio"):
            raise InputError("data.path: data/audio is where tracks are copied to; name another")
        root = folder.find_root(data.path)
        names = folder.find_tracks(root, pictures=params.spectrogram.source == "dataset")
        work = functools.partial(import_track, root=root, params=params)
        genres = {source.genre for source in names}
        if params.features.source == "dataset":
            copy_features(root)
    AUDIO.mkdir(parents=True, exist_ok=True)
    for genre in genres:
        (AUDIO / genre).mkdir(exist_ok=True)
    rows = list(for_each(work, names, description=f"tracks of the {data.source} corpus"))
    table = write_tracks(rows, Path("data/tracks.csv"))
    check_usable(table, minimum=data.min_usable)
    usable = table[table["reason"] == ""]
    return f"{len(usable)} of {len(table)} tracks in {usable['genre'].nunique()} genres"


if __name__ == "__main__":
    run(main)
