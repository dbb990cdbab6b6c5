"""Predictions with known scores."""

import numpy as np
import pandas as pd
import pytest

from genre.evaluation.predictions import make_table

# True genre, predicted genre, tracks.
COUNTS = [("blues", "blues", 8), ("blues", "jazz", 2), ("jazz", "jazz", 5), ("jazz", "pop", 5)]


@pytest.fixture
def table() -> pd.DataFrame:
    """Predictions with known scores; nobody is taken for what pop is, which is always wrong."""
    pairs = [(t, p) for t, p, n in [*COUNTS, ("pop", "blues", 4)] for _ in range(n)]
    tracks = [f"{true}.{k:05d}" for k, (true, _) in enumerate(pairs)]
    genres = pd.Series([true for true, _ in pairs], index=pd.Index(tracks, name="track"))
    classes = ["blues", "jazz", "pop"]
    softmax = np.array([[0.8 if c == p else 0.1 for c in classes] for _, p in pairs])
    split = pd.Series("test", index=genres.index)
    return make_table(genres, split, softmax)
