import pandas as pd
import pytest
from sklearn.model_selection import train_test_split

from genre.corpus.demo.styles import GENRES
from genre.errors import InputError
from genre.splitting.groups import join_groups
from genre.splitting.schemes import grouped, kfold, listed, stratified
from genre.splitting.splits import read_split, write_split
from tests.splitting.conftest import names_of


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


def sides(split: dict[str, list[str]], groups: pd.Series) -> pd.Series:
    """On how many sides each group is."""
    side = pd.Series({track: name for name, tracks in split.items() for track in tracks})
    return side.groupby(groups.reindex(side.index)).nunique()


def test_groups_and_pairs_stay_together(gtzan_genres, artists):
    pairs = [("metal.00034", "metal.00094"), ("pop.00001", "rock.00002")]
    groups = join_groups(gtzan_genres.index, artists, [*pairs, ("not.there", "pop.00001")])
    assert groups["metal.00034"] == groups["metal.00094"]
    assert groups["pop.00001"] == groups["rock.00002"] == groups["pop.00011"]
    assert groups["pop.00093"] not in set(groups.drop("pop.00093"))
    for draw in (
        lambda: grouped(gtzan_genres, groups, test=0.2, val=0.1, seed=23),
        lambda: kfold(gtzan_genres, groups, folds=5, fold=4, val=0.1, seed=23),
    ):
        split = draw()
        assert split == draw()
        assert (sides(split, groups) == 1).all()
        assert sorted(sum(split.values(), [])) == sorted(gtzan_genres.index)
        assert 170 <= len(split["test"]) <= 230
        assert 60 <= len(split["val"]) <= 110
        assert gtzan_genres[split["test"]].value_counts().between(12, 28).all()


def test_without_groups_a_grouped_split_is_stratified(gtzan_genres):
    own = join_groups(gtzan_genres.index, pd.Series(dtype=str), [])
    split = grouped(gtzan_genres, own, test=0.2, val=0.1, seed=23)
    assert [len(split[name]) for name in ("train", "val", "test")] == [719, 80, 200]
    assert gtzan_genres[split["test"]].value_counts().eq(20).all()


def test_every_track_is_tested_in_one_fold(gtzan_genres, artists):
    groups = join_groups(gtzan_genres.index, artists, [])
    parts = [kfold(gtzan_genres, groups, folds=4, fold=k, val=0.1, seed=23) for k in range(4)]
    tested = [track for part in parts for track in part["test"]]
    assert sorted(tested) == sorted(gtzan_genres.index)


def test_a_genre_of_one_group_is_trained_on(gtzan_genres, artists, caplog):
    groups = artists.reindex(gtzan_genres.index).fillna(gtzan_genres)
    groups[gtzan_genres == "rock"] = "all of rock"
    split = grouped(gtzan_genres, groups, test=0.2, val=0.1, seed=23)
    assert sum(gtzan_genres[split["train"]] == "rock") == 100
    assert (sides(split, groups) == 1).all()
    assert "no test track of rock" in caplog.text


def test_too_many_folds_are_an_error(gtzan_genres):
    few = gtzan_genres.groupby(gtzan_genres).head(3)
    own = join_groups(few.index, pd.Series(dtype=str), [])
    with pytest.raises(InputError, match="split: 30 tracks cannot make 40 folds"):
        kfold(few, own, folds=40, fold=0, val=0.1, seed=23)


def test_groups_that_cannot_be_split_are_an_error(gtzan_genres):
    groups = join_groups(gtzan_genres.index, gtzan_genres, [])
    with pytest.raises(InputError, match="split: 999 tracks of 10 groups are too few to keep"):
        grouped(gtzan_genres, groups, test=0.2, val=0.1, seed=23)


def take(genres: pd.Series, lists: dict[str, list[str]], groups: pd.Series | None = None, **other):
    """The split that lists make of GTZAN; each track is its own group if there are none."""
    own = join_groups(genres.index, pd.Series(dtype=str) if groups is None else groups, [])
    return listed(genres, lists, names_of(genres), own, **{"val": 0.1, "seed": 23, **other})


