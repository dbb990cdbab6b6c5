"""The rooms of the library: in the order of the data, and each with a plan at its door."""

import ast
import re
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY

GENRE = REPOSITORY / "genre"
ROOMS = (
    "work", "corpus", "splitting", "pictures", "features", "models", "training", "evaluation",
    "classification",
    "reporting",
)  # fmt: skip
DOOR = {"__init__.py", "errors.py", "params.py", "randomness.py", "values.py"}
MOST_LINES = 300


def imported_rooms(path: Path) -> set[str]:
    modules = [
        (node.module, alias.name)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "genre"
        for alias in node.names
    ]
    parts = [f"{module}.{name}".split(".")[1] for module, name in modules]
    return {part for part in parts if part in ROOMS}


def test_the_rooms_are_those_of_the_plan_and_little_stands_at_the_door():
    assert {path.name for path in GENRE.glob("*.py")} == DOOR
    folders = {path.name for path in GENRE.iterdir() if path.is_dir()} - {"__pycache__"}
    assert folders == set(ROOMS)
    plan = ast.get_docstring(ast.parse((GENRE / "__init__.py").read_text(encoding="utf-8")))
    assert [line.split()[0] for line in plan.splitlines() if line.split()[:1] and
            line.split()[0] in ROOMS] == list(ROOMS)  # fmt: skip


@pytest.mark.parametrize("room", ROOMS)
def test_no_room_imports_from_a_later_one(room):
    for path in (GENRE / room).rglob("*.py"):
        later = imported_rooms(path) & set(ROOMS[ROOMS.index(room) + 1 :])
        assert not later, f"{path.relative_to(REPOSITORY)} imports from {later}"


def test_the_library_knows_nothing_of_the_stages_and_tools():
    for path in GENRE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            modules = [getattr(node, "module", "")] if isinstance(node, ast.ImportFrom) else []
            modules += [a.name for a in node.names] if isinstance(node, ast.Import) else []
            roots = {module.split(".")[0] for module in modules}
            assert not roots & {"stages", "tools", "tests", "benchmarks", "dvc", "importlib"} - (
                {"importlib"} if path.name in ("cache.py", "musicnn.py") else set()
            ), path


def test_modules_are_imported_in_one_way():
    """`from genre.room import ...`, which is what finds the code that a result depends on."""
    for folder in ("genre", "stages"):
        for path in (REPOSITORY / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ImportFrom):
                    assert node.level == 0, path
                elif isinstance(node, ast.Import):
                    roots = {alias.name.split(".")[0] for alias in node.names}
                    assert not roots & {"genre", "stages", "tools"}, path


def test_librosa_is_imported_in_one_place_which_keeps_it_from_compiling():
    for path in (*GENRE.rglob("*.py"), *(REPOSITORY / "stages").glob("*.py")):
        found = re.findall(r"^ *(?:import|from) (librosa|numba)", path.read_text(), re.MULTILINE)
        assert not found or path == GENRE / "work/uncompiled.py", path


def test_what_stands_at_the_door_of_every_room_imports_from_none():
    for name in ("errors.py", "randomness.py"):
        assert imported_rooms(GENRE / name) == set()


@pytest.mark.parametrize("room", [*ROOMS, "corpus/demo", "corpus/formats", "models/beyond"])
def test_a_room_says_what_is_in_it(room):
    room = GENRE / room
    source = (room / "__init__.py").read_text(encoding="utf-8")
    module = ast.parse(source)
    assert len(module.body) == 1, "a room's __init__.py holds its plan, and exports nothing"
    plan = ast.get_docstring(module)
    assert "In: " in plan
    assert "Out: " in plan
    table = plan.rpartition("\n\n")[2]
    named = [line.split()[0].rstrip("/") for line in table.splitlines()]
    there = {path.stem for path in room.glob("[!_]*.py")}
    there |= {path.name for path in room.iterdir() if (path / "__init__.py").is_file()}
    assert sorted(named) == sorted(there)
    assert len(there) <= 11


def test_no_file_is_longer_than_a_reader_likes():
    files = [path for folder in ("genre", "stages", "tools", "tests", "benchmarks", "docs")
             for path in (REPOSITORY / folder).rglob("*.*") if path.suffix != ".pyc"]  # fmt: skip
    files += [path for path in REPOSITORY.glob("*.*") if path.suffix in (".md", ".yaml", ".toml")]
    long = {str(path.relative_to(REPOSITORY)): lines for path in files
            if path.suffix not in (".png", ".csv", ".json") and path.name != "dvc.lock"
            and (lines := path.read_bytes().count(b"\n")) > MOST_LINES}  # fmt: skip
    graph = long.pop("dvc.yaml", 0)  # which is one, and read from top to bottom
    assert long == {}
    assert graph <= 500


def test_the_tests_mirror_the_rooms():
    for room in (*ROOMS, "stages", "tools"):
        assert list((REPOSITORY / "tests" / room).glob("test_*.py")), room
