import numpy as np
import pytest

from genre.classification.inputs import SEQUENCE, WHOLE, Recipe
from genre.corpus.tracks import audio_file
from stages.robustness import AS_IT_IS, AUDIO, change
from tests.conftest import SR, sine, write_audio

ITEM = ("blues.00000", "blues")


@pytest.mark.parametrize(
    ("name", "segment"), [("faster", 4.0), ("first_10_s", 12.0), (AS_IT_IS, 4.0)]
)
def test_a_track_of_one_segment_may_become_shorter(tmp_path, monkeypatch, name, segment):
    monkeypatch.chdir(tmp_path)
    path = audio_file(AUDIO, *ITEM)
    path.parent.mkdir(parents=True)
    write_audio(path, sine(440.0, segment))
    recipe = Recipe(sr=SR, duration=segment, segment=segment, loudness=-14.0)
    made = change((name, *ITEM), seed=1, recipe=recipe, wanted=[SEQUENCE, WHOLE])
    assert made.sequence.shape == (1, 57)
    assert np.isfinite(made.sequence).all()
