from genre.reporting.study import comparability


def test_the_studys_figures_stand_beside_those_of_its_own_split_only():
    sizes = {"train": 719, "val": 80, "test": 200}
    assert comparability("stratified", 23, sizes).startswith("The split is the study's")
    assert comparability("dataset", 1, sizes).startswith("The split is the study's")
    for scheme, seed, count in (
        ("stratified", 24, 200),
        ("grouped", 23, 200),
        ("stratified", 23, 20),
    ):
        said = comparability(scheme, seed, {**sizes, "test": count})
        assert said.startswith("The study's figures are not comparable")
        assert f"{scheme}, seed {seed}, with 719 train, 80 val, {count} test tracks" in said
