import numpy as np
import pandas as pd
import pytest

from genre.errors import InputError
from genre.evaluation.predictions import (
    labels_of,
    make_table,
    predicted,
    read_predictions,
    write_predictions,
)


def test_a_table_is_read_as_it_was_written(tmp_path, table):
    write_predictions(table, tmp_path / "a.csv")
    read = read_predictions(tmp_path / "a.csv")
    pd.testing.assert_frame_equal(read, table)
    assert (predicted(read)[read["genre"] == "pop"] == "blues").all()
    (tmp_path / "b.csv").write_text("a,b\n1,2\n")
    with pytest.raises(InputError, match="b.csv: not a table of predictions"):
        read_predictions(tmp_path / "b.csv")


def test_genres_that_look_like_something_else_are_read_as_they_are(tmp_path):
    genres = pd.Series({"1980.1": "1980", "1980.10": "1980", "NA.1": "NA"}).rename_axis("track")
    table = make_table(genres, pd.Series("test", index=genres.index), np.eye(3)[[0, 0, 1], :2])
    write_predictions(table, tmp_path / "a.csv")
    read = read_predictions(tmp_path / "a.csv")
    pd.testing.assert_frame_equal(read, table)
    assert (predicted(read) == read["genre"]).all()


def test_classes_are_in_alphabetical_order():
    genres = pd.Series(["rock", "blues", "jazz", "rock"])
    assert list(labels_of(genres)) == [2, 0, 1, 2]
