"""The pipeline on real GTZAN material, where it is at hand."""

import pandas as pd
import pytest

from tests.conftest import write_params
from tests.project import TINY, Project


@pytest.fixture(scope="module")
def real_project(gtzan, tmp_path_factory) -> Project:
    return Project(tmp_path_factory.mktemp("real"), TINY)


def test_real_audio_is_learned_from(real_project, gtzan, tmp_path):
    for path in sorted(gtzan.glob("genres_original/*/*.0000[0-2].wav")):
        (tmp_path / path.parent.name).mkdir(exist_ok=True)
        (tmp_path / path.parent.name / path.name).symlink_to(path)
    changes = {"data.source": "folder", "data.path": str(tmp_path)}
    changes["data.duration"] = 30.0  # ten steps, as GTZAN has them
    write_params(real_project.folder, {**TINY, **changes})
    real_project.run("dvc repro baselines train_rnn@1.1")
    tracks = pd.read_csv(real_project.folder / "data/tracks.csv")
    assert len(tracks) == 30
    assert tracks["reason"].isna().all()
    short = pd.read_csv(real_project.folder / "data/features/features_3_sec.csv")
    assert 210 < len(short) <= 300
    tables = {
        model: pd.read_csv(real_project.folder / f"data/predictions/{model}.csv")
        for model in ("rnn-1.1", "baseline-logistic")
    }
    for table in tables.values():
        assert set(table["track"]) == set(tracks["track"])
        assert table.iloc[:, 3:].sum(axis=1).between(0.999, 1.001).all()
    # Real music is no noise to the features: on the tracks that it was fitted on, a linear model
    # is right far more often than the .1 of chance.
    known = tables["baseline-logistic"].query("split != 'test'")
    assert (known.iloc[:, 3:].idxmax(axis=1) == known["genre"]).mean() > 0.9


def test_real_pictures_are_split_as_the_studys(real_project, gtzan):
    changes = {"data.source": "folder", "data.path": str(gtzan), "split.val": 0.1}
    changes |= {"spectrogram.source": "dataset", "features.source": "dataset"}
    write_params(real_project.folder, {**TINY, **changes})
    real_project.run("dvc repro crop")
    for version in ("original", "cropped"):
        folder = real_project.folder / "data/pictures" / version
        counts = [len(list((folder / s).glob("*/*.png"))) for s in ("train", "val", "test")]
        assert counts == [719, 80, 200]
    own = (gtzan / "images_original/blues/blues00000.png").read_bytes()
    (copied,) = real_project.folder.glob("data/pictures/original/*/blues/blues00000.png")
    assert copied.read_bytes() == own
