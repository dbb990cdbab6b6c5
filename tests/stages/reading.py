"""Which parameters a stage reads, found by reading its code."""

import ast
import typing
from pathlib import Path

from pydantic import BaseModel

from genre.params import Params


def _groups(kind: type[BaseModel], path: str = "") -> dict[str, str]:
    """The path of each group of parameters, by the name of its class; None where it has several."""
    found: dict[str, str] = {kind.__name__: path}
    for name, field in kind.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            for group, place in _groups(field.annotation, f"{path}.{name}".strip(".")).items():
                assert group not in found or group == "Training", group
                found[group] = place
    return found


GROUPS = _groups(Params)


def group_of(path: str) -> type[BaseModel] | None:
    """The class of a group of parameters, by its dotted path; None for a single parameter."""
    kind: object = Params
    for part in filter(None, path.split(".")):
        kind = kind.model_fields[part].annotation
        (kind, *_) = [k for k in typing.get_args(kind) if k is not type(None)] or [kind]
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None


def names_of_group(path: str, group: type[BaseModel] | None = None) -> set[str]:
    """The dotted names of all parameters of a group; of a single one, its own."""
    group = group or group_of(path)
    if group is None:
        return {path}
    prefix = f"{path}." if path else ""
    return set().union(*(names_of_group(prefix + name) for name in group.model_fields))


def parameters_read(file: Path) -> tuple[set[str], set[str]]:
    """The dotted names of the parameters that a stage reads, and the groups it chooses one from.

    Followed are attributes of whatever is annotated as `Params` or as one of its groups, and of
    names that are set to such an attribute.
    """
    module = ast.parse(file.read_text(encoding="utf-8"))
    local = {node.name for node in module.body if isinstance(node, ast.FunctionDef)}
    read, chosen = set(), set()
    for function in module.body:
        if isinstance(function, ast.FunctionDef):
            known = {
                argument.arg: _path_of(argument.annotation)
                for argument in (*function.args.args, *function.args.kwonlyargs)
                if argument.annotation and _path_of(argument.annotation) is not None
            }
            reader = _Reader(known, local)
            reader.visit(ast.Module(function.body, []))
            read |= reader.read
            chosen |= reader.chosen
    return read, chosen


def _path_of(annotation: ast.expr) -> str | None:
    """Where in params.yaml a group lies, by the name of its class."""
    names = {part.id for part in ast.walk(annotation) if isinstance(part, ast.Name)}
    found = names & set(GROUPS)
    assert not found or isinstance(annotation, ast.Name), "annotate parameters by their class alone"
    assert "Training" not in found, "these settings lie in several places: pass the values"
    return GROUPS[found.pop()] if found else None


class _Reader(ast.NodeVisitor):
    def __init__(self, known: dict[str, str], local: set[str]) -> None:
        self.known, self.local, self.read, self.chosen = known, local, set(), set()

    def path(self, node: ast.AST) -> str | None:
        """The dotted path of an expression, if it is a parameter or a group of them."""
        if isinstance(node, ast.Name):
            return self.known.get(node.id)
        if isinstance(node, ast.Attribute):
            base = self.path(node.value)
            group = None if base is None else group_of(base)
            if group is not None and node.attr in group.model_fields:
                return f"{base}.{node.attr}" if base else node.attr
        return None

    def visit_Assign(self, node: ast.Assign) -> None:
        """A name, or several, for groups: what is read of them counts, not that they are named."""
        targets, values = node.targets, [node.value]
        if isinstance(node.value, ast.Tuple) and isinstance(node.targets[0], ast.Tuple):
            targets, values = node.targets[0].elts, node.value.elts
        for target, value in zip(targets, values, strict=True):
            found = self.path(value)
            if found is not None and group_of(found) is not None and isinstance(target, ast.Name):
                self.known[target.id] = found
            else:
                self.visit(value)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        self._choose(node.value) or self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        """Choosing by `getattr`; handing a group on, which counts where it is not read here."""
        names = {part.id for part in (node.func, *node.args[:1]) if isinstance(part, ast.Name)}
        if "getattr" in names:
            self._choose(node.args[0])
            return
        # `function(params)`, or `functools.partial(function, params=params)`, of the same file.
        followed = bool(names & self.local)
        for part in (node.func, *node.args, *(keyword.value for keyword in node.keywords)):
            if not (followed and self.path(part) is not None and group_of(self.path(part))):
                self.visit(part)

    def _choose(self, node: ast.AST) -> bool:
        found = self.path(node)
        if found is not None:
            self.chosen.add(found)
        return found is not None

    def visit_Name(self, node: ast.Name) -> None:
        self._found(node)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        self._found(node) or self.generic_visit(node)

    def _found(self, node: ast.AST) -> bool:
        found = self.path(node)
        if found is not None:
            self.read |= names_of_group(found)
        return found is not None
