import pandas as pd
import pytest

from genre.corpus.tracks import is_gtzan


@pytest.mark.parametrize(
    ("source", "tracks", "expected"),
    [
        ("folder", ["blues.00000", "rock.00099"], True),
        ("gtzan", ["jazz.00053"], True),
        ("demo", ["blues.00000", "rock.00019"], False),
        ("folder", ["blues.00000", "blues.my song"], False),
        ("folder", ["blues.00100"], False),
        ("folder", ["salsa.00000"], False),
        ("folder", [], False),
    ],
)
def test_gtzan_is_known_by_its_names_and_the_demo_corpus_is_not_gtzan(source, tracks, expected):
    assert is_gtzan(source, pd.Index(tracks)) == expected
