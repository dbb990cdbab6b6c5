"""The picture versions and the split that GTZAN 2.0 brings."""

import json
import os
import shutil
from pathlib import Path

import pandas as pd
import pytest
from PIL import Image

from genre.corpus.folder import Source, find_tracks
from genre.corpus.tracks import picture_file
from genre.errors import InputError
from genre.pictures import importing, versions
from tests.conftest import run_all_here, run_here, write_params

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
    Image.new("RGB", (48, 32)).save(root / "original_aug/train/jazz/jazz00099_1.png")
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
    run_all_here(tmp_path, "download", "check_corpus", "split", "spectrograms", "crop")
    return tmp_path


def test_pictures_are_taken_as_they_are_on_the_side_of_the_split(work):
    for stage in ("augment original", "augment cropped", "inject_noise"):
        assert "from the corpus" in run_all_here(work, stage)
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
    (work / "data/dataset/Augmented_GTZAN/original_aug/jazz/jazz00002/jazz00002.png").unlink()
    done = run_here(work, "augment", "original")
    assert done.returncode != 0
    assert "ERROR: data/dataset/Augmented_GTZAN/original_aug has no picture jazz00002.png" in (
        done.stderr
    )


def test_without_audio_the_corpus_is_counted_all_the_same(work):
    report = json.loads((work / "metrics/corpus.json").read_text())
    assert (report["tracks"], report["usable"]) == (10, 10)
    assert report["not_used"] == {"a picture of no track": 1}
    for name in ("exact_duplicates", "near_duplicates", "silent", "clipped", "short", "resampled"):
        assert report[name] == "not looked for"
    leaks = json.loads((work / "metrics/split.json").read_text())
    assert leaks["duplicates"] == {"across_sides": "not looked for", "pairs": []}
    assert pd.read_csv(work / "data/duplicates.csv").empty


def corpus_of(root: Path, pictures: list[str]) -> list[Source]:
    """Pictures of the genre rock, each of its own, in the layout of GTZAN 2.0; its tracks."""
    for number, picture in enumerate(pictures):
        path = root / "Augmented_GTZAN" / picture
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (48, 32), (number, 0, 0)).save(path)
    return find_tracks(root, pictures=True)


def test_versions_of_tracks_of_any_name_are_taken(tmp_path, monkeypatch):
    names = ("Song 2", "Song 21", "take", "take_1", "rock00007")
    copies = ("Song 2_1", "take_1", "take_2", "take_1_1", "rock00007b", "take 9", "Song")
    root, dataset = tmp_path / "corpus", tmp_path / "dataset"
    sources = corpus_of(
        root,
        [f"original/train/rock/{name}.png" for name in names]
        + [f"cropped/test/rock/{name}.png" for name in names]
        + [f"cropped/train/rock/{name}.png" for name in copies if name not in names],
    )
    strange = importing.import_versions(sources, root, dataset)
    assert sorted(path.stem for path in strange) == ["Song", "take 9"]
    monkeypatch.setattr(versions, "DATASET", dataset)
    like = tmp_path / "like"
    for source in sources:
        importing.import_picture(source, root, dataset)
        place = like / ("test" if source.track == "rock.take" else "train")
        path = picture_file(place, source.track, source.genre)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    assert versions.take("cropped", like, tmp_path / "taken") == 8
    found = {
        path.relative_to(tmp_path / "taken").as_posix(): path.read_bytes()
        for path in (tmp_path / "taken").rglob("*.png")
    }
    taken = {
        "test/rock/rock.take.png": "test/rock/take",
        "train/rock/rock.Song 2.png": "test/rock/Song 2",
        "train/rock/rock.Song 2_1.png": "train/rock/Song 2_1",
        "train/rock/rock.Song 21.png": "test/rock/Song 21",
        "train/rock/rock.take_1_.png": "test/rock/take_1",
        "train/rock/rock.take_1__1.png": "train/rock/take_1_1",
        "train/rock/rock00007.png": "test/rock/rock00007",
        "train/rock/rock00007b.png": "train/rock/rock00007b",
    }
    cropped = root / "Augmented_GTZAN/cropped"
    assert found == {name: (cropped / f"{of}.png").read_bytes() for name, of in taken.items()}


def test_two_files_of_one_picture_are_an_error(tmp_path):
    pictures = [
        f"{place}/rock/a.png" for place in ("original/train", "cropped/test", "cropped/val")
    ]
    sources = corpus_of(tmp_path, pictures)
    with pytest.raises(InputError, match=r"test/rock/a.png and .*val/rock/a.png are one picture"):
        importing.import_versions(sources, tmp_path, tmp_path / "dataset")


def test_the_umask_says_who_may_read_what_a_corpus_brings(tmp_path):
    sources = corpus_of(tmp_path, ["original/train/rock/a.png", "cropped/train/rock/a.png"])
    for path in (tmp_path / "Augmented_GTZAN").rglob("*"):
        path.chmod(0o500 if path.is_dir() else 0o400)
    importing.import_versions(sources, tmp_path, tmp_path / "dataset")
    copied = tmp_path / "dataset/Augmented_GTZAN/cropped/rock/rock.a/rock.a.png"
    mask = os.umask(0)
    os.umask(mask)
    assert copied.stat().st_mode & 0o777 == 0o666 & ~mask
    assert copied.parents[2].stat().st_mode & 0o777 == 0o777 & ~mask
