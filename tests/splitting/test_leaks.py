import pandas as pd
import pytest

from genre.corpus.demo.styles import GENRES
from genre.splitting.groups import gtzan_artists, join_groups
from genre.splitting.leaks import leak_report
from genre.splitting.schemes import grouped, stratified

NONE = pd.DataFrame(columns=["track", "other", "kind"])


def test_leaks_are_counted(gtzan_genres):
    split = stratified(gtzan_genres, test=0.2, val=0.1, seed=23)
    one, other = split["train"][0], split["test"][0]
    groups = pd.Series({one: "a", other: "a", split["test"][1]: "a", split["val"][0]: "b"})
    duplicates = pd.DataFrame(
        [(one, other, "exact"), (one, split["train"][1], "near")],
        columns=["track", "other", "kind"],
    )
    report = leak_report(gtzan_genres, split, groups, duplicates)
    assert report["tracks"]["test"] == {"all": 200, "genres": dict.fromkeys(GENRES, 20)}
    assert report["imbalance"] < 1
    assert report["groups"] == {
        "tracks_with_a_group": 4,
        "tracks_without_a_group": 995,
        "shared_by_train_and_val": 0,
        "shared_by_train_and_test": 1,
        "shared_by_val_and_test": 0,
        "test_tracks_in_those": 2,
        "names": ["a"],
    }
    assert report["duplicates"] == {
        "across_sides": 1,
        "pairs": [{"track": one, "other": other, "kind": "exact", "sides": "train, test"}],
    }


@pytest.mark.parametrize("sides", [("train", "val"), ("train", "test"), ("val", "test")])
def test_a_group_of_any_two_sides_is_counted(gtzan_genres, sides):
    split = stratified(gtzan_genres, test=0.2, val=0.1, seed=23)
    groups = pd.Series({split[side][k]: f"{k}" for side in sides for k in range(3)})
    found = leak_report(gtzan_genres, split, groups, NONE)["groups"]
    counts = {name: count for name, count in found.items() if name.startswith("shared_by_")}
    assert len(counts) == 3
    assert {name for name, count in counts.items() if count} == {
        "shared_by_{}_and_{}".format(*sides)
    }
    assert counts["shared_by_{}_and_{}".format(*sides)] == 3


def test_duplicates_that_nobody_looked_for_are_not_none(gtzan_genres):
    split = stratified(gtzan_genres, test=0.2, val=0.1, seed=23)
    groups = pd.Series(dtype=str)
    for duplicates, count in ((NONE, 0), (None, "not looked for")):
        report = leak_report(gtzan_genres, split, groups, duplicates)
        assert report["duplicates"] == {"across_sides": count, "pairs": []}


def test_the_leaks_of_the_studys_split(gtzan_genres):
    artists = gtzan_artists()
    split = stratified(gtzan_genres, test=0.2, val=0.1, seed=23)
    found = leak_report(gtzan_genres, split, artists, NONE)["groups"]
    assert found["test_tracks_in_those"] == 153
    assert found["tracks_without_a_group"] == 80
    groups = join_groups(gtzan_genres.index, artists, [])
    split = grouped(gtzan_genres, groups, test=0.2, val=0.1, seed=23)
    found = leak_report(gtzan_genres, split, artists, NONE)["groups"]
    assert [count for name, count in found.items() if name.startswith("shared_by_")] == [0, 0, 0]
