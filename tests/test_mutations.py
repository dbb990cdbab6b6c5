"""Broken input of all kinds, by seeded chance: a sentence or a right result, and never more."""

import csv
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from PIL import Image

from genre.classification.inputs import WHOLE
from genre.errors import InputError
from genre.features.definition import COLUMNS, FEATURES
from genre.features.tables import read_features
from genre.params import load_params
from genre.pictures import inputs, png
from genre.splitting.groups import read_groups
from genre.splitting.lists import dataset_lists, read_lists
from genre.splitting.names import Names
from tests.classification.test_songs import RECIPE
from tests.conftest import REPOSITORY, damaged, demo_values
from tests.encoding import FORMATS, audio_bytes
from tools.listener import open_bytes

NASTY = [
    None, True, -1, 0, 1, 1e300, -1e-300, float("nan"), float("inf"), "", "x", "1.3", "[1, 2]", [],
    {}, [1], [[1]], {"a": 1}, 10**30, "\0", "../..", "ä" * 1000, "2024-13-45",
]  # fmt: skip


def is_a_sentence(error: Exception, *names: str) -> None:
    message = str(error)
    assert len(message) > 10
    assert any(name in message for name in names), message


def plain(value: object) -> object:
    """A value as YAML would hold it: paths as text, tuples as lists, numbers as numbers."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return str(value) if isinstance(value, Path) else value


def same(found: object, written: object) -> bool:
    """Whether a parameter is what the file says: `1.3` may be text, and a path loses its `./`."""
    if isinstance(written, dict) and isinstance(found, dict):
        return found.keys() == written.keys() and all(same(found[k], written[k]) for k in written)
    if isinstance(written, list) and isinstance(found, list):
        return len(found) == len(written) and all(map(same, found, written))
    if isinstance(found, bool) or isinstance(written, bool) or written is None:
        return found is written
    if isinstance(found, int | float):
        return found in (written, float(written))
    if isinstance(written, int | float):
        return found in (str(written), f"{written:.1f}")
    return found in (written, str(Path(written)))


@pytest.mark.parametrize("seed", range(60))
def test_parameters_of_any_value(seed, tmp_path):
    rng = np.random.default_rng(seed)
    values = demo_values()
    group, names = values, []
    while isinstance(group, dict) and group and (not names or rng.random() < 0.8):
        names.append(list(group)[rng.integers(len(group))])
        parent, group = group, group[names[-1]]
    before = parent[names[-1]]
    parent[names[-1]] = value = NASTY[rng.integers(len(NASTY))]
    path = tmp_path / "params.yaml"
    path.write_text(yaml.safe_dump(values))
    try:
        params = load_params(path)
    except InputError as error:
        is_a_sentence(error, names[0])
        return
    assert same(plain(params.model_dump()), values), (names, value)
    assert not isinstance(value, bool) or isinstance(before, bool)


@pytest.mark.parametrize("seed", range(40))
def test_a_damaged_file_of_parameters(seed, tmp_path):
    path = tmp_path / "params.yaml"
    content = (REPOSITORY / "presets/demo.yaml").read_bytes()
    path.write_bytes(damaged(content, np.random.default_rng(seed)))
    try:
        params = load_params(path)
    except InputError as error:
        is_a_sentence(error, "params.yaml")
    else:
        assert same(plain(params.model_dump()), yaml.safe_load(path.read_bytes()))


@pytest.mark.parametrize("seed", range(40))
def test_damaged_pictures(seed, tmp_path):
    rng = np.random.default_rng(seed)
    picture = rng.integers(0, 255, (40, 60, 3 + seed % 2), dtype=np.uint8)
    path = tmp_path / "a.png"
    kind = "PNG" if seed % 4 < 2 else ("PNG", "GIF", "TIFF")[seed % 3]
    Image.fromarray(picture).save(path, format=kind)
    content = png.encode(picture) if seed % 4 < 2 else path.read_bytes()
    path.write_bytes(damaged(content, rng))
    try:
        found = png.load(path)
    except InputError as error:
        is_a_sentence(error, "a.png")
        with pytest.raises(InputError, match=r"a\.png"):
            inputs.scaled(path, size=(16, 24), colour="grey")
        return
    # PNG has a checksum for each part: what is let through is whole, but for its optional parts.
    assert kind == "PNG"
    np.testing.assert_array_equal(found, picture)
    assert inputs.scaled(path, size=(16, 24), colour="grey").shape == (16, 24, 1)


@pytest.mark.parametrize("seed", range(40))
def test_damaged_tables_of_features(seed, tmp_path):
    tracks = pd.Index([f"blues.{k:05d}" for k in range(8)])
    rows = [[f"{t}.wav", 661500, *np.linspace(0, 1, len(FEATURES)), "blues"] for t in tracks]
    path = tmp_path / "features_30_sec.csv"
    pd.DataFrame(rows, columns=list(COLUMNS)).to_csv(path, index=False)
    path.write_bytes(damaged(path.read_bytes(), np.random.default_rng(seed)))
    try:
        table = read_features(path, tracks)
    except InputError as error:
        is_a_sentence(error, "features_30_sec.csv")
        return
    # What is let through is what stands in the file, as another reader finds it.
    with path.open(newline="") as file:
        rows = {row["filename"]: row for row in reversed(list(csv.DictReader(file)))}
    assert list(table["filename"]) == [f"{t}.wav" for t in tracks]
    for name, values in zip(table["filename"], table[list(FEATURES)].to_numpy(), strict=True):
        np.testing.assert_allclose(values, [float(rows[name][f]) for f in FEATURES])


def read_otherwise(place: Path, *, pairs: bool) -> dict[str, list[str]]:
    """What lists hold, read in the plainest way."""
    found = {}
    for side in ("train", "val", "test"):
        if pairs:
            rows = json.loads((place / f"indices_{side}.json").read_text(encoding="utf-8"))
            found[side] = [name for _, name in rows]
        elif place.is_dir():
            lines = (place / f"{side}.txt").read_text(encoding="utf-8").splitlines()
            found[side] = [line for line in lines if line.strip()]
        else:
            found |= {
                k: v for k, v in json.loads(place.read_text(encoding="utf-8")).items() if k == side
            }
    return {side: [name.strip() for name in names] for side, names in found.items()}


@pytest.mark.parametrize("seed", range(40))
def test_damaged_lists_and_groups(seed, tmp_path):
    rng = np.random.default_rng(seed)
    lists = {s: [f"blues.{k:05d}" for k in range(4)] for s in ("train", "val", "test")}
    files = {
        "split.json": json.dumps(lists),
        "train.txt": "\n".join(lists["train"]),
        "val.txt": "\n".join(lists["val"]),
        "test.txt": "\n".join(lists["test"]),
        "groups.csv": "track,group\n" + "".join(f"{t},someone {t}\n" for t in lists["train"]),
        **{
            f"indices_{s}.json": json.dumps([[k, f"{t}.png"] for k, t in enumerate(lists[s])])
            for s in lists
        },
    }
    for name, text in files.items():
        (tmp_path / name).write_bytes(damaged(text.encode(), rng))
    for read, place in ((read_lists, "split.json"), (read_lists, "."), (dataset_lists, ".")):
        try:
            found = read(tmp_path / place)
        except InputError as error:
            is_a_sentence(error, *files)
        else:
            assert found == read_otherwise(tmp_path / place, pairs=read is dataset_lists)
    tracks = pd.DataFrame({"genre": "blues", "source": "x"}, index=lists["train"])
    try:
        groups = read_groups(tmp_path / "groups.csv", Names(tracks))
    except InputError as error:
        is_a_sentence(error, *files)
        return
    with (tmp_path / "groups.csv").open(newline="", encoding="utf-8") as file:
        rows = [(row["track"].strip(), row["group"]) for row in csv.DictReader(file)]
    assert dict(groups) == {t: g for t, g in rows if t in tracks.index and g}


@pytest.mark.parametrize("seed", range(3 * len(FORMATS)))
def test_damaged_songs_on_the_page(seed):
    content = audio_bytes(list(FORMATS)[seed % len(FORMATS)])
    song = open_bytes(damaged(content, np.random.default_rng(seed)), RECIPE, {WHOLE})
    if song.fault:
        is_a_sentence(ValueError(song.fault), " ")
        assert not song.excerpts
        return
    for excerpt in song.excerpts:
        assert np.isfinite(excerpt.whole).all()
