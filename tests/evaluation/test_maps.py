import numpy as np
import pytest

from genre.evaluation.maps import lay_out


def clouds(counts: list[int], size: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Points of some genres, whose means lie apart in the last two of many directions."""
    rng = np.random.default_rng(seed)
    labels = np.repeat(np.arange(len(counts)), counts)
    x = rng.normal(size=(len(labels), size))
    x[:, :3] *= 5  # what varies most has nothing to do with genre
    x[:, -1] += 6 * (labels == 1)
    x[:, -2] += 6 * (labels == 2)
    return x, labels


def test_genres_that_lie_apart_do_so_in_the_plane_and_in_their_order():
    x, labels = clouds([40, 40, 40], 10)
    train = np.arange(120) % 4 != 0
    places = lay_out(x, labels, train)
    assert places.shape == (120, 2)
    centres = np.stack([places[train & (labels == genre)].mean(axis=0) for genre in range(3)])
    distances = np.linalg.norm(places[~train][:, None] - centres, axis=2)
    assert (distances.argmin(axis=1) == labels[~train]).mean() > 0.95


def test_a_track_that_is_only_laid_into_the_plane_does_not_move_it():
    x, labels = clouds([20, 20, 20], 8)
    train = np.arange(60) % 3 != 0
    places = lay_out(x, labels, train)
    changed = x.copy()
    changed[0] = x[0] + 1
    after = lay_out(changed, np.where(np.arange(60) == 3, 2, labels), train)
    np.testing.assert_allclose(np.abs(after[1:]), np.abs(places[1:]))
    assert not np.allclose(after[0], places[0])


@pytest.mark.parametrize(
    ("counts", "size"), [([20, 20], 30), ([1, 1, 1], 4), ([2, 2], 2), ([9, 9, 9], 2)]
)
def test_two_genres_few_tracks_and_small_embeddings_have_a_plane_too(counts, size):
    x, labels = clouds(counts, size)
    places = lay_out(x, labels, np.ones(len(x), dtype=bool))
    assert places.shape == (len(x), 2)
    assert np.isfinite(places).all()
    assert places.std(axis=0).min() > 0
    assert (places[np.abs(places).argmax(axis=0), [0, 1]] > 0).all()


def test_a_network_that_says_the_same_of_all_tracks_has_a_map_without_directions():
    labels = np.repeat([0, 1, 2], 6)  # as a CNN whose ReLUs all died
    assert (lay_out(np.zeros((18, 8)), labels, np.arange(18) % 3 != 0) == 0).all()
