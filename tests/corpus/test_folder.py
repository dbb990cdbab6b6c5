import os

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from genre.corpus.folder import find_left_over, find_root, find_tracks
from genre.corpus.tracks import file_key, file_name
from genre.errors import InputError
from tests.conftest import SR, run_stage, sine, write_audio, write_params


@pytest.mark.parametrize("inside", ["genres_original", "Data/genres_original", "."])
def test_a_corpus_is_found_in_any_usual_layout(tmp_path, inside):
    write_audio(tmp_path / inside / "Hip-Hop/hiphop.00001.wav", sine(440.0, 0.1))
    write_audio(tmp_path / inside / "blues/blues.00000.flac", sine(440.0, 0.1))
    found = find_tracks(find_root(tmp_path), pictures=False)
    assert [(t.track, t.genre) for t in found] == [
        ("blues.00000", "blues"),
        ("hiphop.00001", "hiphop"),
    ]


def test_a_folder_without_music_is_an_error(tmp_path):
    (tmp_path / "blues").mkdir()
    with pytest.raises(InputError, match="data.path: .* holds neither genres_original"):
        find_root(tmp_path)
    with pytest.raises(InputError, match="data.path: .*nowhere is not a folder"):
        find_root(tmp_path / "nowhere")


def test_one_track_in_two_files_is_an_error(tmp_path):
    write_audio(tmp_path / "blues/blues.00000.wav", sine(440.0, 0.1))
    write_audio(tmp_path / "blues/blues.00000.flac", sine(440.0, 0.1))
    with pytest.raises(InputError, match="are both track blues.00000: remove one"):
        find_tracks(find_root(tmp_path), pictures=False)


def corpus(folder, *files):
    """A corpus of empty files, whose names alone matter."""
    for file in files:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).touch()
    return folder


def tracks_and_left_over(path, *, pictures=False):
    root = find_root(path)
    found = find_tracks(root, pictures=pictures)
    left_over = find_left_over(path, root, found, pictures=pictures, table=path / "table.csv")
    return {source.track: source.genre for source in found}, dict(left_over)


DEEP = ("Rock/Queen/Live/song.mp3", "Rock/a.mp3", "Polka/Band/1.ogg", "Polka/Band/2.ogg")
DEEP_TRACKS = {
    "rock.Queen.Live.song": "rock", "rock.a": "rock", "Polka.Band.1": "Polka",
    "Polka.Band.2": "Polka",
}  # fmt: skip


@pytest.mark.parametrize("above", ["", "Library/", "Music/My Library/"])
def test_tracks_lie_any_number_of_folders_below_their_genre(tmp_path, above, caplog):
    caplog.set_level("INFO")
    path = corpus(tmp_path, *(above + file for file in DEEP))
    assert tracks_and_left_over(path) == (DEEP_TRACKS, {})
    said = f"2 genres, the folders of {tmp_path / above}: Polka (2), rock (2); 4 tracks, 3 of them"
    assert f"{said} in folders below their genre's, such as " in caplog.text
    warned = f"data.path: its genres are taken to be the folders of {tmp_path / above}"
    assert (warned in caplog.text) == bool(above)


def test_every_file_that_is_no_track_is_counted_with_the_reason(tmp_path):
    path = corpus(
        tmp_path, *(f"lib/{file}" for file in DEEP), "lib/Rock/cover.JPG", "lib/Polka/x.mid",
        "beside.mp3", "lib/Rock/.hidden.mp3", "lib/notes", "lib/Rock/mp3", "lib/Scans/a.jpg",
        "lib/Rock/Mr. Roboto", "table.csv", "features_30_sec.csv", "README.md", "lib/.DS_Store",
        b"lib/Rock/\xff.mp3".decode(errors="surrogateescape"),
    )  # fmt: skip
    tracks, left_over = tracks_and_left_over(path)
    assert tracks == DEEP_TRACKS
    assert left_over == {
        "lib/Rock/cover.JPG": "other ending: .jpg", "lib/Polka/x.mid": "other ending: .mid",
        "beside.mp3": "beside the genres' folders",
        "lib/Rock/.hidden.mp3": "hidden", "lib/notes": "other ending: none",
        "lib/Rock/mp3": "other ending: none",
        "lib/Scans/a.jpg": "other ending: .jpg", "lib/Rock/Mr. Roboto": "other ending: none",
        "lib/Rock/\\xff.mp3": "its name is not UTF-8",
    }  # fmt: skip


