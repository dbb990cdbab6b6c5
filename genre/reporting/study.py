"""The figures that the study published, and whether ours may be set beside them."""

# Accuracy and macro F1 of each model (GTZAN 2.0, January 2026); one F1 was not kept.
PUBLISHED = {
    "cnn-0.0": (0.650, 0.645),
    "cnn-1.0": (0.710, 0.705),
    "cnn-1.1": (0.630, 0.616),
    "cnn-1.2": (0.667, 0.658),
    "cnn-1.3": (0.640, 0.634),
    "cnn-1.4": (0.733, 0.728),
    "rnn-0.0": (0.310, 0.309),
    "rnn-1.0": (0.255, 0.227),
    "rnn-1.1": (0.700, 0.697),
    "rnn-1.2": (0.760, 0.755),
    "hybrid-2.0": (0.790, 0.789),
    "ensemble-3.1": (0.800, 0.794),
    "ensemble-3.2": (0.810, 0.806),
    "ensemble-3.3": (0.795, None),
}
SIZES = {"train": 719, "val": 80, "test": 200}


def comparability(scheme: str, seed: int, sizes: dict[str, int]) -> str:
    """Say whether scores on a split of GTZAN can be compared with the study's.

    Parameters
    ----------
    scheme : str
        The split's scheme.
    seed : int
        Its seed.
    sizes : dict
        The number of tracks of "train", "val" and "test".
    """
    if scheme == "dataset" or (scheme == "stratified" and seed == 23 and sizes == SIZES):
        return (
            "The split is the study's, so its figures stand beside ours; but it scored CNN 1.2, "
            "1.3 and 1.4 on 300 tracks of another split, and picture sizes and epochs may differ."
        )
    counts = ", ".join(f"{count} {name}" for name, count in sizes.items())
    return (
        f"The study's figures are not comparable with these: it drew its test tracks at random "
        f"from all of GTZAN (719 train, 80 val, 200 test, seed 23), which shares artists and "
        f"duplicates with training; here the split is {scheme}, seed {seed}, with {counts} tracks."
    )
