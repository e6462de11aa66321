"""The source code as syntax trees, for the tests of structure."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src"
PACKAGE = SOURCE / "f1timings"

AnyFunction = ast.FunctionDef | ast.AsyncFunctionDef


class Definition(NamedTuple):
    """A class or function with its place, ``web.rigs.bodies:RigBody.of``."""

    place: str
    node: ast.ClassDef | AnyFunction


@cache
def modules() -> Mapping[str, Path]:
    """Every module of the program by its name without ``f1timings``; a package has the name of its folder."""
    return {module_name(path): path for path in sorted(PACKAGE.rglob("*.py"))}


def module_name(path: Path) -> str:
    """``web.rigs.bodies`` for its path; the name of the root package is empty."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def tree(module: str) -> ast.Module:
    """The syntax tree of a module."""
    return ast.parse(modules()[module].read_text("utf-8"))


def definitions() -> Iterator[Definition]:
    """Every class and function of the program, nested ones included."""
    for module in modules():
        yield from _definitions(tree(module), f"{module}:")


def _definitions(node: ast.AST, prefix: str) -> Iterator[Definition]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ClassDef | AnyFunction):
            yield Definition(prefix + child.name, child)
            yield from _definitions(child, f"{prefix}{child.name}.")
        else:
            yield from _definitions(child, prefix)


def classes() -> Iterator[tuple[str, ast.ClassDef]]:
    """Every class with its place."""
    return ((place, node) for place, node in definitions() if isinstance(node, ast.ClassDef))


def functions() -> Iterator[tuple[str, AnyFunction]]:
    """Every function and method with its place."""
    return ((place, node) for place, node in definitions() if not isinstance(node, ast.ClassDef))


def base_names(node: ast.ClassDef) -> set[str]:
    """The names of the base classes, without the module and without type arguments."""
    bases = (base.value if isinstance(base, ast.Subscript) else base for base in node.bases)
    return {base.attr if isinstance(base, ast.Attribute) else ast.unparse(base) for base in bases}


@cache
def imports() -> Mapping[str, frozenset[str]]:
    """The modules of the program that each module imports, at run time, for types or inside a function."""
    return {module: frozenset(_imports(module)) - {module} for module in modules()}


def _imports(module: str) -> Iterator[str]:
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            yield from (known for alias in node.names if (known := _known(alias.name)) is not None)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{module} has a relative import"
            for alias in node.names:
                submodule = _known(f"{node.module}.{alias.name}")
                imported = _known(node.module or "") if submodule is None else submodule
                if imported is not None:
                    yield imported


def _known(name: str) -> str | None:
    if name == "f1timings":
        return ""
    short = name.removeprefix("f1timings.")
    return short if short != name and short in modules() else None


def cycles(graph: Mapping[str, frozenset[str]]) -> list[set[str]]:
    """The groups of modules that import each other, directly or through others."""
    reachable = {module: _reachable(graph, module) for module in graph}
    groups: list[set[str]] = []
    for module in graph:
        if module in reachable[module] and not any(module in group for group in groups):
            groups.append({other for other in reachable[module] if module in reachable[other]})
    return groups


def _reachable(graph: Mapping[str, frozenset[str]], start: str) -> set[str]:
    seen: set[str] = set()
    pending = list(graph[start])
    while pending:
        module = pending.pop()
        if module not in seen:
            seen.add(module)
            pending += graph[module]
    return seen


def string_literals(module: str) -> Iterator[str]:
    """The string literals of a module, the constant parts of f-strings included, without docstrings."""
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree(module))
        if isinstance(node, ast.Module | ast.ClassDef | AnyFunction)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value