def test_a_genre_without_training_tracks_is_an_error(gtzan_genres):
    lists = {"train": ["blues.00000"], "val": ["jazz.00000"], "test": ["jazz.00001"]}
    with pytest.raises(InputError, match="split: no train track of jazz: add tracks, or choose"):
        take(gtzan_genres, lists)


def test_lists_are_kept_to(gtzan_genres, caplog):
    names = [f"{genre}.{k:05d}" for genre in GENRES for k in range(6)]
    lists = {"train": names[::2], "val": names[1::4], "test": [*names[3::4], "jazz.00054"]}
    split = take(gtzan_genres, lists)
    assert {name: set(split[name]) for name in split} == {
        name: set(lists[name]) - {"jazz.00054"} for name in lists
    }
    assert "the test list: 1 of 16 names are of no track of the corpus" in caplog.text
    with pytest.raises(InputError, match="blues.00000 is listed in both train and test"):
        take(gtzan_genres, {**lists, "test": names[:1]})
    with pytest.raises(InputError, match="split: no test track of any genre|no test track"):
        take(gtzan_genres, {**lists, "test": []})
    with pytest.raises(InputError, match="split: no train track of"):
        take(gtzan_genres, {"train": ["nobody"], "test": names[:1]})


def test_tracks_in_no_list_are_counted_and_lost_genres_named(gtzan_genres, caplog):
    names = list(gtzan_genres.index)
    take(gtzan_genres, {"train": names[::3], "val": names[1::3], "test": names[2::3]})
    assert "no list" not in caplog.text
    names = [f"{genre}.{k:05d}" for genre in GENRES[:-2] for k in range(6)]
    take(gtzan_genres, {"train": names[::3], "val": names[1::3], "test": names[2::3]})
    left = len(gtzan_genres) - len(names)
    assert f"{left} of the {len(gtzan_genres)} tracks are in no list, and not used" in caplog.text
    assert f"not used: all of {', '.join(GENRES[-2:])}" in caplog.text


def test_validation_tracks_are_drawn_where_there_is_no_list_of_them(gtzan_genres, artists, caplog):
    lists = {"train": list(gtzan_genres.index[::2]), "test": list(gtzan_genres.index[1::2])}
    split = take(gtzan_genres, lists, val=0.2)
    assert set(split["train"]) | set(split["val"]) == set(lists["train"])
    assert set(split["test"]) == set(lists["test"])
    assert gtzan_genres[split["val"]].value_counts().between(9, 11).all()
    assert "there is no val list: 100 of the 500 tracks of the train list are drawn" in caplog.text
    assert take(gtzan_genres, lists, val=0.2) == split
    assert take(gtzan_genres, lists, val=0.2, seed=24) != split
    by_artist = take(gtzan_genres, lists, artists, val=0.2)
    trained = {"train": by_artist["train"], "val": by_artist["val"]}
    assert (sides(trained, artists) == 1).all()


def test_something_is_left_to_train_on_whatever_the_share():
    names = [f"{genre}.{k}" for genre in "abc" for k in range(5)]
    genres = pd.Series([name[0] for name in names], index=names)
    own = join_groups(genres.index, pd.Series(dtype=str), [])
    split = grouped(genres, own, test=0.5, val=0.9, seed=23)
    assert all(genres[split[side]].nunique() == 3 for side in ("train", "val", "test"))


@pytest.mark.parametrize("share", [0.02, 0.05, 0.1, 0.15, 0.3, 0.37, 0.5])
def test_a_grouped_share_is_kept_to(gtzan_genres, share):
    genres = gtzan_genres[::2]
    own = join_groups(genres.index, pd.Series(dtype=str), [])
    split = grouped(genres, own, test=share, val=0.1, seed=23)
    assert len(split["test"]) == pytest.approx(share * len(genres), abs=6)
    counts = genres[split["test"]].value_counts()
    assert counts.max() - counts.min() <= 2
