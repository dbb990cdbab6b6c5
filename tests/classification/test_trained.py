"""What is kept of a model's answers, and when it is asked again."""

from pathlib import Path

import pytest

from genre.classification.inputs import Recipe
from genre.classification.trained import TrainedModels
from genre.training import devices

NAMES = ("cnn-1.4", "rnn-1.2", "hybrid-2.0", "musicnn-4.2", "transformer-4.3")
RECIPE = {
    "sr": 22050, "duration": 30.0, "segment": 3.0, "loudness": -14.0, "network": "MSD_musicnn",
    "stride": 3, "cnn": "1.4", "rnn": "1.2",
}  # fmt: skip


def made_of(folder: Path, **changes) -> dict[str, str]:
    models = TrainedModels(folder, Recipe(**{**RECIPE, **changes}), NAMES)
    return {name: models.made_of(name) for name in NAMES}


@pytest.fixture
def folder(tmp_path) -> Path:
    (tmp_path / "models").mkdir()
    for name in NAMES:
        (tmp_path / f"models/{name}.keras").write_bytes(name.encode())
    return tmp_path


def test_a_model_is_another_where_its_file_is(folder):
    before = made_of(folder)
    assert len(set(before.values())) == len(NAMES)
    (folder / "models/hybrid-2.0.keras").write_bytes(b"hybrid-2.1")
    after = made_of(folder)
    assert {name for name in NAMES if before[name] != after[name]} == {"hybrid-2.0"}


@pytest.mark.parametrize(
    ("changes", "others"),
    [
        ({"stride": 1}, {"musicnn-4.2", "transformer-4.3"}),
        ({"network": "MTT_musicnn"}, {"musicnn-4.2", "transformer-4.3"}),
        ({"cnn": "1.3"}, {"hybrid-2.0"}),  # whose pictures are cropped
        ({"rnn": "1.0"}, set()),
    ],
)
def test_a_model_is_another_where_it_reads_something_else(folder, changes, others):
    before, after = made_of(folder), made_of(folder, **changes)
    assert {name for name in NAMES if before[name] != after[name]} == others


def test_a_model_is_another_where_something_else_computes(folder, monkeypatch):
    before = made_of(folder)
    for part in ("device", "instructions", "keras", "backend"):
        described = {**devices.describe(), part: "another"}
        monkeypatch.setattr(devices, "describe", lambda described=described: described)
        after = made_of(folder)
        assert all(before[name] != after[name] for name in NAMES)
        monkeypatch.undo()
