import pandas as pd

from genre.corpus.demo.styles import GENRES
from genre.splitting.groups import join_groups, sturm_artists
from genre.splitting.leaks import leak_report
from genre.splitting.schemes import grouped, stratified


def test_leaks_are_counted(gtzan_genres):
    split = stratified(gtzan_genres, test=0.2, val=0.1, seed=23)
    one, other = split["train"][0], split["test"][0]
    groups = pd.Series({one: "a", other: "a", split["test"][1]: "a", split["val"][0]: "b"})
    duplicates = pd.DataFrame(
        [(one, other, "exact"), (one, split["train"][1], "near")],
        columns=["track", "other", "kind"],
    )
    report = leak_report(gtzan_genres, split, groups, duplicates)
    assert report["tracks"]["test"] == {"all": 200, **dict.fromkeys(GENRES, 20)}
    assert report["imbalance"] < 1
    assert report["groups"] == {
        "tracks_with_a_group": 4,
        "shared_by_train_and_test": 1,
        "test_tracks_in_those": 2,
        "shared_by_train_and_val": 0,
        "names": ["a"],
    }
    assert report["duplicates"] == {
        "across_sides": 1,
        "pairs": [{"track": one, "other": other, "kind": "exact", "sides": "train, test"}],
    }


def test_the_leaks_of_the_studys_split(gtzan, gtzan_genres):
    artists = sturm_artists((gtzan / "splits/GTZANindex.txt").read_text())
    none = pd.DataFrame(columns=["track", "other", "kind"])
    split = stratified(gtzan_genres, test=0.2, val=0.1, seed=23)
    assert leak_report(gtzan_genres, split, artists, none)["groups"]["test_tracks_in_those"] == 152
    groups = join_groups(gtzan_genres.index, artists, [])
    split = grouped(gtzan_genres, groups, test=0.2, val=0.1, seed=23)
    report = leak_report(gtzan_genres, split, artists, none)
    assert report["groups"]["shared_by_train_and_test"] == 0
    assert report["groups"]["shared_by_train_and_val"] == 0
