import numpy as np
import pytest

from genre.features.embeddings import PENULTIMATE, Embeddings, hear
from genre.features.patches import FRAMES, N_MELS


def network(patches):
    """An embedding of one number, twice that of the penultimate layer's 200."""
    means = patches.mean(axis=(1, 2))[:, np.newaxis]
    return np.hstack([2 * means, np.repeat(means, PENULTIMATE, axis=1)])


@pytest.mark.parametrize(
    ("frames", "stride", "steps"),
    [(5, 1, [0, 1, 2, 3, 4]), (5, 2, [0, None, 2, None, 4]), (3, 2, [0, None, 2, None, None]),
     (6, 1, [0, 1, 2, 3, 4])],
)  # fmt: skip
def test_each_patch_that_is_heard_is_in_its_step_and_in_the_mean(frames, stride, steps):
    log_mel = np.repeat(np.arange(frames), FRAMES)[:, np.newaxis] * np.ones(N_MELS, np.float16)
    whole, found = hear(network, log_mel, stride=stride, patches=5)
    expected = np.array([np.nan if step is None else step for step in steps])
    np.testing.assert_array_equal(found, expected[:, np.newaxis] * np.ones(PENULTIMATE))
    mean = np.arange(0, frames, stride).mean()
    np.testing.assert_allclose(whole, [2 * mean, *[mean] * PENULTIMATE])
    assert found.dtype == whole.dtype == np.float32


def test_embeddings_are_read_as_they_were_written(tmp_path):
    steps = np.array([[[1.0, np.nan]]], np.float32)
    Embeddings(np.array(["a"]), np.ones((1, 3), np.float32), steps).save(tmp_path / "deep/a.npz")
    again = Embeddings.load(tmp_path / "deep/a.npz")
    assert list(again.tracks) == ["a"]
    np.testing.assert_array_equal(again.whole, np.ones((1, 3)))
    np.testing.assert_array_equal(again.steps, steps)
