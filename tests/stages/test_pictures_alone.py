"""A corpus of pictures and features of whole tracks, without audio or features of segments."""

import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from genre.features.definition import COLUMNS, FEATURES
from tests.conftest import on_all_cores
from tests.project import TINY, Project

GENRES, EACH = ("polka", "samba"), 8
CHANGES = {
    "data.source": "folder",
    "spectrogram.source": "dataset",
    "features.source": "dataset",
    "split.val": 0.25,
    "model.variant": 1.0,
}


def write_corpus(root: Path) -> None:
    """Pictures and features that differ by genre."""
    rng = np.random.default_rng(23)
    names = [(genre, number) for genre in GENRES for number in range(EACH)]
    rows = []
    for genre, number in names:
        picture = root / "images_original" / genre / f"{genre}{number:05d}.png"
        picture.parent.mkdir(parents=True, exist_ok=True)
        pixels = rng.integers(0, 128, (288, 432), dtype=np.uint8) + 100 * (genre == GENRES[0])
        Image.fromarray(pixels.astype(np.uint8)).save(picture)
        values = rng.normal(loc=GENRES.index(genre), scale=0.3, size=len(FEATURES))
        rows.append((f"{genre}.{number:05d}.wav", 661_794, *values, genre))
    pd.DataFrame(rows, columns=list(COLUMNS)).to_csv(root / "features_30_sec.csv", index=False)


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Project:
    root = tmp_path_factory.mktemp("corpus")
    write_corpus(root)
    folder = tmp_path_factory.mktemp("pictures")
    project = Project(folder / "project", {**TINY, **CHANGES, "data.path": str(root)})
    with on_all_cores():
        project.run("dvc repro train_cnn@1.0 train_hybrid baselines")
    return project


def test_all_but_what_reads_segments_is_made_and_scored(project):
    said = project.run("dvc repro --single-item learn_ensembles evaluate")
    assert "not scored, since they have no predictions here: cnn-0.0" in said
    scored = {path.stem for path in (project.folder / "metrics/models").glob("*.json")}
    baselines = {f"baseline-{name}" for name in ("majority", "logistic", "boosting", "svm")}
    assert scored == {"cnn-1.0", "hybrid-2.0", *baselines}
    logistic = json.loads((project.folder / "metrics/models/baseline-logistic.json").read_text())
    assert logistic["accuracy"] == 1.0
    assert set(project.summary()) == {"split", "cnn", "hybrid", "best"}
    headline = {path.name for path in (project.folder / "plots/headline").iterdir()}
    assert headline == {"cnn_confusion.csv", "hybrid_confusion.csv"}

    project.run('python -m benchmarks.results keep polka "Polka and samba, made"')
    text = (project.folder / "docs/results/polka.json").read_text()
    kept = json.loads(text)
    assert kept["corpus"] == "Polka and samba, made"
    assert set(kept["models"]) == scored
    assert kept["models"]["baseline-logistic"]["accuracy"] == 1.0
    assert sum(kept["sizes"].values()) == len(GENRES) * EACH
    assert kept["parameters"]["split.val"] == 0.25
    assert kept["parameters"]["spectrogram.source"] == "dataset"
    assert kept["seeds"] == {"split": 23, "training": 23}
    assert re.match(r"cpu, tensorflow 2\.[\d.]+, Keras 3\.", kept["computed by"]["cnn-1.0"])
    assert str(project.folder.parent) not in text
    assert CHANGES["model.variant"] == kept["parameters"]["model.variant"]


def test_scores_of_another_split_are_not_kept(project):
    path = project.folder / "metrics/split.json"
    before = path.read_text()
    path.write_text(before.replace('"scheme": "stratified"', '"scheme": "kfold"'))
    said = project.run('python -m benchmarks.results keep other "Polka, made"', fails=True)
    path.write_text(before)
    assert "cnn-1.0 was scored on 4 test tracks, stratified, and the split is kfold" in said
    assert not (project.folder / "docs/results/other.json").exists()


def test_what_was_made_of_another_split_is_not_scored(project):
    table = project.folder / "data/predictions/cnn-1.0.csv"
    lines = table.read_text().splitlines()
    changed = [line.replace(",test,", ",train,") for line in lines]
    assert changed != lines
    table.write_text("\n".join(changed) + "\n")
    said = project.run("dvc repro --single-item evaluate")
    assert "cnn-1.0, " in said.partition("not scored, since they have no predictions here: ")[2]
    table.unlink()
    (project.folder / "data/predictions/hybrid-2.0.csv").unlink()
    said = project.run("dvc repro --single-item evaluate", fails=True)
    assert "run dvc repro baselines, and train a model" in said


def test_what_reads_segments_says_what_is_missing(project):
    said = project.run("dvc repro train_rnn@1.0", fails=True)
    assert "features_3_sec.csv has no segment of 16 tracks" in said
