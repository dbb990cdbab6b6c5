import json
from pathlib import Path

import pytest

from genre.errors import InputError
from genre.splitting import lists
from genre.splitting.groups import gtzan_artists
from tests.splitting.conftest import names_of

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
    (tmp_path / "val.txt").rename(tmp_path / "valid_filtered.txt")
    (tmp_path / "notes.txt").write_text("not a list")
    assert lists.read_lists(tmp_path) == SPLIT
    (tmp_path / "val.txt").write_text("blues.00005")
    with pytest.raises(InputError, match="split.path: .* has two val lists: keep one of them"):
        lists.read_lists(tmp_path)
    (tmp_path / "test.txt").unlink()
    (tmp_path / "val.txt").unlink()
    with pytest.raises(InputError, match="split.path: .* has no test list; name a folder with"):
        lists.read_lists(tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        "blues/blues.00000.wav\tblues\njazz/jazz.00001.wav\tjazz\n",
        "blues.00000.au\r\njazz.00001.au\r\n",
        "\ufeffblues.00000.mp3\njazz.00001.mp3",
        "# who\n\n## is trained on\n#\n/data/gtzan/blues/blues.00000.wav\n \njazz/jazz.00001\t5\n",
        "C:\\gtzan\\blues\\blues.00000.wav\r\n..\\jazz\\jazz.00001.wav\r\n",
    ],
    ids=["tab", "Windows", "byte order mark", "comments and paths", "Windows paths"],
)
def test_lists_are_read_in_the_forms_that_people_have(tmp_path, text, gtzan_genres):
    for name in ("train", "test"):
        (tmp_path / f"{name}.txt").write_bytes(text.encode())
    names = names_of(gtzan_genres)
    for found in lists.read_lists(tmp_path).values():
        assert [names.find(name) for name in found] == ["blues.00000", "jazz.00001"]


def test_a_name_that_begins_with_a_number_sign_is_no_comment(tmp_path):
    for name in ("train", "test"):
        (tmp_path / f"{name}.txt").write_text("#9 dream.wav\n")
    assert lists.read_lists(tmp_path)["train"] == ["#9 dream.wav"]


def test_lists_that_are_no_text_are_an_error(tmp_path):
    for name in ("train", "test"):
        (tmp_path / f"{name}.txt").write_text("blues.00000\n", encoding="utf-16")
    with pytest.raises(InputError, match=r"test.txt: cannot be read: .*; save it as UTF-8 text"):
        lists.read_lists(tmp_path)


def test_lists_are_read_from_json(tmp_path):
    path = tmp_path / "split.json"
    path.write_text(json.dumps({"scheme": "mine", **SPLIT}))
    assert lists.read_lists(path) == SPLIT
    path.write_text(json.dumps({"train": [], "valid": ["x"], "test": []}), encoding="utf-8-sig")
    assert lists.read_lists(path) == {"train": [], "val": ["x"], "test": []}
    for content, message in {
        "{": "cannot be read as JSON",
        "[]": "must hold the lists train, val and test",
        '{"train": [1], "val": [], "test": []}': "must list the names of tracks",
        '{"train": [], "dev": [], "test": []}': "'dev' is no list of train, val or test",
        '{"train": []}': "has no test list",
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


def test_the_fault_filtered_lists_are_shipped(gtzan_genres):
    found = lists.filtered_lists()
    assert {side: len(tracks) for side, tracks in found.items()} == {
        "train": 443, "val": 197, "test": 290,
    }  # fmt: skip
    tracks = [track for side in found.values() for track in side]
    assert len(set(tracks)) == 930
    assert set(tracks) - set(gtzan_genres.index) == {"jazz.00054"}
    artists = gtzan_artists()
    sides = [set(artists.reindex(tracks).dropna()) for tracks in found.values()]
    assert not sides[0] & sides[1] and not sides[0] & sides[2] and not sides[1] & sides[2]


def test_the_shipped_lists_are_their_authors(gtzan):
    for side, tracks in lists.filtered_lists().items():
        file = gtzan / f"splits/{'valid' if side == 'val' else side}_filtered.txt"
        assert sorted(tracks) == sorted(Path(line).stem for line in file.read_text().split())
