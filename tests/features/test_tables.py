import numpy as np
import pandas as pd
import pytest

from genre.errors import InputError
from genre.features.definition import COLUMNS, FEATURES
from genre.features.tables import read_features


@pytest.fixture
def csv_file(tmp_path):
    rows = [
        (f"blues.00000.{k}.wav", 66149, *np.arange(float(len(FEATURES))) + k, "blues")
        for k in (2, 0, 1)
    ]
    path = tmp_path / "features_3_sec.csv"
    pd.DataFrame(rows, columns=list(COLUMNS)).to_csv(path, index=False)
    return path


def test_rows_are_read_in_the_order_of_the_tracks(csv_file):
    table = read_features(csv_file, pd.Index(["blues.00000"]), steps=10)
    assert list(table["filename"]) == [f"blues.00000.{k}.wav" for k in range(3)]


def test_a_missing_or_broken_csv_is_an_error(csv_file):
    tracks = pd.Index(["blues.00000"])
    with pytest.raises(InputError, match="the corpus has no features_30_sec.csv"):
        read_features(csv_file.with_name("features_30_sec.csv"), tracks)
    with pytest.raises(InputError, match="features_3_sec.csv lacks 1 tracks, the first blues"):
        read_features(csv_file, tracks)
    table = pd.read_csv(csv_file)
    broken = csv_file.read_text().splitlines()
    broken[2] = broken[2].replace("56.0", "much")
    csv_file.write_text("\n".join(broken))
    with pytest.raises(InputError, match=r"line 3 \(blues.00000.0.wav\): a feature is not a num"):
        read_features(csv_file, tracks, steps=10)
    table.drop(columns=["tempo", "label"]).to_csv(csv_file, index=False)
    with pytest.raises(InputError, match="has no column tempo, label: it is not GTZAN's"):
        read_features(csv_file, tracks, steps=10)


def test_the_columns_are_gtzans():
    assert len(COLUMNS) == 60
    assert COLUMNS[:4] == ("filename", "length", "chroma_stft_mean", "chroma_stft_var")
    assert COLUMNS[17:20] == ("perceptr_var", "tempo", "mfcc1_mean")
    assert COLUMNS[-3:] == ("mfcc20_mean", "mfcc20_var", "label")
