"""The code that a result depends on is found, and no other."""

import ast
import functools
import importlib.util
import inspect
import sys
from pathlib import Path

import pytest

from genre.corpus.folder import import_audio
from genre.reporting import page
from genre.work import code
from genre.work.cache import key
from stages import (
    augment,
    check_corpus,
    crop,
    download,
    features,
    inject_noise,
    spectrograms,
)

FILES = {
    "stage.py": """
from genre.middle import twice, UNUSED_THERE
from genre import other, through
from genre.errors import InputError
import math as numbers
FACTOR = 3
FACTOR += 1
if FACTOR:
    BRANCH = 1
SPARE = 4

def local(x):
    return twice(x) * FACTOR

def make(x):
    '''Say what it does.'''
    if x < 0:
        raise InputError(x)
    return local(x) + through.once(x) + numbers.pi * BRANCH

def unused(x):
    return other.thrice(x) * SPARE
""",
    "genre/middle.py": """
from genre.deep import ONE
UNUSED_THERE = 1
def twice(x):
    return 2 * x * ONE
""",
    "genre/deep.py": "ONE = 1\n",
    "genre/through.py": "def once(x): return x\n",
    "genre/other.py": "def thrice(x): return 3 * x\n",
    "genre/errors.py": "class InputError(Exception): pass\n",
    "genre/__init__.py": '"""A plan."""\n',
}  # fmt: skip


@pytest.fixture
def checksum(tmp_path, monkeypatch):
    """The checksum of `make` after some text of some file was replaced."""
    monkeypatch.setattr(code, "ROOT", tmp_path)
    number = iter(range(99))

    def found(file: str = "stage.py", old: str = "", new: str = "") -> str:
        for name, text in FILES.items():
            assert name != file or old in text
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(text.replace(old, new) if name == file and old else text)
        code._parsed.cache_clear()
        name = f"stage_{next(number)}"
        spec = importlib.util.spec_from_file_location(name, tmp_path / "stage.py")
        source = spec.loader.get_source(name).replace("from genre", "pass  # from genre")
        module = type(sys)(name)
        exec(compile(source, str(tmp_path / "stage.py"), "exec"), vars(module))  # noqa: S102
        return code.code_checksum(module.make)

    yield found
    code._parsed.cache_clear()


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("stage.py", "return local(x)", "return local(x + 1)"),
        ("stage.py", "import math as numbers", "import cmath as numbers"),
        ("stage.py", "FACTOR += 1", "FACTOR += 2"),
        ("stage.py", "BRANCH = 1", "BRANCH = 2"),
        ("genre/through.py", "return x", "return 2 * x"),
        ("stage.py", "FACTOR = 3", "FACTOR = 5"),
        ("stage.py", "twice(x) * FACTOR", "twice(x) + FACTOR"),
        ("genre/middle.py", "2 * x", "4 * x"),
        ("genre/middle.py", "UNUSED_THERE = 1", "UNUSED_THERE = 2"),
        ("genre/deep.py", "ONE = 1", "ONE = 2"),
    ],
)
def test_what_a_function_uses_counts_wherever_it_lies(checksum, file, old, new):
    assert checksum(file, old, new) != checksum()


KEYED = {
    download.make_track: {"genre/corpus/demo/styles.py", "genre/corpus/audio.py"},
    import_audio: {"genre/corpus/audio.py", "genre/corpus/formats/decoders.py"},
    check_corpus.make: {"genre/corpus/fingerprints.py", "genre/corpus/audio.py"},
    spectrograms.make: {"genre/pictures/frame.py", "genre/pictures/png.py"},
    crop.make: {"genre/pictures/frame.py"},
    augment.make: {"genre/pictures/augmentation.py", "genre/randomness.py"},
    inject_noise.make: {"genre/pictures/noise.py"},
    features.make_segments: {"genre/features/extraction.py", "genre/features/medians.py"},
    features.make_whole: {"genre/features/extraction.py", "genre/features/medians.py"},
    page.draw_one: {"genre/reporting/panels.py", "genre/models/names.py"},
}


@pytest.mark.parametrize("function", KEYED, ids=lambda function: function.__module__)
def test_the_key_of_a_stages_work_changes_with_each_file_that_it_uses(function, monkeypatch):
    file = Path(inspect.getsourcefile(function))
    own, imported = code._used(file, function.__name__)
    used = code.imported_files(*imported)
    assert used >= KEYED[function]
    # Whatever the work names of the project's modules is among them.
    names = {node.id for part in own for node in ast.walk(part) if isinstance(node, ast.Name)}
    imports = {n: f for n, f in code._imports(code._parsed(file)).items() if n in names}
    for f in imports.values():
        assert f in used or f.startswith(code.WITHOUT_EFFECT)
    before = key(function)
    parsed = code._parsed
    for changed in used:
        code.code_checksum.cache_clear()
        monkeypatch.setattr(
            code, "_parsed",
            lambda path, c=changed: ast.parse(path.read_text() + "\nANOTHER = 1\n")
            if path == code.ROOT / c else parsed(path),
        )  # fmt: skip
        assert key(function) != before, changed
    code.code_checksum.cache_clear()


@pytest.mark.parametrize("part", [code, functools.partial(print), len, Path.exists.__get__(Path())])
def test_what_has_no_code_of_its_own_is_no_part_of_a_key(part):
    with pytest.raises(TypeError, match="only a function of the project's"):
        key(part)
