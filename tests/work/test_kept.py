"""What is kept between runs: under which key, whole, and within limits."""

import errno
import os
import pickle
import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from genre.corpus.audio import decode
from genre.errors import InputError
from genre.features.extraction import extract
from genre.work import cache, parallel, processor
from genre.work.cache import key
from genre.work.parallel import for_each
from tests.conftest import forget_kept_results

# Of what is kept: samples, features, pictures, and what models and the report make of them.
LIBRARIES = (
    "av", "librosa", "markupsafe", "matplotlib", "midirenderer", "numpy", "pandas", "pillow",
    "pretty_midi", "scipy", "soundfile", "soxr", "zlib-ng",
)  # fmt: skip


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Iterator[Path]:
    """Where results are kept."""
    monkeypatch.setenv("GENRE_CACHE", str(tmp_path))
    forget_kept_results()
    yield tmp_path
    forget_kept_results()


def test_a_key_is_another_where_anything_is_another(monkeypatch):
    names = [key(), key(1), key("1"), key(1, 2), key(decode, 1), key(extract, 1), key(decode, 2)]
    assert len(set(names)) == len(names)
    assert key(decode, 1) == names[4]
    cache.libraries.cache_clear()
    monkeypatch.setattr(cache.processor, "describe", lambda: "others")
    assert key(1) != names[1]
    for library in LIBRARIES:
        before = key(1)
        cache.libraries.cache_clear()
        known = cache.version
        monkeypatch.setattr(
            cache, "version", lambda name, one=library, of=known: of(name) + "+" * (name == one)
        )
        assert key(1) != before
    monkeypatch.undo()
    cache.libraries.cache_clear()


def square(number: int) -> int:
    return number**2


def flipped(content: bytes, place: int) -> bytes:
    changed = bytearray(content)
    changed[place] ^= 1
    return bytes(changed)


DAMAGE = {
    "cut": lambda content: content[:-9],
    "empty": lambda content: b"",
    "zeros at its end": lambda content: content[:-40] + bytes(40),
    "a flipped bit": lambda content: flipped(content, len(content) // 2),
    "another object": lambda content: pickle.dumps("another"),
    "nothing in it": lambda content: pickle.dumps(b""),
    **{
        f"a flipped bit, {place} from its end": lambda content, p=place: flipped(content, -p)
        for place in range(1, 25)
    },
}


def draw(number: int) -> np.ndarray:
    return np.random.default_rng(number).integers(0, 9, 50)


def squares(*numbers: int) -> list[int]:
    keys = [str(number) for number in numbers]
    return list(for_each(square, numbers, description="squares", keys=keys, processes=1))


def test_a_result_that_was_kept_badly_is_computed_again(folder, capsys):
    def drawn() -> list[list[int]]:
        found = for_each(draw, [1, 2], description="numbers", keys=["1", "2"], processes=1)
        return [numbers.tolist() for numbers in found]

    expected = [draw(1).tolist(), draw(2).tolist()]
    assert drawn() == expected
    files = {path: path.read_bytes() for path in folder.rglob("output.pkl")}
    assert len(files) == 2
    for what, damage in DAMAGE.items():
        for path, whole in files.items():
            path.write_bytes(damage(whole))
        assert drawn() == expected, what
        assert {path: path.read_bytes() for path in files} == files, what
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize("content", [b"", b"\xff", b"# first line: 1\ndef _apply(): another"])
def test_what_joblib_notes_beside_results_is_of_no_effect(folder, content):
    """Neither damaged, nor as another revision wrote it."""
    assert squares(2, 3) == [4, 9]
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("output.pkl")}
    forget_kept_results()
    (next(iter(before)).parents[1] / "func_code.py").write_bytes(content)
    assert squares(2, 3) == [4, 9]
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("output.pkl")} == before


def test_what_a_worker_with_other_libraries_gives_is_not_kept(folder):
    for asked_by, count in (("others", 0), (cache.libraries(), 1)):
        assert parallel._elsewhere(processor.is_portable(), asked_by, square, 3, "3") == 9
        assert len([*folder.rglob("output.pkl")]) == count


def test_a_cache_that_cannot_be_made_is_an_error(folder, monkeypatch):
    (folder / "file").touch()
    monkeypatch.setenv("GENRE_CACHE", str(folder / "file"))
    with pytest.raises(InputError, match="set GENRE_CACHE to a folder"):
        squares(2)


def test_a_cache_that_is_read_only_is_no_reason_to_stop(folder, monkeypatch, caplog):
    """One line says that nothing is kept."""
    assert squares(2) == [4]
    forget_kept_results()
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    monkeypatch.setattr("joblib._store_backends.FileSystemStoreBackend.create_location", refuse)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert squares(2, 3, 4) == [4, 9, 16]
    assert caplog.text.count("cannot be written to: no new result is kept") == 1


def refuse(*path: object) -> None:
    raise OSError(errno.EROFS, "Read-only file system")


def test_room_is_made_among_the_projects_results_only(folder, monkeypatch):
    """`GENRE_CACHE` may name a folder where a user's own programs keep results by joblib."""
    monkeypatch.setattr(parallel, "KEPT", 0)
    users = folder / "results/joblib/program/work" / ("0" * 32) / "output.pkl"
    users.parent.mkdir(parents=True)
    users.write_bytes(b"of hours of work")
    assert squares(2, 3) == [4, 9]
    assert list(folder.rglob("output.pkl")) == [users]
