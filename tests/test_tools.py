import sys

import pandas as pd
import pytest

from genre.groups import read_groups
from tools import artists, gather


def test_the_index_becomes_groups(tmp_path, monkeypatch, capsys):
    index, groups = tmp_path / "index.txt", tmp_path / "groups.csv"
    index.write_text("## x\nblues.00001.wav ::: One, Two ::: a\nblues.00002.wav ::: One, Two :::\n")
    monkeypatch.setattr(sys, "argv", ["artists", str(index), str(groups)])
    artists.main()
    assert read_groups(groups).to_dict() == {"blues.00001": "one, two", "blues.00002": "one, two"}
    assert "2 tracks of 1 artists" in capsys.readouterr().out
    index.write_text("nonsense")
    with pytest.raises(SystemExit, match="line 1 is not"):
        artists.main()


def test_experiments_are_gathered_over_one_parameter():
    names = ["new", "old", "one", "two", "other"]
    params = pd.DataFrame(
        {"split.fold": [0, 0, 1, 2, 0], "seed": [23, 23, 23, 23, 7], "size": [[1, 2]] * 5},
        index=names,
    )
    scores = pd.DataFrame({"cnn.accuracy": [0.5, 0.1, 0.6, 0.7, 0.3]}, index=names)
    found = gather.gather(params, scores, "split.fold")
    assert found.loc[("23", "cnn.accuracy")].to_dict() == pytest.approx(
        {"mean": 0.6, "std": 0.1, "min": 0.5, "max": 0.7, "count": 3}
    )
    assert found.loc[("7", "cnn.accuracy"), "count"] == 1
