import numpy as np
import pytest
from PIL import Image

from genre.errors import InputError
from genre.pictures import inputs, png


@pytest.mark.parametrize(("colour", "channels"), [("grey", 1), ("rgb", 3), ("rgba", 4)])
def test_pictures_come_in_the_size_and_colour_asked_for(tmp_path, framed, colour, channels):
    framed[..., 3] = 255
    paths = [tmp_path / f"{k}.png" for k in range(3)]
    for k, path in enumerate(paths):
        path.write_bytes(png.encode(np.roll(framed, k, axis=0)))
    array = inputs.stack(paths, tmp_path / "x.npy", size=(96, 144), colour=colour)
    assert array.shape == (3, 96, 144, channels)
    assert array.dtype == np.uint8
    whole = inputs.scaled(paths[0], size=(288, 432), colour="rgba")
    np.testing.assert_array_equal(whole, framed)
    assert array[0].mean() == pytest.approx(
        inputs.scaled(paths[0], size=(288, 432), colour=colour).mean(), abs=1
    )


def test_encoding_twice_gives_the_same_bytes(tmp_path, framed):
    (tmp_path / "a.png").write_bytes(png.encode(framed))
    (tmp_path / "b.png").write_bytes(png.encode(framed))
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
    np.testing.assert_array_equal(png.load(tmp_path / "a.png"), framed)


@pytest.mark.parametrize("cut", [0, 20, 2000])
def test_a_broken_picture_is_named(tmp_path, framed, cut):
    path = tmp_path / "blues00000.png"
    Image.fromarray(framed).save(path)
    path.write_bytes(path.read_bytes()[:cut])
    for read in (png.load, lambda p: inputs.scaled(p, size=(9, 9), colour="grey")):
        with pytest.raises(InputError, match="blues00000.png: not a whole PNG picture") as error:
            read(path)
        assert str(error.value).count(path.name) == 1


def test_a_picture_that_is_not_there_is_named_once(tmp_path):
    for path in (tmp_path / "nowhere.png", tmp_path):
        with pytest.raises(InputError, match=r"not a whole PNG picture \(\w+ ") as error:
            png.load(path)
        assert str(error.value).count(path.name) == 1
