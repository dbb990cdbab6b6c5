import numpy as np
import pandas as pd
import pytest

from genre.errors import InputError
from genre.evaluation.predictions import (
    column_of,
    genre_of,
    labels_of,
    make_table,
    predicted,
    probabilities_of,
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


# As columns of a table, as numbers, as what pandas takes for missing, and as what one of them is
# written as.
NAMES = ["1980", "None", "NA", "nan", "genre", "track", "split", "model", "genre:split", "Música",
         "genre:genre:split", "a,b", "genre:x", "1e5", "other", "predicted", "shared"]  # fmt: skip


def test_genres_and_tracks_of_any_name_are_read_as_they_were_written(tmp_path):
    genres = pd.Series(NAMES, index=pd.Index([f"{name}.01" for name in NAMES], name="track"))
    softmax = np.eye(len(NAMES))[labels_of(genres)]
    table = make_table(genres, pd.Series("test", index=genres.index), softmax)
    write_predictions(table, tmp_path / "a.csv")
    read = read_predictions(tmp_path / "a.csv")
    pd.testing.assert_frame_equal(read, table)
    assert list(probabilities_of(read)) == sorted(NAMES)
    assert set(probabilities_of(read).dtypes) == {np.dtype("f8")}
    assert list(predicted(read)) == list(read["genre"]) == NAMES


def test_only_a_genre_that_is_called_as_another_column_has_one_of_another_name():
    assert [column_of(name) for name in ("jazz", "R&B", "genre:x", "tracks")] == [
        "jazz", "R&B", "genre:x", "tracks",
    ]  # fmt: skip
    assert column_of("split") == "genre:split"
    assert len(set(map(column_of, NAMES)) | {"track", "split", "genre"}) == len(NAMES) + 3
    assert [genre_of(column_of(name)) for name in NAMES] == NAMES
