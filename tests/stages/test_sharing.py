"""What one person has run, another takes from a shared DVC remote."""

from tests.project import SMALL, Project, stages_run

TARGET = "dvc repro train_rnn@1.0"


def test_what_one_has_run_another_pulls(tmp_path):
    first = Project(tmp_path / "first", SMALL)
    first.run(f"dvc remote add --default storage {tmp_path / 'storage'}")
    first.run(TARGET)
    first.commit("a run")
    first.run("dvc push")
    second = first.clone(tmp_path / "second")
    second.run("dvc pull --with-deps train_rnn@1.0")
    assert stages_run(second.run(TARGET)) == set()
    for name in ("models/rnn-1.0.keras", "data/features/features_3_sec.csv"):
        assert (second.folder / name).read_bytes() == (first.folder / name).read_bytes()

    for person in (first, second):
        params = person.folder / "params.yaml"
        before = params.read_text()
        params.write_text(before.replace("learning_rate: 0.001", "learning_rate: 0.002"))
        assert params.read_text() != before
    assert "train_rnn@1.0" in stages_run(first.run(TARGET))
    first.run("dvc push --run-cache")
    second.run("dvc pull --with-deps --run-cache train_rnn@1.0")
    assert stages_run(second.run(f"{TARGET} --pull")) == set()
    assert second.hashes() == first.hashes()
