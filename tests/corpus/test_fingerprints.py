import io

import numpy as np
import pandas as pd
import pytest
import soundfile

from genre.corpus.audio import clipped, decode
from genre.corpus.contents import find_duplicates, summarise
from genre.corpus.demo.performance import make_track
from genre.corpus.fingerprints import OVERLAP, find_matches, fingerprint
from genre.randomness import generator
from genre.work.uncompiled import librosa
from tests.conftest import SR, sine


@pytest.fixture(scope="module")
def song() -> np.ndarray:
    """Twenty seconds of made music at 22050 Hz."""
    return make_track("rock", generator(2, "tests"), duration=20.0, sr=SR, borrow=0.0)


def coded(samples: np.ndarray, **options: str) -> np.ndarray:
    file = io.BytesIO()
    soundfile.write(file, samples, SR, **options)
    file.seek(0)
    return soundfile.read(file, dtype="float32")[0]


@pytest.mark.parametrize(
    "change",
    [
        lambda y: 0.2 * y,
        lambda y: y[int(4.017 * SR) :],
        lambda y: coded(y, format="MP3"),
        lambda y: coded(y, format="OGG", subtype="VORBIS"),
        lambda y: np.clip(3 * y, -1, 1),
        lambda y: y + generator(0, "n").normal(0, 0.2 * y.std(), len(y)).astype("f4"),
        lambda y: librosa.resample(librosa.resample(y, orig_sr=SR, target_sr=8000),
                                   orig_sr=8000, target_sr=SR),
    ],
    ids=["gain", "cut", "mp3", "ogg", "clipping", "noise", "8 kHz"],
)  # fmt: skip
def test_an_altered_recording_is_found(song, change):
    prints = [fingerprint(y, sr=SR) for y in (song, change(song))]
    (match,) = find_matches(prints)
    assert (match.first, match.second) == (0, 1)
    assert match.bit_error_rate < 0.25
    offset = -4.017 if len(change(song)) < 17 * SR else 0.0
    assert match.offset == pytest.approx(offset, abs=0.1)


def test_other_music_is_not(song):
    names = ["rock", "rock", "blues", "classical", "hiphop", "reggae", "metal"]
    others = [
        make_track(name, generator(k, "other"), duration=15.0, sr=SR, borrow=0.0)
        for k, name in enumerate(names)
    ]
    assert list(find_matches([fingerprint(y, sr=SR) for y in (song, *others)])) == []


def test_silence_and_scraps_match_nothing(song):
    silence = np.zeros(20 * SR, dtype="f4")
    leading = np.concatenate([silence, song[: 5 * SR]])
    other = np.concatenate([silence, sine(440.0, 5.0)])
    scrap = song[: int((OVERLAP - 1) * SR)]
    prints = [fingerprint(y, sr=SR) for y in (silence, leading, other, scrap, song[:100])]
    assert list(find_matches(prints)) == []
    assert list(find_matches([])) == []


def test_real_tracks_are_distinct(gtzan):
    paths = sorted(gtzan.glob("genres_original/*/*.wav"))
    prints = [fingerprint(decode(path, sr=SR).samples, sr=SR) for path in paths]
    half = decode(paths[7], sr=SR).samples[3 * SR :] * 0.5
    (match,) = find_matches([*prints, fingerprint(half, sr=SR)])
    assert (match.first, match.second) == (7, len(paths))


def test_duplicates_are_listed_and_the_corpus_is_counted(song):
    tracks = ["rock.0", "rock.1", "rock.2", "pop.0", "pop.1"]
    table = pd.DataFrame(
        {
            "track": tracks,
            "genre": ["rock", "rock", "rock", "pop", "pop"],
            "sr": [22050, 22050, 44100, 22050, None],
            "channels": [1, 1, 2, 1, None],
            "file_duration": [30.0, 31.0, 20.0, 180.0, None],
            "samples": [661500, 683550, 441000, 661500, None],
            "duration": [30.0, 31.0, 20.0, 30.0, None],
            "sha256": ["a", "b", "c", "a", None],
            "clipped": [0, 5, 0, 0, None],
            "reason": [None, None, None, None, "too short: 5 samples of at least 9"],
        }
    )
    usable = table.iloc[:4].set_index("track")
    prints = [fingerprint(y, sr=SR) for y in (song, 0.5 * song, song[::-1], song)]
    pairs = find_duplicates(usable, find_matches(prints))
    assert list(pairs[["track", "other", "kind"]].itertuples(index=False, name=None)) == [
        ("rock.0", "rock.1", "near"),
        ("rock.0", "pop.0", "exact"),
        ("rock.1", "pop.0", "near"),
    ]
    assert summarise(table, pairs, sr=22050, length=661500) == {
        "tracks": 5,
        "usable": 4,
        "left_out": {"too short": 1},
        "silent": 0,
        "exact_duplicates": 1,
        "near_duplicates": 2,
        "clipped": 1,
        "short": 1,
        "only_the_middle": 1,
        "mixed_down": 1,
        "resampled": 1,
        "genres": {"pop": 1, "rock": 3},
    }


def test_clipped_peaks_are_counted():
    samples = np.array([0, 1, 1, 1, 1, 0.5, -1, -1, -1, 0, -1, -1, -1, -1, -1], dtype="f4")
    assert clipped(samples) == 9
    assert clipped(samples * 0.9) == 0
