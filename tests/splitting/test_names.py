"""Tracks of any name through groups, lists and the split stage."""

import json

import pandas as pd
import pytest

from genre.errors import InputError
from genre.splitting.names import Names
from tests.conftest import run_all_here, sine, write_audio, write_params

# Files of a corpus that is not GTZAN, and the tracks that they are.
FILES = {
    "jazz/Take 5.wav": "jazz.Take 5",
    "jazz/jazz.00003.wav": "jazz.00003",
    "jazz/04 - So What (live).flac": "jazz.04 - So What (live)",
    "rock/fma000123.ogg": "rock.fma000123",
    "rock/Song 2.wav": "rock.Song 2",
    "rock/Mr. Roboto.wav": "rock.Mr. Roboto",
    "rock/1999.wav": "rock.1999",
    "rock/01.wav": "rock.01",
    "jazz/01.wav": "jazz.01",
}
GTZAN = {"genres_original/blues/blues.00007.au": "blues.00007"}


def table(files: dict[str, str]) -> pd.DataFrame:
    rows = [(track, track.partition(".")[0], file) for file, track in files.items()]
    return pd.DataFrame(rows, columns=["track", "genre", "source"]).set_index("track")


# Files of corpora of other people, and the tracks and genres that they are.
OTHERS = {
    "Rock/Queen/Live/01.mp3": ("rock.Queen.Live.01", "rock"),
    "Rock/Queen/Studio/01.mp3": ("rock.Queen.Studio.01", "rock"),
    "Mu\u0301sica/NA.mp3": ("M\u00fasica.NA", "M\u00fasica"),
    "1980/01.wav": ("1980.01", "1980"),
    "000/000002.mp3": ("Folk_Rock.000.000002-1a2b3c4d", "Folk/Rock"),
    "Rock ballads/x.mp3": ("Pop songs.Rock ballads.x", "Pop songs"),
}


def test_tracks_of_other_corpora_are_known_by_their_files():
    rows = [(track, genre, file) for file, (track, genre) in OTHERS.items()]
    names = Names(pd.DataFrame(rows, columns=["track", "genre", "source"]).set_index("track"))
    for file, (track, _) in OTHERS.items():
        stem = file.rpartition(".")[0]
        for name in (track, file, stem, f"elsewhere/{file}", stem.replace("u\u0301", "\u00fa")):
            assert names.find(name) == track
    assert names.find("Live/01.mp3") == "rock.Queen.Live.01"
    assert names.find("000002") == "Folk_Rock.000.000002-1a2b3c4d"
    assert names.find("1980/01") == "1980.01"
    assert names.find("1980/000002") is None
    assert names.find("2") == names.find("000/2.mp3") == "Folk_Rock.000.000002-1a2b3c4d"
    # What is in another folder of the genre is another song.
    assert names.find("music/Rock/Abba/Live/01.mp3") is None
    assert names.find("Rock/Live/01.mp3") == "rock.Queen.Live.01"
    with pytest.raises(InputError, match="01: 3 tracks go by this name"):
        names.find("01")


@pytest.fixture
def names() -> Names:
    return Names(table(FILES | GTZAN))


@pytest.mark.parametrize(("file", "track"), (FILES | GTZAN).items())
def test_a_track_is_known_by_its_own_name_and_by_its_file(names, file, track):
    stem = file.rpartition(".")[0]
    for name in (track, file, stem, f"{stem}.mp3", f" {file}\r", file.replace("/", "\\")):
        assert names.find(name) == track
    folder = file.split("/")[-2]
    assert names.find(f"somewhere/else/{folder.upper()}/{stem.rpartition('/')[2]}.wav") == track


@pytest.mark.parametrize(
    ("name", "track"),
    [
        ("Take 5", "jazz.Take 5"), ("Take 5.wav", "jazz.Take 5"), ("1999", "rock.1999"),
        ("fma000123.mp3", "rock.fma000123"), ("Mr. Roboto", "rock.Mr. Roboto"),
    ],
)  # fmt: skip
def test_a_file_name_alone_is_enough_where_no_other_track_has_it(names, name, track):
    assert names.find(name) == track


@pytest.mark.parametrize(
    "name",
    ["blues00007.png", "blues/blues00007.png", "blues.00007.wav", "Blues.00007.wav", "blues/00007",
     "BLUES/BLUES.00007.WAV", "Blues/blues00007"],
)  # fmt: skip
def test_gtzans_tracks_are_known_however_they_are_written(names, name):
    assert names.find(name) == "blues.00007"


@pytest.mark.parametrize(
    ("name", "track"),
    [
        ("jazz.Take 5.png", "jazz.Take 5"), ("jazz/jazz.Take 5.png", "jazz.Take 5"),
        ("wavs/Take 5.wav", "jazz.Take 5"), ("a/b/rock.fma000123.png", "rock.fma000123"),
    ],
)  # fmt: skip
def test_pictures_and_files_elsewhere_name_tracks_of_any_name(names, name, track):
    assert names.find(name) == track


def test_the_whole_path_tells_files_of_one_name_apart():
    names = Names(table({"jazz/a/x.wav": "jazz.1", "jazz/b/x.wav": "jazz.2"}))
    assert [names.find(f"jazz/{k}/x.wav") for k in "ab"] == ["jazz.1", "jazz.2"]
    with pytest.raises(InputError, match="2 tracks go by this name"):
        names.find("x.wav")


