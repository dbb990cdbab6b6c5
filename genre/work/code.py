"""The code that a result depends on, found by reading it."""

import ast
import functools
import hashlib
import inspect
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
# What reads parameters, reports errors, spreads work, and keeps results changes none. Neither
# dvc.yaml nor the keys of kept results list it.
WITHOUT_EFFECT = ("genre/errors.py", "genre/params.py", "genre/features/compiled.py", "genre/work")


@functools.cache
def code_checksum(function: Callable[..., object]) -> str:
    """The SHA-256 of all code that a function's result depends on.

    This is the function, what it uses of its own file, and every module of the project that one
    of those comes from, whole, with the modules that it imports in turn; but for what is
    `WITHOUT_EFFECT`. Comments and layout do not count.
    """
    file = Path(inspect.getsourcefile(function) or "").resolve()
    own, files = _used(file, function.__name__)
    texts = [ast.unparse(node) for node in own]
    for module in sorted(imported_files(*files)):
        texts += [module, ast.unparse(_parsed(ROOT / module))]
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()


def imported_files(*files: str) -> frozenset[str]:
    """These files of the project, and all that they import, directly or not.

    Parameters
    ----------
    *files : str
        Paths in the project, such as `genre/corpus/audio.py`.

    Returns
    -------
    frozenset of str
        Paths in the project; none that is `WITHOUT_EFFECT`.
    """
    found: set[str] = set()
    waiting = [file for file in files if not file.startswith(WITHOUT_EFFECT)]
    while waiting:
        file = waiting.pop()
        found.add(file)
        new = {file for files in _imports(_parsed(ROOT / file)).values() for file in files}
        waiting += [name for name in new - found if not name.startswith(WITHOUT_EFFECT)]
    return frozenset(found)


def _used(file: Path, name: str) -> tuple[list[ast.stmt], set[str]]:
    """The statements of a file that define a name, and what they use; the files imported there."""
    module = _parsed(file)
    imports = _imports(module)
    defined = {bound: node for node in module.body for bound in _bound(node)}
    own, files = [], set()
    seen, waiting = {name}, [name]
    while waiting:
        name = waiting.pop()
        files |= imports.get(name, set())
        if name in defined:
            own.append(defined[name])
            names = {node.id for node in ast.walk(defined[name]) if isinstance(node, ast.Name)}
            waiting += sorted(names - seen)
            seen |= names
    return own, files


@functools.cache
def _parsed(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def _bound(node: ast.stmt) -> Iterator[str]:
    """The names that a statement defines."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        for target in targets:
            yield from (part.id for part in ast.walk(target) if isinstance(part, ast.Name))


def _imports(module: ast.Module) -> dict[str, set[str]]:
    """The files of the project that each name imported in a module comes from."""
    found = {}
    for node in ast.walk(module):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                places = (f"{node.module}.{alias.name}", node.module)
                files = [file for file in map(_file_of, places) if file]
                found[alias.asname or alias.name] = set(files[:1])
    return found


def _file_of(module: str) -> str | None:
    """The file of one of the project's modules; packages hold nothing but a docstring."""
    file = module.replace(".", "/") + ".py"
    return file if (ROOT / file).is_file() else None
