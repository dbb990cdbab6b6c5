import os

import numpy as np
import pytest

from genre.classification.inputs import LOG_MEL, PICTURE, SEQUENCE, WHOLE, Recipe, make_inputs
from genre.classification.songs import cut, open_song
from genre.features.patches import frames_of
from tests.conftest import SR, sine, write_audio

RECIPE = Recipe(
    sr=SR,
    duration=6.0,
    segment=3.0,
    spectrogram={
        "n_fft": 2048, "hop_length": 512, "n_mels": 128, "top_db": 80.0, "colour_map": "magma"
    },
    loudness=-14.0,
    network="MSD_musicnn",
    stride=1,
    cnn="1.4",
    rnn="1.2",
)  # fmt: skip


@pytest.mark.parametrize(
    ("samples", "starts"),
    [(40, [0]), (100, [0]), (105, [0]), (106, [0, 6]), (200, [0, 100]), (205, [0, 105]),
     (206, [0, 53, 106]), (250, [0, 75, 150]), (300, [0, 100, 200])],
)  # fmt: skip
def test_excerpts_reach_from_the_beginning_to_the_end(samples, starts):
    assert cut(samples, length=100) == starts


@pytest.mark.parametrize("samples", range(106, 2000, 97))
def test_all_of_a_song_is_heard_and_by_few_excerpts(samples):
    starts = cut(samples, length=100)
    assert starts[0] == 0
    assert starts[-1] + 100 == samples
    assert max(np.diff(starts)) <= 100 * 1.06
    assert (len(starts) - 1) * 100 < samples


def test_each_excerpt_of_a_song_is_what_a_track_of_its_own_would_be(tmp_path, music):
    song = np.concatenate([music, music[::-1]])[: 12 * SR]
    path = write_audio(tmp_path / "a song.flac", song)
    wanted = {PICTURE, SEQUENCE, WHOLE, LOG_MEL}
    found = open_song(path, recipe=RECIPE, wanted=wanted)
    assert (found.fault, found.duration, found.silent) == ("", 12.0, 0)
    assert (found.starts, found.ends) == ([0.0, 6.0], [6.0, 12.0])
    for start, excerpt in zip((0, 6 * SR), found.excerpts, strict=True):
        part = write_audio(tmp_path / "part.flac", song[start : start + 6 * SR])
        [alone] = open_song(part, recipe=RECIPE, wanted=wanted).excerpts
        for name in ("picture", "sequence", "whole", "log_mel"):
            array = getattr(excerpt, name)
            assert array.size
            np.testing.assert_array_equal(array, getattr(alone, name))


def test_what_no_model_reads_is_not_made(music):
    made = make_inputs(music, RECIPE, {SEQUENCE})
    assert made.sequence.shape == (2, 57)
    assert not made.picture.size and not made.whole.size and not made.log_mel.size


def test_the_steps_that_a_short_song_lacks_are_the_mean_of_those_it_has(music):
    short = make_inputs(music[: 4 * SR], RECIPE, {SEQUENCE}).sequence
    np.testing.assert_array_equal(short[1], short[0])


def test_of_what_cannot_be_heard_the_reason_is_said(tmp_path, music):
    silence = np.zeros(7 * SR, np.float32)
    strange = np.append(silence, np.float32(np.nan))
    half = music[: 7 * SR].copy()
    faults = {
        "silent": write_audio(tmp_path / "silence.wav", silence),
        "not finite": write_audio(tmp_path / "strange.wav", strange, subtype="FLOAT"),
        "too short": write_audio(tmp_path / "short.wav", music[: 2 * SR]),
        "the file is empty": tmp_path / "empty.mp3",
        "cut off": tmp_path / "cut.wav",
        "format is unknown": tmp_path / "page.mp3",
        "No such file": tmp_path / "nowhere.wav",
    }
    faults["the file is empty"].touch()
    whole = write_audio(tmp_path / "whole.wav", half).read_bytes()
    faults["cut off"].write_bytes(whole[: len(whole) // 2])
    faults["format is unknown"].write_text("<html>" + 1000 * "no music ")
    for reason, path in faults.items():
        found = open_song(path, recipe=RECIPE, wanted={SEQUENCE})
        assert reason in found.fault, path
        assert str(tmp_path) not in found.fault
        assert found.excerpts == []


def test_all_of_a_song_is_heard_that_is_a_little_longer_than_an_excerpt(tmp_path, music):
    song = music[: round(6.2 * SR)]
    found = open_song(write_audio(tmp_path / "a.wav", song), recipe=RECIPE, wanted={LOG_MEL})
    assert (found.starts, found.ends) == ([0.0], [6.2])
    [excerpt] = found.excerpts
    assert len(excerpt.log_mel) == frames_of(len(song), sr=SR)


def test_the_silent_excerpts_of_a_song_are_passed_over_and_counted(tmp_path):
    song = np.concatenate([sine(440.0, 6.0), np.zeros(12 * SR, np.float32), sine(220.0, 6.0)])
    found = open_song(write_audio(tmp_path / "gap.wav", song), recipe=RECIPE, wanted={SEQUENCE})
    assert (found.starts, found.silent) == ([0.0, 18.0], 2)
    assert len(found.excerpts) == 2


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes among its files")
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "song.wav")
    assert "a pipe" in open_song(tmp_path / "song.wav", recipe=RECIPE, wanted={WHOLE}).fault
