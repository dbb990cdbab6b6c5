import io
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import soundfile
from PIL import Image

from genre.corpus.excerpts import excerpt
from genre.params import load_params
from genre.pictures.spectrograms import BOX_HEIGHT, BOX_WIDTH, LEFT, TOP
from stages import spectrograms
from tests.conftest import SR, run_all_here, write_audio, write_params

DURATION = 6.0


@pytest.fixture(scope="module")
def work(tmp_path_factory, music) -> Path:
    """Two genres of tracks of several lengths, taken in for excerpts of 6 s."""
    folder = tmp_path_factory.mktemp("excerpts")
    excerpt_of = music[: int(DURATION * SR)].copy()
    excerpt_of[: SR // 10] *= 3 / np.abs(excerpt_of[: SR // 10]).max()  # the loudest comes first
    excerpt_of /= np.abs(excerpt_of).max()
    around = np.random.default_rng(0).normal(0, 0.3, 4 * SR).clip(-1, 1).astype("f4")
    tracks = {
        "whole": excerpt_of,
        "hardly longer": np.append(excerpt_of, around[: SR // 5]),
        "long": np.concatenate([around, excerpt_of, around]),
        "short": excerpt_of[: int(DURATION * SR / 2)],
        "hardly shorter": excerpt_of[: int(0.97 * DURATION * SR)],
    }
    for genre in ("jazz", "rock"):
        for name, samples in tracks.items():
            write_audio(folder / f"corpus/{genre}/{name}.wav", samples, subtype="FLOAT")
    settings = {"data.source": "folder", "data.path": "corpus", "data.duration": DURATION}
    write_params(folder, settings)
    run_all_here(folder, "download", "check_corpus")
    return folder


def samples_of(work: Path, track: str) -> np.ndarray:
    return soundfile.read(work / f"data/audio/jazz/jazz.{track}.wav", dtype="float32")[0]


@pytest.fixture
def picture_of(work, monkeypatch):
    """What the stage draws into the frame for a track."""
    monkeypatch.chdir(work)

    def draw(track: str) -> np.ndarray:
        _, files = spectrograms.make((f"jazz.{track}", "jazz"), params=load_params())
        (png,) = files.values()
        picture = np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))
        return picture[TOP : TOP + BOX_HEIGHT, LEFT : LEFT + BOX_WIDTH]

    return draw


def test_a_long_track_gives_its_middle(work):
    np.testing.assert_array_equal(samples_of(work, "long"), samples_of(work, "whole"))


@pytest.mark.parametrize("track", ["whole", "hardly longer", "hardly shorter", "short"])
def test_other_tracks_are_taken_as_they_are(work, track):
    taken = (work / f"data/audio/jazz/jazz.{track}.wav").read_bytes()
    assert taken == (work / f"corpus/jazz/{track}.wav").read_bytes()


def test_a_second_is_as_wide_in_the_picture_of_a_short_track(picture_of):
    short, whole = picture_of("short"), picture_of("whole")
    half = BOX_WIDTH // 2 - 3  # the last frames hold silence behind the end
    np.testing.assert_array_equal(short[:, :half], whole[:, :half])
    assert (short[:, half + 6 :] == [0, 0, 3]).all()  # magma's darkest
    filled = picture_of("hardly shorter")
    assert (filled[:, -4:] != [0, 0, 3]).any(axis=(0, 2)).all()


def test_lengths_are_listed_and_counted(work):
    table = pd.read_csv(work / "data/tracks.csv").set_index("track")
    assert dict(table.loc["jazz.long", ["file_duration", "duration"]]) == {
        "file_duration": 14.0, "duration": 6.0
    }  # fmt: skip
    report = json.loads((work / "metrics/corpus.json").read_text())
    assert (report["short"], report["only_the_middle"]) == (2, 2)


@pytest.mark.parametrize(("length", "kept"), [(90, 90), (100, 100), (105, 105), (106, 100)])
def test_a_track_is_cut_only_where_it_is_clearly_longer(length, kept):
    found = excerpt(np.arange(length), length=100)
    assert len(found) == kept
    assert found[0] + found[-1] in (length - 1, length - 2)  # as far from the start as the end


def test_real_tracks_are_taken_as_they_are(gtzan):
    for path in sorted((gtzan / "genres_original").glob("*/*.wav")):
        samples = soundfile.read(path)[0]
        assert len(excerpt(samples, length=30 * SR)) == len(samples)
