from pathlib import Path

from genre.corpus.layout import canonical_genre, track_id
from genre.corpus.tracks import audio_file, picture_file


def test_names_are_gtzans():
    assert canonical_genre("Hip-Hop") == "hiphop"
    assert track_id("blues", "blues.00003") == "blues.00003"
    assert track_id("blues", "blues00003") == "blues.00003"
    assert track_id("blues", "my song") == "blues.my song"
    assert audio_file(Path("a"), "blues.00003", "blues") == Path("a/blues/blues.00003.wav")
    assert picture_file(Path("a"), "blues.00003", "blues") == Path("a/blues/blues00003.png")
