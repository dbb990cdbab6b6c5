"""The code that a result depends on is found, and no other."""

import importlib.util
import sys

import pytest

from genre.work import code
from genre.work.cache import key

FILES = {
    "stage.py": """
from genre.middle import twice, UNUSED_THERE
from genre import other
from genre.errors import InputError
FACTOR = 3
SPARE = 4

def local(x):
    return twice(x) * FACTOR

def make(x):
    '''Say what it does.'''
    if x < 0:
        raise InputError(x)
    return local(x)

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
        ("stage.py", "FACTOR = 3", "FACTOR = 5"),
        ("stage.py", "twice(x) * FACTOR", "twice(x) + FACTOR"),
        ("genre/middle.py", "2 * x", "4 * x"),
        ("genre/middle.py", "UNUSED_THERE = 1", "UNUSED_THERE = 2"),
        ("genre/deep.py", "ONE = 1", "ONE = 2"),
    ],
)
def test_what_a_function_uses_counts_wherever_it_lies(checksum, file, old, new):
    assert checksum(file, old, new) != checksum()


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("stage.py", "FACTOR = 3", "FACTOR = 3  # why"),
        ("stage.py", "SPARE = 4", "SPARE = 5"),
        ("stage.py", "* SPARE", "+ SPARE"),
        ("genre/other.py", "3 * x", "4 * x"),
        ("genre/errors.py", "pass", "code = 1"),
        ("genre/__init__.py", "A plan", "Another plan"),
    ],
)
def test_what_it_does_not_use_does_not(checksum, file, old, new):
    assert checksum(file, old, new) == checksum()


@pytest.mark.parametrize(
    ("stage", "functions"),
    [
        ("download", ("make_track",)), ("check_corpus", ("make",)), ("spectrograms", ("make",)),
        ("crop", ("make",)), ("augment", ("make",)), ("inject_noise", ("make",)),
        ("features", ("make",)),
    ],
)  # fmt: skip
def test_a_key_covers_no_less_than_what_the_graph_lists_of_its_work(stage, functions):
    """Each module that the stage's work imports makes another key."""
    module = importlib.import_module(f"stages.{stage}")
    for name in functions:
        function = getattr(module, name)
        _, files = code._used(code.ROOT / f"stages/{stage}.py", name)
        covered = code.imported_files(*files)
        listed = code.imported_files(f"stages/{stage}.py")
        assert covered
        assert covered <= listed
        assert key(function) == key(function) != key(len)
