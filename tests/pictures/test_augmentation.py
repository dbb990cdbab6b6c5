import numpy as np
import pytest

from genre.pictures import augmentation, noise
from tests.pictures.conftest import BOX, outside
from tests.pictures.test_noise import NOISE

AUGMENTATION = {
    "frequency_mask": 50,
    "time_mask": 65,
    "mask_probability": 0.6,
    "reverse_probability": 0.5,
}


@pytest.mark.parametrize("axis", [0, 1])
def test_a_mask_is_one_black_band_of_the_content(framed, axis):
    lengths = set()
    for seed in range(60):
        masked = augmentation.mask(framed, axis=axis, longest=30, rng=np.random.default_rng(seed))
        black = (masked[BOX][..., :3] == 0).all(axis=(2, 1 - axis))
        band = np.flatnonzero(black)
        lengths.add(len(band))
        assert len(band) == 0 or band[-1] - band[0] + 1 == len(band)
        np.testing.assert_array_equal(outside(masked), outside(framed))
        np.testing.assert_array_equal(masked[..., 3], framed[..., 3])
        kept = np.take(masked[BOX], np.flatnonzero(~black), axis=axis)
        np.testing.assert_array_equal(kept, np.take(framed[BOX], np.flatnonzero(~black), axis=axis))
    assert min(lengths) <= 2
    assert 28 <= max(lengths) <= 30


def test_reversal_mirrors_the_content_in_time(framed):
    mirrored = augmentation.reverse(framed)
    np.testing.assert_array_equal(mirrored[BOX][..., :3], framed[BOX][:, ::-1, :3])
    np.testing.assert_array_equal(outside(mirrored), outside(framed))
    np.testing.assert_array_equal(mirrored[..., 3], framed[..., 3])


def test_augmentation_happens_as_often_as_asked(framed):
    altered = [
        augmentation.augment(framed, np.random.default_rng(seed), **AUGMENTATION)
        for seed in range(200)
    ]
    same = np.mean([(picture == framed).all() for picture in altered])
    # 0.4 x 0.4 x 0.5, a mask of no length aside.
    assert same == pytest.approx(0.09, abs=0.06)
    for picture in altered:
        np.testing.assert_array_equal(outside(picture), outside(framed))


def test_augmentation_and_noise_leave_the_original_alone(framed):
    before = framed.copy()
    rng = np.random.default_rng(0)
    for _ in range(10):
        augmentation.augment(framed, rng, **AUGMENTATION)
        noise.add_noise(framed, rng, **NOISE)
    np.testing.assert_array_equal(framed, before)
