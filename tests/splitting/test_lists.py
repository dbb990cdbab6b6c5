import json
from pathlib import Path

import pytest

from genre.errors import InputError
from genre.splitting import lists
from tests.server import Site, serve

SPLIT = {"train": ["blues.00000", "jazz.00001"], "val": ["blues.00002"], "test": ["jazz.00003"]}
FILES = {
    "train": "blues.00000\n\njazz.00001\r\n",
    "val": " blues.00002\n",
    "test": "jazz.00003\n",
}


def test_lists_are_read_from_text_files(tmp_path):
    for name, content in FILES.items():
        (tmp_path / f"{name}.txt").write_text(content)
    assert lists.read_lists(tmp_path) == SPLIT
    (tmp_path / "val.txt").rename(tmp_path / "valid.txt")
    assert lists.read_lists(tmp_path) == SPLIT
    (tmp_path / "valid.txt").unlink()
    with pytest.raises(InputError, match="split.path: .* has no val.txt; name a folder with"):
        lists.read_lists(tmp_path)


def test_lists_are_read_from_json(tmp_path):
    path = tmp_path / "split.json"
    path.write_text(json.dumps({"scheme": "mine", **SPLIT}))
    assert lists.read_lists(path) == SPLIT
    for content, message in {
        "{": "cannot be read as JSON",
        "[]": "must hold the lists train, val and test",
        '{"train": [1], "val": [], "test": []}': "must list the names of tracks",
    }.items():
        path.write_text(content)
        with pytest.raises(InputError, match=message):
            lists.read_lists(path)


def test_the_lists_of_gtzan_2_are_read(tmp_path):
    for name, tracks in SPLIT.items():
        pairs = [[k, f"x/{t.split('.')[0]}/{t.replace('.', '')}.png"] for k, t in enumerate(tracks)]
        (tmp_path / f"indices_{name}.json").write_text(json.dumps(pairs))
    found = lists.dataset_lists(tmp_path)
    assert found["train"] == ["x/blues/blues00000.png", "x/jazz/jazz00001.png"]
    assert [len(found[name]) for name in ("train", "val", "test")] == [2, 1, 1]
    (tmp_path / "indices_val.json").write_text("[[1, 2, 3]]")
    with pytest.raises(InputError, match="must hold pairs of a row number and a picture's path"):
        lists.dataset_lists(tmp_path)
    with pytest.raises(InputError, match="the corpus has no indices_train.json"):
        lists.dataset_lists(tmp_path / "nowhere")


def write_filtered(folder: Path) -> None:
    folder.mkdir()
    for name, file in lists.FILTERED_NAMES.items():
        (folder / file).write_text(FILES[name])


def test_the_fault_filtered_lists_are_taken_from_a_folder(tmp_path):
    write_filtered(tmp_path / "lists")
    assert lists.filtered_lists(tmp_path / "lists") == SPLIT


def test_the_fault_filtered_lists_are_fetched_once(tmp_path, monkeypatch, gtzan):
    monkeypatch.setenv("GENRE_CACHE", str(tmp_path))
    names = lists.FILTERED_NAMES.values()
    files = {f"/branch/{name}": (gtzan / "splits" / name).read_bytes() for name in names}
    files["/commit/train_filtered.txt"] = files["/branch/train_filtered.txt"]
    with serve(Site(files)) as site:
        addresses = tuple(f"{site.address}/{place}/" for place in ("commit", "branch"))
        monkeypatch.setattr(lists, "FILTERED_ADDRESSES", addresses)
        for _ in range(2):
            split = lists.filtered_lists(tmp_path / "nowhere")
            assert [len(split[name]) for name in ("train", "val", "test")] == [443, 197, 290]
        assert len(site.requests) == 5  # two lists are not in the commit
        files["/branch/test_filtered.txt"] += b"x"
        monkeypatch.setenv("GENRE_CACHE", str(tmp_path / "another"))
        with pytest.raises(InputError, match="branch/test_filtered.txt: has another checksum"):
            lists.filtered_lists(tmp_path / "nowhere")
