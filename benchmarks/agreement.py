"""Set our features of GTZAN beside the published ones, and print a table.

Usage: python -m benchmarks.agreement path/to/gtzan
"""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
import soundfile

from genre.features.definition import FEATURES
from genre.features.extraction import extract
from genre.work.parallel import for_each

WHOLE = 29.0  # seconds, at least, of a track that is not cut short


def features_of(path: Path) -> np.ndarray | None:
    """Our features of a track, if the whole of it is there."""
    samples, sr = soundfile.read(path, dtype="float32")
    return extract(samples, sr=sr) if len(samples) >= WHOLE * sr else None


def agreement(ours: pd.DataFrame, published: pd.DataFrame) -> pd.DataFrame:
    """The differences by feature, over tracks.

    Parameters
    ----------
    ours, published : pd.DataFrame [index: file name, columns: FEATURES]
        Features of the same tracks.

    Returns
    -------
    pd.DataFrame [index: feature]
        Median and largest relative difference, largest difference, and in how many tracks the
        relative one is at most 1e-4.
    """
    difference = (ours - published).abs()
    relative = difference / published.abs()
    return pd.DataFrame(
        {
            "median relative": relative.median(),
            "largest relative": relative.max(),
            "largest": difference.max(),
            "tracks within 1e-4": (relative <= 1e-4).sum(),
        }
    )


def main() -> None:
    """Compare every whole track of a corpus."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("gtzan", type=Path, help="holds genres_original/ and features_30_sec.csv")
    gtzan = parser.parse_args().gtzan
    paths = sorted(gtzan.glob("genres_original/*/*.wav"))
    found = dict(zip(paths, for_each(features_of, paths, description="features"), strict=True))
    rows = {path.name: values for path, values in found.items() if values is not None}
    ours = pd.DataFrame.from_dict(rows, orient="index", columns=list(FEATURES))
    published = pd.read_csv(gtzan / "features_30_sec.csv", index_col="filename")
    table = agreement(ours, published.loc[ours.index, list(FEATURES)])
    numbers = {name: column.map("{:.1e}".format) for name, column in table.iloc[:, :3].items()}
    table = table.assign(**numbers)
    print(f"{len(ours)} whole tracks\n")
    print(table.to_markdown())


if __name__ == "__main__":
    main()
