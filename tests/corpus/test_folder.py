import numpy as np
import pandas as pd
import pytest
from PIL import Image

from genre.corpus.folder import find_root, find_tracks
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
    assert "not a whole PNG picture" in table.loc["jazz.00001", "reason"]
    assert len(list((tmp_path / "data/dataset/images_original").glob("*/*.png"))) == 3
    assert "WARNING: corpus has no features_3_sec.csv" in done.stderr


def test_real_gtzan_is_found_whole(gtzan):
    with_audio = find_tracks(find_root(gtzan), pictures=False)
    assert len(with_audio) == 100
    every = find_tracks(find_root(gtzan), pictures=True)
    assert len(every) == 999
    assert "jazz.00054" not in {source.track for source in every}
