"""The table of tracks, and what its files are called."""

import itertools
from pathlib import Path

import pandas as pd
import pytest

from genre.corpus.tracks import (
    MOST_BYTES,
    check_usable,
    count_not_used,
    file_key,
    file_name,
    file_names,
    groups_of,
    picture_file,
    read_all_tracks,
    read_tracks,
    write_not_used,
    write_tracks,
)
from genre.errors import InputError

PARTS = ("1", "01", "noise", "_", "a", ".", " ")
FORBIDDEN = set('<>:"/\\|?*') | {chr(code) for code in range(32)}
DEVICES = {"con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt") for n in "123456789")}
NASTY = [
    "AC/DC", "a\\b", "What?", 'the "best"', "1:2", "a|b", "<3", "***", "tab\there", "a\nb",
    "a\x85b", "con", "NUL.song", "aux.1.2", "Com1", "lpt9 .x", "song.", "song ", "song. .", "...",
    ".hidden", " ", "ж" * 300, "x" * 250, "é" * 110, "日本語" * 40, "\xa0", "e\u0301" * 90,
]  # fmt: skip


@pytest.mark.parametrize("text", NASTY)
def test_any_text_becomes_a_name_that_every_system_takes(text):
    name = file_name(text)
    assert name
    assert not FORBIDDEN & set(name)
    assert name.partition(".")[0].rstrip().lower() not in DEVICES
    assert name == name.strip().rstrip(".").lstrip(".")
    assert len(f"{name}_12345.png".encode()) <= 255
    assert name.splitlines() == [name]
    assert file_name(name) == name


def test_different_texts_give_different_names():
    names = {file_key(file_name(text)) for text in NASTY}
    assert len(names) == len(NASTY)
    assert len({file_name("x" * 300), file_name("x" * 301), file_name("x" * 300 + "y")}) == 3
    assert file_name("con") != file_name("_con")


@pytest.mark.parametrize(
    "text",
    ["blues.00000", "R&B.Take 5", "1980.01", "Música.x", "rock.Mr. Roboto", "爵士.曲", "x" * 200],
)
def test_most_texts_are_names_already(text):
    assert file_name(text) == text
    assert len(text.encode()) <= MOST_BYTES


def test_how_unicode_composes_a_letter_does_not_count():
    assert file_name("Mu\u0301sica") == file_name("M\u00fasica") == "M\u00fasica"
    assert file_name("Mu\u0301sica?") == file_name("M\u00fasica?")


def test_names_that_some_system_takes_for_one_are_told_apart():
    texts = [
        "rock.Song",
        "rock.song",
        "rock.a.b",
        "rock.a.b",
        "rock.other",
        "rock.STRASSE",
        "rock.Straße",
    ]
    paths = ["Song.mp3", "song.mp3", "a/b.mp3", "a.b.mp3", "other.mp3", "STRASSE.mp3", "Straße.mp3"]
    names = file_names(texts, paths)
    assert len(set(map(file_key, names))) == len(texts)
    assert names[4] == "rock.other"
    assert all(name.startswith(text + "-") for name, text in zip(names, texts, strict=True)
               if text != "rock.other")  # fmt: skip
    # A name depends on what is called alike, and on nothing else.
    assert file_names(texts[:2], paths[:2]) == names[:2]
    with pytest.raises(InputError, match=r"Song\.mp3 and x\.mp3 are both track rock\.Song-\w{8}"):
        file_names(["rock.Song", "rock.song", names[0]], ["Song.mp3", "song.mp3", "x.mp3"])


GENRES = ["None", "NA", "1980", "nan", "null", "Música", 'quo"ted', "a,b", "genre", " x"]
FILES = ["NA", "a\rb"]


def test_a_table_of_tracks_of_any_name_is_read_as_it_was_written(tmp_path):
    rows = [
        {"track": f"{genre}.{k:02d}", "genre": genre, "source": f"{genre}/{FILES[k]}",
         "sha256": "0e1", "sr": 22050, "clipped": 0, "samples": 10 + k, "duration": 0.5}
        for genre in GENRES for k in range(2)
    ]  # fmt: skip
    rows[3]["reason"] = "silent"
    written = write_tracks(rows, tmp_path / "tracks.csv")
    assert list(written.columns)[-1] == "reason"
    read = read_all_tracks(tmp_path / "tracks.csv")
    for column in ("track", "genre", "source", "sha256"):
        assert list(read[column]) == [row[column] for row in rows]
    assert list(read["reason"].dropna()) == ["silent"]
    usable = read_tracks(tmp_path / "tracks.csv")
    assert list(usable.index) == [row["track"] for k, row in enumerate(rows) if k != 3]
    assert groups_of(usable).empty


def test_groups_that_a_corpus_gives_are_kept_in_the_table(tmp_path):
    names = {"a.1": "NA", "a.2": "1999", "a.3": None, "b.1": "None"}
    rows = [{"track": track, "genre": track[0], "reason": ""} for track in names]
    for row in rows:
        if names[row["track"]]:
            row["group"] = names[row["track"]]
    write_tracks(rows, tmp_path / "tracks.csv")
    found = groups_of(read_tracks(tmp_path / "tracks.csv"))
    assert found.to_dict() == {track: group for track, group in names.items() if group}


def test_a_genre_that_loses_all_its_tracks_is_an_error():
    rows = [("a.1", "a", ""), ("a.2", "a", ""), ("a.3", "a", ""), ("b.1", "b", "silent")]
    table = pd.DataFrame(rows, columns=["track", "genre", "reason"]).assign(source="x")
    with pytest.raises(InputError, match="no track of b can be used"):
        check_usable(table, minimum=0.5)
    check_usable(table.assign(reason=["", "silent", "silent", ""]), minimum=0.5)


def test_what_is_not_used_is_counted_by_reason_and_warned_of(tmp_path, caplog):
    files = [("b.jpg", "other ending: .jpg"), ("NA\r", "hidden"), ("a.jpg", "other ending: .jpg")]
    write_not_used(files, tmp_path / "data/not_used.csv")
    assert count_not_used(tmp_path / "data/not_used.csv") == {"hidden": 1, "other ending: .jpg": 2}
    assert "2 files are not used: other ending: .jpg, the first: a.jpg" in caplog.text
    caplog.clear()
    write_not_used([], tmp_path / "data/not_used.csv")
    assert count_not_used(tmp_path / "data/not_used.csv") == {}
    assert caplog.text == ""


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
        ("com.1", "com.1"),
        ("com.10", "com10"),
        ("rock.take_1", "rock.take_1_"),
    ],
)
def test_a_picture_is_called_as_gtzans_are_or_as_its_track(track, name):
    genre = track.split(".")[0]
    assert picture_file(Path("a"), track, genre) == Path(f"a/{genre}/{name}.png")
