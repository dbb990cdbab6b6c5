"""The running median is that of scipy, to the last bit."""

import numpy as np
import pytest
import scipy.ndimage

from genre.features.medians import AT_ONCE, running_median


def made(kind: str, shape: tuple[int, int]) -> np.ndarray:
    random = np.random.default_rng(shape)
    return {
        "random": lambda: random.gamma(0.3, size=shape),
        "tied": lambda: random.integers(0, 4, shape),
        "rising": lambda: np.arange(shape[0] * shape[1]).reshape(shape),
        "zeros": lambda: np.zeros(shape),
    }[kind]().astype("f4")


@pytest.mark.parametrize("kind", ["random", "tied", "rising", "zeros"])
@pytest.mark.parametrize("shape", [(31, 1), (32, 7), (130, 1025), (1025, 130), (1000, 40)])
def test_running_medians_are_scipys_along_either_axis(kind, shape):
    for values in (made(kind, shape), np.asfortranarray(made(kind, shape))):
        found = running_median(values)
        assert found.dtype == values.dtype
        assert found.strides == values.strides
        expected = scipy.ndimage.median_filter(values, size=(31, 1), mode="reflect")
        assert np.array_equal(found, expected)
        expected = scipy.ndimage.median_filter(values.T, size=(1, 31), mode="reflect")
        assert np.array_equal(found.T, expected)


# scipy reads what no one has written where there are only a few rows.
@pytest.mark.parametrize("n", [*range(1, 34), 47, 48, 49, 2 * AT_ONCE])
@pytest.mark.parametrize("kind", ["random", "tied"])
def test_few_rows_are_mirrored_again_and_again_and_many_are_medians_too(kind, n):
    values = made(kind, (n, 3))
    mirrored = np.pad(values, ((15, 15), (0, 0)), mode="symmetric")
    windows = np.lib.stride_tricks.sliding_window_view(mirrored, 31, axis=0)
    assert np.array_equal(running_median(values), np.median(windows, axis=-1))
