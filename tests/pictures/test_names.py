"""Tracks of any name, from their audio to the pictures that the CNNs read."""

import numpy as np
import pandas as pd
import pytest

from genre.corpus.tracks import audio_file, names_of, picture_file, write_tracks
from genre.pictures import frame, png
from genre.pictures.inputs import stack
from genre.splitting.splits import write_split
from tests.conftest import SR, run_all_here, sine, write_audio, write_params

# Names that copies of others have or nearly have, and alphabets and characters of all kinds.
TRACKS = {
    "rock": ["00001", "1", "1_1", "1_noise", "1_1_noise", "1_", "Song 2", "Song 2.wav", "a.png"],
    "drum & bass": ["a", "a.b", "#1 'hit' [live] {x} 100 %, $HOME", "~a", "-a", "."],
    "1980": ["track", "1", "10"],
    "198": ["01"],
    "NA": ["1"],
    "Música": ["ñ"],
    "爵士": ["歌", "1"],
}
VERSIONS = {"original": 1, "cropped": 1, "original_aug": 3, "cropped_aug": 3, "cropped_aug_inj": 6}
STAGES = ["spectrograms", "crop", "augment original", "augment cropped", "inject_noise"]


@pytest.fixture(scope="module")
def work(tmp_path_factory):
    folder = tmp_path_factory.mktemp("names")
    write_params(folder, {})
    rows, split = [], {"train": [], "val": [], "test": []}
    for k, (genre, stems) in enumerate(TRACKS.items()):
        for j, stem in enumerate(stems):
            # What two genres hold may be the same; two tracks of one do not.
            samples = sine(220.0 + 40 * j, 3.2)
            track = f"{genre}.{stem}"
            write_audio(audio_file(folder / "data/audio", track, genre), samples, sr=SR)
            rows.append({"track": track, "genre": genre, "sha256": f"{j}", "reason": ""})
            split["train" if k < 5 else "val" if k < 6 else "test"].append(track)
    (folder / "data/dataset").mkdir()
    tracks = write_tracks(rows, folder / "data/tracks.csv").set_index("track")
    write_split(split, folder / "data/split.json", scheme="file", seed=0)
    run_all_here(folder, *STAGES)
    return folder, names_of(tracks["genre"]), {t: side for side in split for t in split[side]}


@pytest.mark.parametrize("version", VERSIONS)
def test_every_track_has_its_pictures_in_every_version(work, version):
    folder, tracks, side = work
    pictures = folder / "data/pictures" / version
    copies = VERSIONS[version]
    expected = sum(copies if side[track] == "train" else 1 for track, _ in tracks)
    assert len(list(pictures.glob("*/*/*.png"))) == expected
    own = [picture_file(pictures / side[track], track, genre) for track, genre in tracks]
    shown = stack(own, folder / "stack.npy", size=(32, 48), colour="rgb")
    originals = folder / "data/pictures/original"
    for (track, genre), found in zip(tracks, shown, strict=True):
        original = png.load(picture_file(originals / side[track], track, genre))
        picture = frame.crop(original) if "cropped" in version else original
        path = folder / "expected.png"
        path.write_bytes(png.encode(picture))
        np.testing.assert_array_equal(
            found, stack([path], folder / "one.npy", size=(32, 48), colour="rgb")[0]
        )


def test_what_was_kept_of_one_is_not_taken_for_another(work):
    folder, _, _ = work
    before = pd.Series({p: p.stat().st_mtime_ns for p in folder.glob("data/pictures/*/*/*/*.png")})
    run_all_here(folder, *STAGES)
    after = {path: path.stat().st_mtime_ns for path in folder.glob("data/pictures/*/*/*/*.png")}
    assert (before == pd.Series(after)).all()
