"""The whole pipeline, run by DVC in a clone of the project, on a tiny corpus."""

import html
import json
import sys

import keras
import numpy as np
import pandas as pd
import pytest
import yaml
from PIL import Image

from genre.features.log_mels import LogMels
from genre.features.patches import cut
from genre.models.variants import CNNS, models_of
from tests.conftest import changed
from tests.project import BEYOND, EVALUATION, Project, stages_run
from tests.stages.cards import run_cards


@pytest.fixture(scope="module")
def project(full_run, tmp_path_factory) -> Project:
    return full_run.twin(tmp_path_factory.mktemp("pipeline") / "clone")


@pytest.fixture(autouse=True)
def start_from_main(request):
    """Put back what the test before has changed, as far as git sees."""
    if "project" in request.fixturenames:
        project = request.getfixturevalue("project")
        if project.run("git status --porcelain"):
            project.back_to("main")


def test_a_full_run_makes_everything(project):
    folder = project.folder
    tracks = pd.read_csv(folder / "data/tracks.csv")
    assert len(tracks) == 60
    split = json.loads((folder / "data/split.json").read_text())
    sizes = {name: len(split[name]) for name in ("train", "val", "test")}
    assert sizes == {"train": 36, "val": 12, "test": 12}
    copies = {"original": 1, "cropped": 1, "original_aug": 3, "cropped_aug": 3}
    copies["cropped_aug_inj"] = 6
    for version, count in copies.items():
        for name, size in sizes.items():
            pictures = list((folder / "data/pictures" / version / name).glob("*/*.png"))
            assert len(pictures) == size * (count if name == "train" else 1), (version, name)
            assert {p.stem[: len(p.parent.name) + 5] for p in pictures} == {
                track.replace(".", "") for track in split[name]
            }
        with Image.open(pictures[0]) as picture:
            assert picture.size == ((335, 217) if "cropped" in version else (432, 288))

    assert len(run_cards(folder, list(tracks["genre"]))) == 17
    assert len(pd.read_csv(folder / "data/features/features_3_sec.csv")) == 120
    assert len(pd.read_csv(folder / "data/features/features_30_sec.csv")) == 60
    chosen = {name.removeprefix("beyond."): numbers for name, numbers in BEYOND.items()
              if name.startswith("beyond.") and name != "beyond.networks"}  # fmt: skip
    models = models_of(chosen)
    assert len(models) == 20
    for model in models:
        place = "learned" if model in ("ensemble-3.4", "ensemble-3.5") else "predictions"
        table = pd.read_csv(folder / f"data/{place}/{model}.csv")
        assert list(table["track"]) == list(tracks["track"])
        np.testing.assert_allclose(table.iloc[:, 3:].sum(axis=1), 1.0, rtol=1e-5)
        report = json.loads((folder / f"metrics/models/{model}.json").read_text())
        test = table[table["split"] == "test"]
        guessed = test.iloc[:, 3:].idxmax(axis=1)
        assert report["accuracy"] == pytest.approx((guessed == test["genre"]).mean(), abs=1e-6)
        assert report["tracks"] == 12
    for line in ("INFO: 60 of 60 tracks in 10 genres", "INFO: cnn-1.4: 6 epochs in "):
        assert line in project.first_output
    assert "absl" not in project.first_output
    assert project.run("dvc status -q") == ""


def test_a_second_run_runs_nothing(project):
    output = project.run("dvc repro")
    assert "Data and pipelines are up to date." in output
    assert stages_run(output) == set()


def test_only_what_hears_changed_tracks_depends_on_how_they_are_changed(project):
    params = project.folder / "params.yaml"
    values = yaml.safe_load(params.read_text())
    params.write_text(yaml.safe_dump(changed(values, {"robustness.transformations": ["quieter"]})))
    assert project.stale() == {"check_params", "robustness"}


def test_a_variant_that_does_not_exist_stops_at_once(project):
    output = project.run("dvc exp run -S model.variant=9.9", fails=True)
    *others, last = map(repr, CNNS)
    assert f"model.variant: should be {', '.join(others)} or {last}; it is 9.9" in output
    assert stages_run(output) == {"check_params"}


