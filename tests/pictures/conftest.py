"""A picture to try things on."""

import numpy as np
import pytest

BOX = (slice(35, 252), slice(54, 389))


@pytest.fixture
def framed() -> np.ndarray:
    """A picture of GTZAN's form, RGBA, with an alpha that varies."""
    rng = np.random.default_rng(0)
    picture = np.full((288, 432, 4), 255, np.uint8)
    picture[BOX][..., :3] = rng.integers(20, 230, (217, 335, 3))
    picture[..., 3] = rng.integers(100, 255, (288, 432))
    return picture


def outside(picture: np.ndarray) -> np.ndarray:
    where = np.ones(picture.shape[:2], bool)
    where[BOX] = False
    return picture[where]