def test_the_ending_tells_files_of_one_name_apart():
    """As where a converter has left `x.mp3.wav` beside `x.mp3`."""
    files = {"jazz/x.mp3": "jazz.x-1", "jazz/x.wav": "jazz.x-2", "jazz/x.mp3.wav": "jazz.x.mp3"}
    names = Names(table(files))
    for file, track in files.items():
        for name in (file, f"elsewhere/{file}", file.removeprefix("jazz/")):
            assert names.find(name) == track
    with pytest.raises(InputError, match="2 tracks go by this name"):
        names.find("jazz/x.flac")


def test_a_number_is_known_without_its_zeros_but_rather_as_it_is():
    names = Names(
        table({"rock/01.wav": "rock.01", "rock/1.wav": "rock.1", "rock/02.wav": "rock.2"})
    )
    assert [names.find(name) for name in ("01", "1", "2", "0002")] == [
        "rock.01", "rock.1", "rock.2", "rock.2",
    ]  # fmt: skip


def test_a_tracks_own_name_comes_before_all_else():
    names = Names(table({"rock/01.wav": "rock.01", "jazz/rock.01.wav": "jazz.rock.01"}))
    assert names.find("rock.01") == "rock.01"
    assert names.find("jazz/rock.01.wav") == "jazz.rock.01"


def test_a_name_of_two_tracks_needs_its_folder(names):
    with pytest.raises(InputError, match=r"list: 01\.wav: 2 tracks go by this name, jazz.01 and"):
        names.find_all(["01.wav"], where="list")
    assert names.find("rock/01.wav") == "rock.01"


@pytest.mark.parametrize("name", ["blues.00008", "Take", "rock/Take 5.wav", "fma00012", ""])
def test_a_name_of_no_track_is_none(names, name):
    assert names.find(name) is None


def test_names_of_no_track_are_counted(names, caplog):
    found = names.find_all(["Take 5", "Take 6", "1998"], where="my list")
    assert found == {"Take 5": "jazz.Take 5"}
    assert "my list: 2 of 3 names are of no track of the corpus" in caplog.text
    assert "the first: Take 6" in caplog.text


@pytest.fixture
def work(tmp_path):
    """A folder in which a corpus of such names has been taken in, two tracks an artist."""
    for number, genre in enumerate(("jazz", "rock")):
        for k in range(10):
            name = ("fma{:06d}", "Song {}", "Take {}.5", "{:02d} - Nr. {}")[k % 4].format(k, k)
            write_audio(tmp_path / f"corpus/{genre}/{name}.wav", sine(220 + 40 * k + number, 4.0))
    files = sorted((tmp_path / "corpus").rglob("*.wav"))
    rows = [f'"{f.parent.name}/{f.name}",artist {f.parent.name} {k // 2}' for k, f in
            enumerate(files)]  # fmt: skip
    (tmp_path / "groups.csv").write_text("\n".join(["track,group", *rows, "nobody,artist x"]))
    return tmp_path


def split(work, changes: dict[str, object]) -> tuple[dict, dict, str]:
    """The split, what leaks, and what was said, of a corpus that is taken from its folder."""
    settings = {"data.source": "folder", "data.path": "corpus", "split.groups": "groups.csv"}
    write_params(work, {**settings, "split.val": 0.25, **changes})
    said = run_all_here(work, "download", "check_corpus", "split")
    read = [json.loads((work / p).read_text()) for p in ("data/split.json", "metrics/split.json")]
    return *read, said


def artist_of(work) -> dict[str, str]:
    groups = pd.read_csv(work / "groups.csv").set_index("track")["group"]
    tracks = pd.read_csv(work / "data/tracks.csv")
    return {row.track: groups[row.source] for row in tracks.itertuples()}


def test_artists_of_tracks_of_any_name_stay_on_one_side(work):
    found, leaks, said = split(work, {"split.scheme": "grouped"})
    artists = artist_of(work)
    sides = [{artists[track] for track in found[side]} for side in ("train", "val", "test")]
    assert sum(map(len, sides)) == len(set(artists.values())) == 10
    assert not sides[0] & sides[1] and not sides[0] & sides[2] and not sides[1] & sides[2]
    assert leaks["groups"]["tracks_with_a_group"] == 20
    assert leaks["groups"]["shared_by_train_and_test"] == 0
    assert "groups.csv: 1 of 21 names are of no track of the corpus" in said


def test_the_artists_that_a_random_split_shares_are_counted(work):
    found, leaks, _ = split(work, {"split.scheme": "stratified"})
    artists = artist_of(work)
    train = {artists[track] for track in found["train"]}
    shared = [track for track in found["test"] if artists[track] in train]
    assert shared
    assert leaks["groups"]["test_tracks_in_those"] == len(shared)


def test_lists_of_tracks_of_any_name_are_kept_to(work):
    files = sorted(path.relative_to(work / "corpus") for path in work.glob("corpus/*/*.wav"))
    (work / "lists").mkdir()
    for number, side in enumerate(("train", "val", "test")):
        chosen = [str(file) for file in files[number::3]]
        (work / f"lists/{side}.txt").write_text("\r\n".join(chosen))
        (work / f"corpus/indices_{side}.json").write_text(json.dumps(list(enumerate(chosen))))
    found, _, said = split(work, {"split.scheme": "file", "split.path": "lists"})
    tracks = pd.read_csv(work / "data/tracks.csv").set_index("source")["track"]
    for number, side in enumerate(("train", "val", "test")):
        assert set(found[side]) == {tracks[str(file)] for file in files[number::3]}
    assert not [line for line in said.splitlines() if " list: " in line]
    # The corpus's own are the same; they come with it whatever the features are from.
    again, _, _ = split(work, {"split.scheme": "dataset", "features.source": "compute"})
    assert [again[side] for side in again if side != "scheme"] == [
        found[side] for side in found if side != "scheme"
    ]
