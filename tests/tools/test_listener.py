import io
import multiprocessing
import tempfile
from pathlib import Path

import numpy as np
import pytest
import soundfile

from genre.classification.answers import answers_of
from genre.classification.inputs import WHOLE
from genre.classification.songs import open_song
from genre.classification.trained import TrainedModels
from genre.errors import InputError
from genre.models.variants import MODELS
from genre.params import load_params
from tests.classification.test_songs import RECIPE
from tests.conftest import sine, write_audio
from tests.encoding import audio_bytes
from tests.tools.trained import set_params, write_models
from tools import listener


@pytest.fixture
def opener():
    opener = listener.Opener(RECIPE, {WHOLE})
    yield opener
    opener.close()


def test_a_song_is_opened_as_the_command_opens_it_and_no_file_is_left(tmp_path, monkeypatch, music):
    path = write_audio(tmp_path / "a.flac", music)
    (tmp_path / "scratch").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "scratch"))
    here = listener.open_bytes(path.read_bytes(), RECIPE, {WHOLE})
    there = open_song(path, recipe=RECIPE, wanted={WHOLE})
    for ours, theirs in zip(here.excerpts, there.excerpts, strict=True):
        np.testing.assert_array_equal(ours.whole, theirs.whole)
    assert "unknown" in listener.open_bytes(b"no song", RECIPE, {WHOLE}).fault
    assert list((tmp_path / "scratch").iterdir()) == []


def test_a_song_of_hours_is_refused_before_anything_is_made_of_it(monkeypatch):
    monkeypatch.setattr(listener, "LONGEST", 3)
    song = listener.open_bytes(audio_bytes("a.flac"), RECIPE, {WHOLE})
    assert (song.fault, song.excerpts) == ("too long: 4 s of at most 3", [])


def test_little_that_holds_more_than_memory_does_no_harm():
    file = io.BytesIO()
    soundfile.write(file, np.zeros((48000 * 600, 8), "i2"), 48000, format="FLAC")
    bomb = file.getvalue()
    assert len(bomb) < 2**20
    opener = listener.Opener(RECIPE, {WHOLE}, memory=800 * 2**20)
    try:
        assert opener.open(bomb).fault == listener.TOO_MUCH
        assert opener.open(audio_bytes("a.flac")).fault == ""
    finally:
        opener.close()


def test_what_ends_the_decoder_does_not_end_the_page(opener):
    assert opener.open(audio_bytes("a.flac")).fault == ""
    spawned = multiprocessing.get_context("spawn").Process  # not those of other tests
    for process in multiprocessing.active_children():
        if isinstance(process, spawned):
            process.kill()
    assert opener.open(audio_bytes("a.flac")).fault == listener.TOO_MUCH
    assert opener.open(audio_bytes("a.flac")).fault == ""


def test_every_model_is_asked_and_says_what_it_says_of_a_file(tmp_path, monkeypatch):
    monkeypatch.chdir(write_models(tmp_path))
    from stages.robustness import recipe_of  # reads the parameters as it is imported

    params = load_params()
    recipe = recipe_of(params)
    models = TrainedModels(Path(), recipe, MODELS)
    here = listener.Listener(models, recipe, params, best="cnn-1.4")
    path = write_audio(tmp_path / "a.wav", np.tile(sine(440.0, 7.0), 2))
    try:
        song, answers = here.hear(path.read_bytes())
        assert here.hear(b"")[0].fault == "holds no audio: the file is empty"
    finally:
        here.opener.close()
    assert here.caution.startswith("These models learned from the project's own made music")
    there = answers_of(models, MODELS, open_song(path, recipe=recipe, wanted=models.reads(MODELS)))
    assert len(song.starts) == 3
    assert tuple(answers) == MODELS
    for name, answer in answers.items():
        np.testing.assert_array_equal(answer.over_time, there[name].over_time)
        assert answer.ranked[0][0] == "jazz"


def test_where_nothing_was_made_it_says_how_to(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    set_params(tmp_path)
    with pytest.raises(InputError, match="dvc repro"):
        listener.listener_here.__wrapped__()
    Path("dvc.lock").unlink()
    with pytest.raises(InputError, match="make them by dvc repro"):
        listener.listener_here.__wrapped__()
