import numpy as np

from genre.pictures import frame, png
from tests.pictures.conftest import BOX


def test_the_frame_is_found_not_trusted(framed):
    assert frame.content_box(framed).slices == BOX
    assert frame.has_frame(framed)
    moved = np.roll(framed, (7, -20), axis=(0, 1))
    assert frame.content_box(moved) == (42, 259, 34, 369)
    assert frame.crop(framed).shape == (217, 335, 4)
    np.testing.assert_array_equal(frame.crop(framed), framed[BOX])


def test_a_picture_without_frame_stays_whole(framed):
    content = framed[BOX]
    assert not frame.has_frame(content)
    np.testing.assert_array_equal(frame.crop(content), content)
    white = np.full((20, 30, 3), 255, np.uint8)
    assert frame.crop(white).shape == white.shape


def test_real_pictures_are_cropped_to_their_content(gtzan):
    paths = sorted(gtzan.glob("images_original/*/*.png"))[::40]
    assert len(paths) > 20
    for path in paths:
        picture = png.load(path)
        assert frame.has_frame(picture)
        height, width = frame.crop(picture).shape[:2]
        assert 210 <= height <= 220
        assert 330 <= width <= 340
