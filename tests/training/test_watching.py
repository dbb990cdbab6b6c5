"""What people see of a training while it runs: curves in a file, and lines in a log."""

import logging

import numpy as np
import pandas as pd
import pytest

from genre.errors import InputError
from genre.training import watching
from genre.training.watching import CurvesFile
from tests.training.test_fitting import killed_after, trained


class Clock:
    """Time that goes on by so many seconds whenever somebody looks at it."""

    def __init__(self, step: float) -> None:
        self._now, self._step = 0.0, step

    def monotonic(self) -> float:
        self._now += self._step
        return self._now


def written(table: pd.DataFrame) -> str:
    return table.round(6).to_csv(index=False, lineterminator="\n")


def test_curves_can_be_read_while_the_training_runs(tmp_path, monkeypatch):
    path = tmp_path / "plots/curves/cnn-1.0.csv"
    path.parent.mkdir(parents=True)
    path.write_text("what a training before left\n")
    write, seen = CurvesFile.on_epoch_end, []

    def write_and_read(self: CurvesFile, epoch: int, logs: dict) -> None:
        write(self, epoch, logs)
        seen.append(list(pd.read_csv(path)["epoch"]))

    monkeypatch.setattr(CurvesFile, "on_epoch_end", write_and_read)
    _, done = trained(epochs=3, patience=None, curves=path)
    assert seen == [[1], [1, 2], [1, 2, 3]]
    assert path.read_text() == written(done.curves)
    assert [file.name for file in path.parent.iterdir()] == ["cnn-1.0.csv"]


@pytest.mark.parametrize("epochs", [4, 6])
def test_curves_hold_the_epochs_from_before_the_training_was_killed(tmp_path, monkeypatch, epochs):
    monkeypatch.setenv("GENRE_CACHE", str(tmp_path / "cache"))
    path = tmp_path / "cnn-1.0.csv"
    killed_after(4, monkeypatch, epochs=6, patience=None, curves=path)
    assert list(pd.read_csv(path)["epoch"]) == [1, 2, 3, 4]
    path.unlink()  # as DVC does before it runs a stage
    _, done = trained(epochs=epochs, patience=None, backup=True, curves=path)
    assert len(done.curves) == epochs
    assert path.read_text() == written(done.curves)


@pytest.fixture
def lines(tmp_path, monkeypatch, caplog):
    """Gives the lines of a training that looks at the clock 8 times an epoch."""

    def log_of(seconds: float, **settings) -> list[str]:
        caplog.clear()
        monkeypatch.setattr(watching, "time", Clock(seconds))
        with caplog.at_level(logging.INFO, logger=watching.__name__):
            trained(patience=None, curves=tmp_path / "cnn-1.0.csv", **settings)
        return [record.getMessage() for record in caplog.records if record.name.endswith("ching")]

    return log_of


def test_a_short_training_logs_nothing(lines):
    assert lines(0.5, epochs=3) == []


def test_a_long_training_logs_a_line_now_and_then(lines):
    first, *_, last = found = lines(8.0, epochs=10)
    assert 15 <= len(found) <= 20
    assert first.startswith("cnn-1.0: 0.")
    assert "loss" not in first
    assert "of at most 10 epochs" in first
    assert last.startswith("cnn-1.0: 10.0 of at most 10 epochs")
    for name in (", loss ", ", accuracy ", ", validation loss ", ", validation accuracy "):
        assert name in last
    left = [int(line.split(", ")[-1].removesuffix(" min left at most")) for line in found]
    assert left == sorted(left, reverse=True)
    assert left[0] > 9
    assert left[-1] == 0


def test_a_line_of_a_training_that_goes_on_counts_from_where_it_was(lines, tmp_path, monkeypatch):
    monkeypatch.setenv("GENRE_CACHE", str(tmp_path / "cache"))
    killed_after(6, monkeypatch, epochs=8, patience=None)
    first, *_ = lines(31.0, epochs=8, backup=True)
    assert first.startswith("cnn-1.0: 6.1 of at most 8 epochs, accuracy ")


def test_a_terminal_shows_the_bar_of_keras_and_no_lines(lines, monkeypatch, capsys):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert lines(40.0, epochs=2) == []
    assert "Epoch 2/2" in capsys.readouterr().out


def test_watching_leaves_the_weights_as_they_are(tmp_path):
    watched, _ = trained(epochs=2, patience=None, curves=tmp_path / "cnn-1.0.csv")
    alone, _ = trained(epochs=2, patience=None)
    for ours, theirs in zip(watched.variables, alone.variables, strict=True):
        np.testing.assert_array_equal(ours, theirs, err_msg=ours.path)


def test_a_loss_that_is_no_number_is_not_drawn(tmp_path):
    path = tmp_path / "cnn-1.0.csv"
    with pytest.raises(InputError, match="is no number after epoch 1"):
        trained(epochs=2, patience=None, learning_rate=1e30, curves=path)
    assert not path.exists()
