import numpy as np
import pytest
from PIL import Image

from genre.errors import InputError
from genre.pictures import augmentation, noise
from genre.pictures import png as pictures

AUGMENTATION = {
    "frequency_mask": 50,
    "time_mask": 65,
    "mask_probability": 0.6,
    "reverse_probability": 0.5,
}
NOISE = {"salt_pepper": 0.05, "gaussian": 0.1, "poisson": 64.0}
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


def test_the_frame_is_found_not_trusted(framed):
    assert pictures.content_box(framed).slices == BOX
    assert pictures.has_frame(framed)
    moved = np.roll(framed, (7, -20), axis=(0, 1))
    assert pictures.content_box(moved) == (42, 259, 34, 369)
    assert pictures.crop(framed).shape == (217, 335, 4)
    np.testing.assert_array_equal(pictures.crop(framed), framed[BOX])


def test_a_picture_without_frame_stays_whole(framed):
    content = framed[BOX]
    assert not pictures.has_frame(content)
    np.testing.assert_array_equal(pictures.crop(content), content)
    white = np.full((20, 30, 3), 255, np.uint8)
    assert pictures.crop(white).shape == white.shape


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


@pytest.mark.parametrize(("colour", "channels"), [("grey", 1), ("rgb", 3), ("rgba", 4)])
def test_pictures_come_in_the_size_and_colour_asked_for(tmp_path, framed, colour, channels):
    framed[..., 3] = 255
    paths = [tmp_path / f"{k}.png" for k in range(3)]
    for k, path in enumerate(paths):
        path.write_bytes(pictures.encode(np.roll(framed, k, axis=0)))
    array = pictures.stack(paths, tmp_path / "x.npy", size=(96, 144), colour=colour)
    assert array.shape == (3, 96, 144, channels)
    assert array.dtype == np.uint8
    whole = pictures.scaled(paths[0], size=(288, 432), colour="rgba")
    np.testing.assert_array_equal(whole, framed)
    assert array[0].mean() == pytest.approx(
        pictures.scaled(paths[0], size=(288, 432), colour=colour).mean(), abs=1
    )


def test_encoding_twice_gives_the_same_bytes(tmp_path, framed):
    (tmp_path / "a.png").write_bytes(pictures.encode(framed))
    (tmp_path / "b.png").write_bytes(pictures.encode(framed))
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
    np.testing.assert_array_equal(pictures.load(tmp_path / "a.png"), framed)


@pytest.mark.parametrize("cut", [0, 20, 2000])
def test_a_broken_picture_is_named(tmp_path, framed, cut):
    path = tmp_path / "blues00000.png"
    Image.fromarray(framed).save(path)
    path.write_bytes(path.read_bytes()[:cut])
    for read in (pictures.load, lambda p: pictures.scaled(p, size=(9, 9), colour="grey")):
        with pytest.raises(InputError, match="blues00000.png: not a whole picture"):
            read(path)


def test_real_pictures_are_cropped_to_their_content(gtzan):
    paths = sorted(gtzan.glob("images_original/*/*.png"))[::40]
    assert len(paths) > 20
    for path in paths:
        picture = pictures.load(path)
        assert pictures.has_frame(picture)
        height, width = pictures.crop(picture).shape[:2]
        assert 210 <= height <= 220
        assert 330 <= width <= 340
