"""What a system would decide by itself is said: text's encoding, and how its lines end."""

import ast
from collections.abc import Iterator

import pytest

from tests.conftest import REPOSITORY

SAID = {
    "read_text": {"encoding"},
    "write_text": {"encoding", "newline"},
    "to_csv": {"lineterminator"},
    "DictWriter": {"lineterminator"},
}


def calls(source: str) -> Iterator[tuple[int, str, set[str]]]:
    """The line, name and named arguments of each call of a method."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.lineno, node.func.attr, {word.arg for word in node.keywords if word.arg}


@pytest.mark.parametrize("folder", ["genre", "stages", "tools"])
def test_text_has_the_same_bytes_on_every_system(folder):
    lacking = [
        f"{path.relative_to(REPOSITORY).as_posix()}:{line}: {name} without {SAID[name] - words}"
        for path in sorted((REPOSITORY / folder).rglob("*.py"))
        for line, name, words in calls(path.read_text(encoding="utf-8"))
        if not SAID.get(name, set()) <= words
    ]
    assert lacking == []
