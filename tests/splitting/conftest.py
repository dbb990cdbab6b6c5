"""GTZAN's tracks, and artists of theirs."""

import pandas as pd
import pytest

from genre.corpus.demo.styles import GENRES
from genre.splitting.names import Names


def names_of(genres: pd.Series) -> Names:
    """What tracks go by that lie in GTZAN's layout."""
    files = [f"genres_original/{genre}/{track}.wav" for track, genre in genres.items()]
    return Names(pd.DataFrame({"genre": genres, "source": files}))


@pytest.fixture
def gtzan_genres() -> pd.Series:
    """The 999 tracks of GTZAN that can be decoded, in its order."""
    names = [f"{genre}.{k:05d}" for genre in GENRES for k in range(100)]
    names.remove("jazz.00054")
    return pd.Series([name.split(".")[0] for name in names], index=names)


@pytest.fixture
def artists(gtzan_genres) -> pd.Series:
    """Ten artists a genre: one with twelve tracks, and nine with less."""
    numbers = pd.Series(range(len(gtzan_genres)), index=gtzan_genres.index) % 100
    names = gtzan_genres + " artist " + (numbers.clip(lower=11) // 11).astype(str)
    return names[numbers < 90]
