import numpy as np
import pytest

from genre.pictures import noise
from tests.pictures.conftest import BOX, outside

NOISE = {"salt_pepper": 0.05, "gaussian": 0.1, "poisson": 64.0}


def test_noise_is_of_three_kinds_and_touches_colours_only(framed):
    framed[BOX][..., :3] = 128
    kinds = {"salt and pepper": 0, "gaussian": 0, "poisson": 0}
    for seed in range(150):
        noisy = noise.add_noise(framed, np.random.default_rng(seed), **NOISE)
        np.testing.assert_array_equal(outside(noisy), outside(framed))
        np.testing.assert_array_equal(noisy[..., 3], framed[..., 3])
        values = noisy[BOX][..., :3].astype(float)
        if np.isin(values, (0, 128, 255)).all():
            kinds["salt and pepper"] += 1
            struck = (values != 128).any(axis=2)
            assert struck.mean() == pytest.approx(0.05, abs=0.005)
            assert (values[struck].std(axis=1) == 0).all()  # a pixel turns black or white
        elif values.std() == pytest.approx(25.5, rel=0.05):
            kinds["gaussian"] += 1
        else:
            # Counts of mean 128 x 64 / 255, in steps of 255 / 64.
            assert values.std() == pytest.approx(np.sqrt(128 * 64 / 255) * 255 / 64, rel=0.05)
            kinds["poisson"] += 1
        assert values.mean() == pytest.approx(128, abs=2)
    assert min(kinds.values()) > 30