def test_training_again_gives_the_same_bytes(project):
    before = project.hashes()
    output = project.run("dvc repro -s -f train_cnn@1.0 train_rnn@1.2 train_hybrid")
    assert stages_run(output) == {"train_cnn@1.0", "train_rnn@1.2", "train_hybrid"}
    assert project.hashes() == before


def test_saved_models_take_raw_input_and_predict_the_same(project):
    folder = project.folder
    table = pd.read_csv(folder / "data/predictions/hybrid-2.0.csv").set_index("track")
    features = pd.read_csv(folder / "data/features/features_30_sec.csv")
    raw = features.drop(columns=["filename", "length", "label"]).to_numpy("f4")
    pictures = []
    for track, split, genre in table[["split", "genre"]].itertuples():
        path = f"data/pictures/original/{split}/{genre}/{track.replace('.', '')}.png"
        with Image.open(folder / path) as picture:
            pictures.append(np.array(picture.convert("L").resize((48, 32), Image.BILINEAR)))
    x = {"picture": np.array(pictures)[..., None], "features": raw}
    model = keras.models.load_model(folder / "models/hybrid-2.0.keras")
    softmax = table.drop(columns=["split", "genre"]).to_numpy()
    np.testing.assert_allclose(model.predict(x, verbose=0), softmax, atol=1e-4)


def test_models_beyond_the_study_take_patches_of_sound_and_predict_the_same(project):
    folder = project.folder
    log_mels = LogMels.read(folder / "data/log_mels")
    patches = np.stack([cut(row.astype("f4"), stride=3) for row in log_mels.spectrograms])
    features = pd.read_csv(folder / "data/features/features_30_sec.csv")
    raw = features.drop(columns=["filename", "length", "label"]).to_numpy("f4")
    for name, x in (("musicnn-4.1", patches), ("musicnn-4.2", [patches, raw])):
        table = pd.read_csv(folder / f"data/predictions/{name}.csv", index_col="track")
        assert list(table.index) == list(log_mels.tracks)
        model = keras.models.load_model(folder / f"models/{name}.keras", safe_mode=True)
        softmax = table.drop(columns=["split", "genre"]).to_numpy()
        np.testing.assert_allclose(model.predict(x, verbose=0), softmax, atol=1e-4)


def test_what_is_said_of_a_corpus_track_is_its_row_in_the_tables(project):
    printed = project.run(f"{sys.executable} -m tests.stages.rows")
    found = dict(line.rsplit(" ", 1) for line in printed.splitlines() if line.startswith("row: "))
    assert len(found) == 20
    assert set(found.values()) == {"equal"}, printed


def test_another_rnn_runs_the_ensembles_again_only_and_changed_tracks_are_heard(project):
    changes = "-S rnn.variant=1.0 -S 'robustness.transformations=[first_10_s, band_4_khz]'"
    output = project.run(f"dvc exp run {changes}")
    assert stages_run(output) == {"check_params", "ensembles", *EVALUATION}
    table = pd.read_csv(project.folder / "data/robustness.csv")
    assert len(table) == 2 * 20
    metrics = json.loads((project.folder / "metrics/robustness.json").read_text())
    # Tracks of 6.5 s have no more than 10 s.
    assert all(cell["changed"] == 0 for cell in metrics["first_10_s"].values())
    assert any(cell["changed"] > 0 for cell in metrics["band_4_khz"].values())
    report = html.unescape((project.folder / "plots/report.html").read_text())
    assert metrics["verdict"] in report


def test_a_missing_corpus_is_an_error_that_names_the_parameter(project):
    changes = "-S data.source=folder -S data.path=data/raw"
    output = project.run(f"dvc exp run {changes}", fails=True)
    assert "ERROR: data.path: data/raw holds neither genres_original/GENRE/*.wav" in output
    assert stages_run(output) == {"check_params", "download"}
