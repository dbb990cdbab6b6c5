import numpy as np
import pandas as pd
import pytest

from genre.classification.inputs import LOG_MEL, SEQUENCE, WHOLE, Recipe
from genre.corpus.tracks import audio_file
from stages.robustness import AS_IT_IS, AUDIO, change, hear
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


class Models:
    """Two models that notice whether they are asked, and an ensemble of both."""

    names = ("one", "other", "both")

    def __init__(self) -> None:
        self.asked = []
        self.versions = {"one": "1", "other": "1"}

    def reads(self, names):
        return {LOG_MEL}

    def parts(self, names):
        return ["one", "other"]

    def made_of(self, name):
        return self.versions[name]

    def ask(self, name, excerpts):
        self.asked.append((name, len(excerpts)))
        level = np.array([float(excerpt.log_mel.mean()) for excerpt in excerpts])
        return np.stack([level, 1 - level], axis=1) / (1 if name == "one" else 2)

    def join(self, names, said):
        return {**said, "both": said["one"] + said["other"]}


@pytest.mark.usefixtures("all_cores")
def test_a_model_is_asked_again_where_it_or_a_track_is_another(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GENRE_CACHE", str(tmp_path / "cache"))
    tracks = pd.DataFrame(
        {"split": "test", "genre": ["blues", "rock"], "sha256": ["a", "b"]},
        index=pd.Index(["blues.00000", "rock.00000"], name="track"),
    )
    for track, genre in tracks["genre"].items():
        path = audio_file(AUDIO, track, genre)
        path.parent.mkdir(parents=True)
        write_audio(path, sine(440.0 if genre == "rock" else 880.0, 3.0))
    recipe = Recipe(sr=SR, duration=3.0, segment=3.0, loudness=-14.0)
    models = Models()

    def asked(names=("quieter", "faster")):
        models.asked.clear()
        said = hear(names, tracks, models, seed=1, recipe=recipe, deterministic=True)
        return said, list(models.asked)

    first, questions = asked()
    assert questions == [("one", 2), ("other", 2)] * 2
    assert not np.allclose(first["quieter"]["one"].iloc[:, 2:], first["faster"]["one"].iloc[:, 2:])
    again, questions = asked()
    assert questions == []
    for name in first:
        assert list(again[name]) == ["one", "other", "both"]
        for model in first[name]:
            pd.testing.assert_frame_equal(again[name][model], first[name][model])
    models.versions["other"] = "2"
    assert asked()[1] == [("other", 2)] * 2
    assert asked(("louder", "faster"))[1] == [("one", 2), ("other", 2)]
    tracks.loc["rock.00000", "sha256"] = "c"
    assert asked()[1] == [("one", 2), ("other", 2)] * 2