def test_a_song_that_is_called_as_what_people_read_is_a_track(tmp_path):
    path = corpus(tmp_path, *DEEP, "Rock/License.mp3", "Rock/COPYING", "Rock/Live/readme.txt",
                  "Polka/Copying.flac", "Polka/licence.md")  # fmt: skip
    tracks, left_over = tracks_and_left_over(path)
    assert set(tracks) == {*DEEP_TRACKS, "rock.License", "Polka.Copying"}
    assert left_over == {}


def test_gtzans_own_pictures_and_tables_are_not_left_over(tmp_path):
    path = corpus(
        tmp_path, "Data/genres_original/blues/blues.00000.wav", "Data/features_3_sec.csv",
        "Data/genres_original/jazz/jazz.00000.wav", "Data/images_original/jazz/jazz00000.png",
        "Data/images_original/jazz/deeper/jazz00001.png", "Data/other/rock/rock.00000.wav",
    )  # fmt: skip
    beside = {"Data/other/rock/rock.00000.wav": "beside the genres' folders"}
    expected = {"blues.00000": "blues", "jazz.00000": "jazz"}
    assert tracks_and_left_over(path) == (expected, beside)
    deeper = {"Data/images_original/jazz/deeper/jazz00001.png": "too deep for a picture"}
    assert tracks_and_left_over(path, pictures=True) == (expected, beside | deeper)


def test_a_file_that_may_not_be_read_is_left_over(tmp_path, monkeypatch):
    path = corpus(tmp_path, *DEEP)
    monkeypatch.setattr("os.access", lambda path, mode: not str(path).endswith("a.mp3"))
    tracks, left_over = tracks_and_left_over(path)
    assert "rock.a" not in tracks
    assert left_over == {"Rock/a.mp3": "cannot be read"}


def test_a_genre_whose_folder_may_not_be_read_is_lost(tmp_path, monkeypatch):
    path, scandir = corpus(tmp_path, *DEEP, "Polka/Another/x.mp3"), os.scandir

    def refuse(folder):
        if str(folder).endswith("Rock"):
            raise PermissionError
        return scandir(folder)

    monkeypatch.setattr("os.scandir", refuse)
    with pytest.raises(InputError, match=r"no file of Rock can be used \(cannot be read\)"):
        tracks_and_left_over(path)


@pytest.mark.parametrize(
    ("files", "message"),
    [
        (["Rock/a.mp3", "Rock/b.mp3"], "two genres are the fewest .* there is one, rock"),
        (["Rock/a.mp3", "Rock/Live/b.mp3", "Rock/Studio/b.mp3"], "there is one, rock"),
        (["a.mp3", "b.mp3"], "holds neither genres_original"),
        (["Rock/a/x.mp3", "Rock/b/x.mp3", "Jazz/x.mid"], "no file of Jazz can be used"),
        ([*DEEP, "Jazz/a.mid"], r"no file of Jazz can be used \(other ending: .mid\)"),
        ([*DEEP, "Jazz/a.MOV"], r"no file of Jazz can be used \(other ending: .mov\)"),
        ([*DEEP, "Jazz/a.shn"], r"no file of Jazz can be used \(other ending: .shn\)"),
        ([*DEEP, "J\udcff/a.mp3"], r"no file of J\\xff can be used \(its name is not UTF-8\)"),
    ],
)
def test_what_cannot_be_told_apart_is_refused(tmp_path, files, message):
    with pytest.raises(InputError, match=message):
        tracks_and_left_over(corpus(tmp_path, *files))


def test_tracks_never_share_a_name(tmp_path):
    path = corpus(
        tmp_path, "Trip-Hop/Song.mp3", "Trip-Hop/song.mp3", "trip hop/song.mp3", "Trip-Hop/a/b.mp3",
        "Trip-Hop/a.b.mp3", "Trip-Hop/x.mp3", "Trip-Hop/x.flac", "1980/01.mp3", "1980/only.mp3",
        f"1980/{'ж' * 120}.mp3", "1980/M\u00fasica.mp3", "1980/Mu\u0301sica.mp3",
    )  # fmt: skip
    tracks, left_over = tracks_and_left_over(path)
    assert left_over == {}
    assert len({file_key(track) for track in tracks}) == 12
    assert {"1980.01", "1980.only"} < set(tracks)
    assert set(tracks.values()) == {"Trip-Hop", "1980"}
    assert all(file_name(track) == track for track in tracks)


