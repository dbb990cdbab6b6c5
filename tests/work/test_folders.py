"""Folders that are brought up to date: what is right stays, and all else is made anew."""

import functools
import os
import shutil
from pathlib import Path

import pytest

from genre.errors import InputError
from genre.work.folders import Made, fill, fill_with_copies
from tests.conftest import SR, checksums, run_all_here, sine, write_audio, write_corpus
from tests.stages.test_independence import STAGES, prepared, run_with

STAGES_OF_FOLDERS = STAGES[: STAGES.index("features")]


def make(name: str, *, calls: Path) -> Made:
    """Two files of an item; each call leaves a trace."""
    with (calls / name).open("a") as file:
        file.write("x")
    if name == "bad":
        raise InputError("this one is bad")
    return len(name), {f"{name}.txt": name.encode() * 99, f"{name}_1.txt": b"a copy"}


class Filled:
    """A folder and what was called to fill it."""

    def __init__(self, root: Path) -> None:
        self.folder, self.calls = root / "folder", root / "calls"
        self.calls.mkdir()

    def fill(self, *names: str, place: str = "a", keys: tuple[str, ...] = ()) -> set[str]:
        """Fill the folder; the items that were made for it."""
        work = functools.partial(make, calls=self.calls)
        try:
            facts = fill(
                self.folder, work, names, keys or names, [place] * len(names), description="items"
            )
            assert facts == [len(name) for name in names]
        finally:
            made = {path.name for path in self.calls.iterdir()}
            for name in made:
                assert (self.calls / name).read_text() == "x"
                (self.calls / name).unlink()
        return made

    def files(self) -> dict[str, bytes]:
        return {
            path.relative_to(self.folder).as_posix(): path.read_bytes()
            for path in self.folder.rglob("*")
            if path.is_file()
        }

    def state(self) -> dict[str, tuple[int, int]]:
        return {
            path.name: (path.stat().st_ino, path.stat().st_mtime_ns)
            for path in self.folder.rglob("*.txt")
        }


@pytest.fixture
def filled(all_cores, tmp_path) -> Filled:
    done = Filled(tmp_path)
    assert done.fill("one", "two", "three") == {"one", "two", "three"}
    return done


def test_what_is_there_is_not_touched(filled):
    files, state = filled.files(), filled.state()
    assert len(files) == 6
    assert filled.fill("one", "two", "three") == set()
    assert filled.fill("four", "three", "one", "two") == {"four"}
    assert {name: state[name] for name in state} == {
        name: found for name, found in filled.state().items() if not name.startswith("four")
    }
    assert filled.fill("three", "one", "two") == set()
    assert (filled.files(), filled.state()) == (files, state)


def test_another_key_makes_the_item_anew(filled):
    assert filled.fill("one", "two", keys=("one", "two, changed")) == {"two"}


def test_files_move_with_their_place(filled):
    state = filled.state()
    assert filled.fill("one", "two", "three", place="b/c") == set()
    assert filled.state() == state
    assert set(filled.files()) == {f"b/c/{name}" for name in state}
    assert not (filled.folder / "a").exists()


