"""The picture versions and the split that GTZAN 2.0 brings."""

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
from PIL import Image

from tests.conftest import run_stage, write_params

PICTURE_VERSIONS = ("original", "cropped", "original_aug", "cropped_aug", "cropped_aug_inj")
SIDES = {"train": ("00000", "00001", "00002"), "val": ("00003",), "test": ("00004",)}
# The study's altered versions follow another split than the others.
OTHER_SIDES = {"train": ("00000", "00003", "00004"), "val": ("00001",), "test": ("00002",)}
ALTERED = ("original_aug", "cropped_aug", "cropped_aug_inj")


@pytest.fixture(scope="module")
def work(tmp_path_factory) -> Path:
    """A folder to run stages in, beside a small corpus in the layout of GTZAN 2.0."""
    tmp_path = tmp_path_factory.mktemp("versions")
    root = tmp_path / "corpus/Augmented_GTZAN"
    for number, version in enumerate(PICTURE_VERSIONS):
        sides = OTHER_SIDES if version in ALTERED else SIDES
        for side, tracks in sides.items():
            for genre in ("blues", "jazz"):
                folder = root / version / side / genre
                folder.mkdir(parents=True, exist_ok=True)
                for track in tracks:
                    copies = ("", "_1", "_2") if side == "train" and version in ALTERED else ("",)
                    for k, copy in enumerate(copies):
                        colour = (number * 40, int(track) * 10, k * 50)
                        Image.new("RGB", (48, 32), colour).save(
                            folder / f"{genre}{track}{copy}.png"
                        )
    for side, tracks in SIDES.items():
        names = [f"{genre}/{genre}{track}.png" for genre in ("blues", "jazz") for track in tracks]
        path = tmp_path / f"corpus/indices_{side}.json"
        path.write_text(json.dumps(list(enumerate(names))))
    write_params(
        tmp_path,
        {
            "data.source": "folder",
            "data.path": "corpus",
            "spectrogram.source": "dataset",
            "features.source": "dataset",
            "split.scheme": "dataset",
            "split.groups": "groups.csv",
        },
    )
    (tmp_path / "groups.csv").write_text("track,group\n")
    for stage in ("download", "check_corpus", "split", "spectrograms", "crop"):
        done = run_stage(tmp_path, stage)
        assert done.returncode == 0, done.stderr
    return tmp_path


def test_pictures_are_taken_as_they_are_on_the_side_of_the_split(work):
    for stage in (("augment", "original"), ("augment", "cropped"), ("inject_noise",)):
        done = run_stage(work, *stage)
        assert done.returncode == 0, done.stderr
        assert "from the corpus" in done.stderr
    split = json.loads((work / "data/split.json").read_text())
    assert split["test"] == ["blues.00004", "jazz.00004"]
    for version in PICTURE_VERSIONS:
        found = sorted((work / "data/pictures" / version).glob("*/*/*.png"))
        sides = OTHER_SIDES if version in ALTERED else SIDES
        for side, tracks in SIDES.items():
            for genre in ("blues", "jazz"):
                for track in tracks:
                    has_copies = version in ALTERED and track in sides["train"] and side == "train"
                    folder = work / "data/pictures" / version / side / genre
                    copies = sorted(folder.glob(f"{genre}{track}*.png"))
                    assert len(copies) == (3 if has_copies else 1), (version, track)
        for path in found:
            pattern = f"corpus/Augmented_GTZAN/{version}/*/{path.parent.name}/{path.name}"
            (source,) = work.glob(pattern)
            assert path.read_bytes() == source.read_bytes()


def test_a_version_that_lacks_a_picture_is_an_error(work, tmp_path):
    work = shutil.copytree(work, tmp_path / "work")
    (work / "data/dataset/Augmented_GTZAN/original_aug/test/jazz/jazz00002.png").unlink()
    done = run_stage(work, "augment", "original")
    assert done.returncode != 0
    assert "ERROR: data/dataset/Augmented_GTZAN/original_aug has no picture jazz00002.png" in (
        done.stderr
    )


def test_without_audio_the_corpus_is_counted_all_the_same(work):
    report = json.loads((work / "metrics/corpus.json").read_text())
    assert (report["tracks"], report["usable"]) == (10, 10)
    for name in ("exact_duplicates", "near_duplicates", "silent", "clipped", "short", "resampled"):
        assert report[name] == "not looked for"
    leaks = json.loads((work / "metrics/split.json").read_text())
    assert leaks["duplicates"] == {"across_sides": "not looked for", "pairs": []}
    assert pd.read_csv(work / "data/duplicates.csv").empty
