import pandas as pd
import pytest
from sklearn.model_selection import train_test_split

from genre.corpus.styles import GENRES
from genre.errors import InputError
from genre.splits import read_split, stratified, write_split


@pytest.fixture
def gtzan_genres() -> pd.Series:
    """The 999 tracks of GTZAN that can be decoded, in its order."""
    names = [f"{genre}.{k:05d}" for genre in GENRES for k in range(100)]
    names.remove("jazz.00054")
    return pd.Series([name.split(".")[0] for name in names], index=names)


def test_the_studys_split_of_gtzan(gtzan_genres):
    split = stratified(gtzan_genres, test=0.2, val=0.1, seed=23)
    assert {name: len(tracks) for name, tracks in split.items()} == {
        "train": 719,
        "val": 80,
        "test": 200,
    }
    tracks, labels = list(gtzan_genres.index), list(gtzan_genres)
    rest, test, rest_labels, _ = train_test_split(
        tracks, labels, test_size=0.2, stratify=labels, random_state=23
    )
    train, val = train_test_split(rest, test_size=0.1, stratify=rest_labels, random_state=23)
    assert {name: set(tracks) for name, tracks in split.items()} == {
        "train": set(train),
        "val": set(val),
        "test": set(test),
    }
    assert gtzan_genres[split["test"]].value_counts().eq(20).all()


def test_every_track_is_in_one_split(gtzan_genres):
    split = stratified(gtzan_genres, test=0.3, val=0.2, seed=1)
    members = [track for tracks in split.values() for track in tracks]
    assert sorted(members) == sorted(gtzan_genres.index)


def test_another_seed_gives_another_split(gtzan_genres):
    one, two = (stratified(gtzan_genres, test=0.2, val=0.1, seed=seed) for seed in (23, 24))
    assert one["test"] != two["test"]


def test_a_small_corpus_has_a_track_of_each_genre_in_each_split(gtzan_genres, caplog):
    small = gtzan_genres.groupby(gtzan_genres).head(10)
    split = stratified(small, test=0.2, val=0.1, seed=23)
    for name, count in {"train": 7, "val": 1, "test": 2}.items():
        assert small[split[name]].value_counts().eq(count).all()
    assert "split.val: 0.1 gives 8 tracks; it is 10, one a genre" in caplog.text


def test_too_few_tracks_are_an_error(gtzan_genres):
    few = gtzan_genres.groupby(gtzan_genres).head(2)
    with pytest.raises(InputError, match="split: 20 tracks .* are too few"):
        stratified(few, test=0.2, val=0.1, seed=23)


def test_a_split_is_read_as_it_was_written(tmp_path, gtzan_genres):
    split = stratified(gtzan_genres, test=0.2, val=0.1, seed=23)
    write_split(split, tmp_path / "split.json", scheme="stratified", seed=23)
    table = read_split(tmp_path / "split.json")
    assert {name: list(table.index[table == name]) for name in split} == split