@pytest.fixture
def mixed_corpus(tmp_path):
    """Eight tracks, of which three are of no use, and a folder to run stages in."""
    source = tmp_path / "corpus/genres_original"
    write_audio(source / "blues/blues.00000.wav", sine(220.0, 4.0), subtype="PCM_16")
    write_audio(source / "blues/blues.00001.flac", sine(330.0, 4.0))
    stereo = np.stack([sine(440.0, 4.0, sr=44100)] * 2, axis=1)
    write_audio(source / "jazz/jazz.00000.wav", stereo, sr=44100)
    write_audio(source / "jazz/jazz.00001.ogg", sine(440.0, 4.0))
    write_audio(source / "jazz/jazz.00002.wav", sine(440.0, 3.2))
    (source / "jazz/jazz.00054.wav").write_bytes(b"not a wav file")
    write_audio(source / "blues/blues.00002.wav", np.zeros(4 * SR))
    write_audio(source / "blues/blues.00003.wav", sine(440.0, 1.0))
    work = tmp_path / "work"
    work.mkdir()
    return tmp_path / "corpus", work


def test_useless_tracks_are_listed_with_the_reason_and_left_out(mixed_corpus):
    corpus, work = mixed_corpus
    write_params(work, {"data.source": "folder", "data.path": str(corpus), "data.min_usable": 0.5})
    done = run_stage(work, "download")
    assert done.returncode == 0, done.stderr
    table = pd.read_csv(work / "data/tracks.csv").set_index("track")
    assert list(table.index) == sorted(table.index)
    reasons = table["reason"].dropna()
    assert set(reasons.index) == {"jazz.00054", "blues.00002", "blues.00003"}
    assert reasons["jazz.00054"].startswith("holds no audio")
    assert reasons["blues.00002"] == "silent"
    assert reasons["blues.00003"] == "too short: 22050 samples of at least 66149"
    for track in reasons.index:
        assert f"WARNING: {track} (genres_original/" in done.stderr
    used = {path.stem for path in (work / "data/audio").glob("*/*.wav")}
    assert used == set(table.index) - set(reasons.index)
    assert (table.loc["jazz.00000", ["sr", "channels"]] == [44100, 2]).all()
    assert table.loc["jazz.00000", "samples"] == 4 * SR
    # What is in the right form already is not touched.
    copied = work / "data/audio/blues/blues.00000.wav"
    assert copied.read_bytes() == (corpus / "genres_original/blues/blues.00000.wav").read_bytes()


def test_too_few_useful_tracks_stop_the_run(mixed_corpus):
    corpus, work = mixed_corpus
    write_params(work, {"data.source": "folder", "data.path": str(corpus)})
    done = run_stage(work, "download")
    assert done.returncode == 1
    assert "ERROR: only 5 of 8 tracks can be used, less than data.min_usable (0.9)" in done.stderr
    assert "Traceback" not in done.stderr


def test_pictures_of_a_dataset_need_no_audio(tmp_path):
    for track in ("blues00000", "blues00001", "jazz00000"):
        path = tmp_path / "corpus/images_original" / track[:-5] / f"{track}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGBA", (432, 288), "white").save(path)
    (path.parent / "jazz00001.png").write_bytes(path.read_bytes()[:60])
    write_params(
        tmp_path,
        {
            "data.source": "folder",
            "data.path": "corpus",
            "data.min_usable": 0.5,
            "spectrogram.source": "dataset",
            "features.source": "dataset",
        },
    )
    done = run_stage(tmp_path, "download")
    assert done.returncode == 0, done.stderr
    table = pd.read_csv(tmp_path / "data/tracks.csv").set_index("track")
    assert list(table.index) == ["blues.00000", "blues.00001", "jazz.00000", "jazz.00001"]
    assert table.loc["jazz.00001", "reason"].startswith("not a whole PNG picture")
    assert len(list((tmp_path / "data/dataset/images_original").glob("*/*.png"))) == 3
    assert "WARNING: corpus has no features_3_sec.csv" in done.stderr


def test_real_gtzan_is_found_whole(gtzan):
    with_audio = find_tracks(find_root(gtzan), pictures=False)
    assert len(with_audio) == 100
    every = find_tracks(find_root(gtzan), pictures=True)
    assert len(every) == 999
    assert "jazz.00054" not in {source.track for source in every}
