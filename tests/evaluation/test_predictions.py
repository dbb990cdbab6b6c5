import pandas as pd
import pytest

from genre.errors import InputError
from genre.evaluation.predictions import labels_of, predicted, read_predictions, write_predictions


def test_a_table_is_read_as_it_was_written(tmp_path, table):
    write_predictions(table, tmp_path / "a.csv")
    read = read_predictions(tmp_path / "a.csv")
    pd.testing.assert_frame_equal(read, table)
    assert (predicted(read)[read["genre"] == "pop"] == "blues").all()
    (tmp_path / "b.csv").write_text("a,b\n1,2\n")
    with pytest.raises(InputError, match="b.csv: not a table of predictions"):
        read_predictions(tmp_path / "b.csv")


def test_classes_are_in_alphabetical_order():
    genres = pd.Series(["rock", "blues", "jazz", "rock"])
    assert list(labels_of(genres)) == [2, 0, 1, 2]