DAMAGES = {
    "changed": lambda path: path.write_bytes(path.read_bytes()[::-1]),
    "cut": lambda path: path.write_bytes(path.read_bytes()[:-1]),
    "emptied": lambda path: path.write_bytes(b""),
    "removed": lambda path: path.unlink(),
    "moved": lambda path: path.rename(path.with_name("elsewhere.txt")),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_is_made_anew(filled, damage):
    files = filled.files()
    DAMAGES[damage](filled.folder / "a/two.txt")
    assert filled.fill("one", "two", "three") == {"two"}
    assert filled.files() == files


def test_what_does_not_belong_there_goes(filled):
    (filled.folder / "a/deep/er").mkdir(parents=True)
    (filled.folder / "a/deep/er/stray.txt").write_text("stray")
    (filled.folder / "a/link").symlink_to("one.txt")
    (filled.folder / "empty").mkdir()
    assert filled.fill("one") == set()
    assert set(filled.files()) == {"a/one.txt", "a/one_1.txt"}
    assert {path.name for path in filled.folder.rglob("*")} == {"a", "one.txt", "one_1.txt"}


@pytest.mark.parametrize("damage", [*DAMAGES, "flipped"])
def test_without_a_whole_manifest_all_is_made_anew(filled, damage):
    files = filled.files()
    (manifest,) = (filled.folder.parent / ".made").iterdir()
    content = bytearray(manifest.read_bytes())
    content[len(content) // 2] ^= 1
    if damage == "flipped":
        manifest.write_bytes(content)
    else:
        DAMAGES[damage](manifest)
    assert filled.fill("one", "two", "three") == {"one", "two", "three"}
    assert filled.files() == files


def test_after_a_failure_it_goes_on_from_there(filled, monkeypatch):
    monkeypatch.setenv("LOKY_MAX_CPU_COUNT", "1")
    with pytest.raises(InputError, match="this one is bad"):
        filled.fill("one", "four", "bad", "five")
    assert filled.fill("one", "four", "five") == {"five"}


def test_a_link_is_not_written_through(filled):
    cached = filled.folder.parent / "cached"
    for link in (os.link, os.symlink):
        path = filled.folder / "a/two.txt"
        path.unlink()
        cached.write_text("DVC's own")
        link(cached, path)
        assert filled.fill("one", "two") == {"two"}
        assert cached.read_text() == "DVC's own"
        assert not path.is_symlink()
        cached.unlink()


def test_two_files_of_one_name_are_an_error(filled):
    with pytest.raises(InputError, match=r"a/one_1\.txt: 2 tracks make a file of this name"):
        filled.fill("one", "one_1")


def test_copies_follow_their_sources(tmp_path):
    sources = [tmp_path / f"source/{name}.png" for name in "ab"]
    sources[0].parent.mkdir()
    for source in sources:
        source.write_text(source.name)
    folder = tmp_path / "folder"
    assert fill_with_copies(folder, sources, ["x", "y"], description="copies") == 2
    sources[1].write_text("another")
    assert fill_with_copies(folder, sources, ["x", "y"], description="copies") == 2
    assert (folder / "x/a.png").read_text() == "a.png"
    assert (folder / "y/b.png").read_text() == "another"
    sources[0].unlink()
    with pytest.raises(FileNotFoundError, match=r"a\.png"):
        fill_with_copies(folder, sources, ["x", "y"], description="copies")


def test_a_changed_corpus_ends_in_the_bytes_of_a_run_from_nothing(tmp_path):
    corpus = write_corpus(tmp_path / "corpus", ["blues", "jazz"], seconds=3.5)
    old = prepared(tmp_path / "old", corpus)
    run_all_here(old, *STAGES_OF_FOLDERS)
    pictures = old / "data/pictures"
    before = {path.name: path.stat().st_mtime_ns for path in pictures.glob("cropped/*/*/*.png")}
    assert len(before) == 10

    shutil.copy(corpus / "blues/blues.00003.wav", corpus / "jazz/jazz.00007.wav")
    write_audio(corpus / "jazz/jazz.00008.wav", sine(990.0, 4.0, sr=44100), sr=44100)
    write_audio(corpus / "blues/blues.00001.wav", sine(440.0, 3.5), sr=SR)
    (corpus / "blues/blues.00002.wav").unlink()
    (corpus / "jazz/jazz.00002.wav").write_bytes(b"broken")
    next(pictures.glob("cropped_aug/train/*/*_1.png")).write_bytes(b"edited by hand")
    (pictures / "original/train/stray.png").write_bytes(b"not a track's")
    found = run_with({}, old, STAGES_OF_FOLDERS)
    after = {path.name: path.stat().st_mtime_ns for path in pictures.glob("cropped/*/*/*.png")}
    same = {name for name in after if after[name] == before.get(name)}
    assert set(after) - same == {"blues00001.png", "jazz00007.png", "jazz00008.png"}
    new = prepared(tmp_path / "new", corpus)
    run_all_here(new, *STAGES_OF_FOLDERS)
    assert found == checksums(new)
