"""The code that a result depends on, found by reading it."""

import ast
import functools
import hashlib
import inspect
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[2]
# What reads parameters, reports errors, spreads work, and keeps results changes none. Neither
# dvc.yaml nor the keys of kept results list it.
WITHOUT_EFFECT = (
    "genre/errors.py", "genre/params.py", "genre/values.py", "genre/work/",
)  # fmt: skip


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
        new = set(_imports(_parsed(ROOT / file)).values()) - found
        waiting += [name for name in new if not name.startswith(WITHOUT_EFFECT)]
    return frozenset(found)


def _used(file: Path, name: str) -> tuple[list[ast.stmt], set[str]]:
    """The statements of a file that define a name, and what they use; the files imported there."""
    module = _parsed(file)
    imports = _imports(module)
    own: list[ast.stmt] = []
    files: set[str] = set()
    seen, waiting = {name}, [name]
    while waiting:
        name = waiting.pop()
        if name in imports:
            files.add(imports[name])
        for statement in module.body:
            if name in _bound(statement) and statement not in own:
                own.append(statement)
                names = {node.id for node in ast.walk(statement) if isinstance(node, ast.Name)}
                waiting += sorted(names - seen)
                seen |= names
    return sorted(own, key=lambda statement: statement.lineno), files


@functools.cache
def _parsed(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def _bound(statement: ast.stmt) -> set[str]:
    """The names that a statement at the top of a module defines, imports or changes."""
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return {statement.name}
    parts = list(ast.walk(statement))
    aliases = [part for part in parts if isinstance(part, ast.alias)]
    names = [part for part in parts if isinstance(part, ast.Name)]
    return {(alias.asname or alias.name).split(".")[0] for alias in aliases} | {
        name.id for name in names if isinstance(name.ctx, ast.Store)
    }


def _imports(module: ast.Module) -> dict[str, str]:
    """The file of the project that each name comes from that is imported by `from ... import`.

    The project has no other imports of its own modules, which a test makes sure of.
    """
    found = {}
    for node in ast.walk(module):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                places = (f"{node.module}.{alias.name}", node.module)
                if file := next(filter(None, map(_file_of, places)), None):
                    found[alias.asname or alias.name] = file
    return found


def _file_of(module: str) -> str | None:
    """The file of one of the project's modules; packages hold nothing that a result depends on."""
    file = module.replace(".", "/") + ".py"
    return file if (ROOT / file).is_file() else None
