import numpy as np

from genre.classification.altered import LOG_MELS, Altered, write
from genre.classification.inputs import LOG_MEL, SEQUENCE, WHOLE, make_inputs
from genre.features.log_mels import LogMels
from genre.features.patches import frames_of
from tests.classification.test_songs import RECIPE
from tests.conftest import SR


def test_what_is_made_of_altered_excerpts_comes_back(tmp_path, music):
    pieces = {"jazz.00001": music, "jazz.00002": music[: 5 * SR]}
    made = [make_inputs(x, RECIPE, {LOG_MEL, SEQUENCE, WHOLE}) for x in pieces.values()]
    frames = np.array([frames_of(len(x), sr=SR) for x in pieces.values()])
    inputs = ((each.whole, each.sequence, each.log_mel) for each in made)
    write(tmp_path, list(pieces), frames, inputs, steps=2)
    found, heard = Altered.load(tmp_path), LogMels.read(tmp_path / LOG_MELS)
    assert list(found.tracks) == list(heard.tracks) == list(pieces)
    for row, (track, spectrogram) in enumerate(heard.by_track()):
        assert track == list(pieces)[row]
        np.testing.assert_array_equal(found.whole[row], made[row].whole)
        np.testing.assert_array_equal(found.sequences[row], made[row].sequence)
        np.testing.assert_array_equal(spectrogram, made[row].log_mel)


def test_there_may_be_none(tmp_path):
    write(tmp_path, [], np.zeros(0, int), iter([]), steps=10)
    found = Altered.load(tmp_path)
    assert found.whole.shape == (0, 57)
    assert found.sequences.shape == (0, 10, 57)
    assert len(LogMels.read(tmp_path / LOG_MELS).tracks) == 0
