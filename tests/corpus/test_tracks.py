import itertools
from pathlib import Path

import pandas as pd
import pytest

from genre.corpus.tracks import check_name, is_gtzan, picture_file, read_all_tracks, write_tracks
from genre.errors import InputError
from tests.conftest import run_stage, sine, write_audio, write_params

PARTS = ("1", "01", "noise", "_", "a", ".", " ")


def test_no_picture_and_no_copy_has_the_name_of_another():
    stems = ["".join(parts) for k in (1, 2, 3, 4) for parts in itertools.product(PARTS, repeat=k)]
    tracks = {f"{genre}.{stem}": genre for genre in ("a", "a1", "a 1", "a_1") for stem in stems}
    names = [picture_file(Path(), track, genre).stem for track, genre in tracks.items()]
    copies = [f"{name}{end}" for name in names for end in ("_1", "_01", "_noise", "_1_noise")]
    assert len({*names, *copies}) == 5 * len(tracks)


@pytest.mark.parametrize(
    ("track", "name"),
    [
        ("blues.00003", "blues00003"),
        ("rock.Song 2", "rock.Song 2"),
        ("drum & bass.a.b", "drum & bass.a.b"),
        ("1980.1", "1980.1"),
        ("rock.take_1", "rock.take_1_"),
    ],
)
def test_a_picture_is_called_as_gtzans_are_or_as_its_track(track, name):
    genre = track.split(".")[0]
    assert picture_file(Path("a"), track, genre) == Path(f"a/{genre}/{name}.png")


def test_a_name_that_its_pictures_could_not_have_is_refused():
    file = Path("rock/a.wav")
    check_name("rock." + "歌" * 78, "rock", file)
    with pytest.raises(InputError, match=r"rock/a.wav: its name is 2 bytes too long: rename it"):
        check_name("rock." + "歌" * 78 + "abcd", "rock", file)
    with pytest.raises(InputError, match="a genre cannot be called split: rename its folder"):
        check_name("split.a", "split", file)


def test_names_that_look_like_something_else_are_read_as_they_are(tmp_path):
    names = [("1980.10", "1980"), ("NA.1", "NA"), ("1e5.x", "1e5"), ("None.x", "None")]
    rows = [
        {"track": track, "genre": genre, "sha256": "12e4", "reason": ""} for track, genre in names
    ]
    write_tracks(rows, tmp_path / "tracks.csv")
    table = read_all_tracks(tmp_path / "tracks.csv")
    assert list(zip(table["track"], table["genre"], strict=True)) == names
    assert set(table["sha256"]) == {"12e4"}
    assert table["reason"].isna().all()


def test_such_a_name_stops_the_download(tmp_path):
    write_audio(tmp_path / f"corpus/rock/{'歌' * 80}.wav", sine(440.0, 3.1))
    write_params(tmp_path, {"data.source": "folder", "data.path": "corpus"})
    done = run_stage(tmp_path, "download")
    assert done.returncode == 1
    assert "歌.wav: its name is 4 bytes too long: rename it" in done.stderr
    assert not (tmp_path / "data/audio").exists()


@pytest.mark.parametrize(
    ("source", "tracks", "expected"),
    [
        ("folder", ["blues.00000", "rock.00099"], True),
        ("gtzan", ["jazz.00053"], True),
        ("demo", ["blues.00000", "rock.00019"], False),
        ("folder", ["blues.00000", "blues.my song"], False),
        ("folder", ["blues.00100"], False),
        ("folder", ["salsa.00000"], False),
        ("folder", [], False),
    ],
)
def test_gtzan_is_known_by_its_names_and_the_demo_corpus_is_not_gtzan(source, tracks, expected):
    assert is_gtzan(source, pd.Index(tracks)) == expected
