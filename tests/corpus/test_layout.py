import os
import re
from pathlib import Path

import pytest

from genre.corpus.demo import styles
from genre.corpus.layout import (
    GENRES,
    HIDDEN,
    NOT_UTF8,
    canonical_genre,
    check_genres,
    check_readable,
    is_gtzan,
    list_files,
    track_id,
    unify_genres,
)
from genre.corpus.tracks import audio_file, picture_file
from genre.errors import InputError

NOT_DECODED = b"M\xfasica.mp3".decode(errors="surrogateescape")  # as Python has a Latin-1 name


def test_names_are_gtzans():
    assert canonical_genre("Hip-Hop") == "hiphop"
    assert track_id("blues", "blues.00003") == "blues.00003"
    assert track_id("blues", "blues00003") == "blues.00003"
    assert track_id("blues", "my song") == "blues.my song"
    assert audio_file(Path("a"), "blues.00003", "blues") == Path("a/blues/blues.00003.wav")
    assert picture_file(Path("a"), "blues.00003", "blues") == Path("a/blues/blues00003.png")


def test_gtzans_genres_are_those_that_the_demo_corpus_plays():
    assert sorted(styles.GENRES) == list(GENRES)
    for genre in GENRES:
        for spelling in (genre, genre.upper(), f" {genre.title()} ", "-".join(genre)):
            assert canonical_genre(spelling) == genre


@pytest.mark.parametrize(
    "name",
    ["R&B", "drum & bass", "1980", "genre", "track", "None", "jazz.", "Top 40", "Música", "Рок",
     "爵士", "K-Pop", "AC/DC", "ROCK'N'ROLL", "رۆک"],
)  # fmt: skip
def test_any_other_genre_is_what_the_user_calls_it(name):
    assert canonical_genre(name) == name
    assert canonical_genre(f"  {name}\t") == name
    assert unify_genres([name, "blues"]) == {name: name, "blues": "blues"}


@pytest.mark.parametrize(
    ("spellings", "genre"),
    [
        (["Hip-Hop", "hip hop", "HIP_HOP", "hiphop"], "hiphop"),
        (["trip hop", "Trip-Hop", "TripHop "], "Trip-Hop"),
        (["R&B", "r & b"], "R&B"),
        (["M\u00fasica", "Mu\u0301sica", "M\u00daSICA"], "M\u00daSICA"),
        (["РОК", "рок"], "РОК"),
        ([" ", "_"], "_"),
    ],
)
def test_spellings_of_one_genre_are_one_and_that_is_said(spellings, genre, caplog):
    caplog.set_level("INFO")
    assert unify_genres(spellings) == dict.fromkeys(spellings, genre)
    assert f"are one genre: {genre}" in caplog.text
    for spelling in spellings:
        assert repr(spelling) in caplog.text


def test_genres_that_only_look_alike_stay_apart():
    names = ["Musica", "Música", "RB", "R&B", "jazz", "jazz.", "-", "--", "1980", "1 980s"]
    assert unify_genres(names) == {name: name for name in names}


def test_a_track_in_deeper_folders_is_named_by_them():
    assert track_id("Rock", "Queen", "Live", "01 - Song") == "Rock.Queen.Live.01 - Song"
    assert track_id("rock", "Live", "rock00001") == "rock.Live.rock00001"


def test_all_files_are_listed_and_what_cannot_be_used_has_a_reason(tmp_path):
    root, elsewhere = tmp_path / "corpus", tmp_path / "elsewhere"
    for path in (root / "b/c/d.mp3", root / "a.wav", elsewhere / "x.mp3", root / ".hidden/x.mp3",
                 root / "b/.y.mp3", root / ".DS_Store", root / "b/._a.wav", root / "README.md",
                 root / "b/Thumbs.db", root / "b/LICENSE", root / "b" / NOT_DECODED):  # fmt: skip
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    (root / "linked").symlink_to(elsewhere)
    (root / "b/nowhere.mp3").symlink_to("there/is/nothing.mp3")
    (root / "b/itself.mp3").symlink_to("itself.mp3")
    (root / "b/c/up").symlink_to(root / "b")
    files, others = list_files(root)
    assert files == ["a.wav", "b/c/d.mp3", "linked/x.mp3"]
    assert dict(others) == {
        ".hidden/x.mp3": HIDDEN,
        "b/.y.mp3": HIDDEN,
        "b/nowhere.mp3": "a link to nothing",
        "b/itself.mp3": "a link to nothing",
        "b/c/up/": "a link to a folder that it lies in",
        "b/M\\xfasica.mp3": NOT_UTF8,
    }


def test_what_dvc_could_not_read_is_named(tmp_path):
    (tmp_path / "a.mp3").touch()
    (tmp_path / ".DS_Store").touch()
    check_readable(tmp_path, parameter="here")
    strange = {
        NOT_DECODED: (lambda path: path.touch(), "its name is not UTF-8", "rename them"),
        ".#a.mp3": (lambda path: path.symlink_to("me@host.1"), "a link to nothing", "take"),
        "up": (lambda path: path.symlink_to("."), "a link to a folder that it lies in", "take"),
        "pipe.mp3": (os.mkfifo, "no file", "take"),
    }  # fmt: skip
    for name, (make, reason, advice) in strange.items():
        make(tmp_path / name)
        shown = re.escape(os.fsencode(name).decode(errors="backslashreplace"))
        message = rf"here: DVC cannot read 1 files in .*: {reason}, the first: {shown}/?; "
        with pytest.raises(InputError, match=message + advice):
            check_readable(tmp_path, parameter="here")
        (tmp_path / name).unlink()


def test_one_genre_is_refused_and_so_is_one_without_tracks():
    check_genres({"a", "b"}, {}, where="x")
    with pytest.raises(InputError, match="two genres are the fewest .* there is one, a"):
        check_genres({"a"}, {}, where="x")
    with pytest.raises(InputError, match="there is none"):
        check_genres(set(), {}, where="x")
    with pytest.raises(
        InputError, match=r"x: no file of c can be used \(other ending: .mid\): mend"
    ):
        check_genres({"a", "b"}, {"c": "other ending: .mid"}, where="x")


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
    assert is_gtzan(source, tracks) == expected
