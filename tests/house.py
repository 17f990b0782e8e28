"""The house as its source code shows it: modules, their imports and their functions, read with `ast` alone."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
APPS = ("fdc_project", "generation", "review")
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


class Module:
    """One Python file, by its dotted name."""

    def __init__(self, path: Path) -> None:
        parts = path.relative_to(ROOT).with_suffix("").parts
        self.path = path
        self.name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        self.where = path.relative_to(ROOT).as_posix()

    @cached_property
    def source(self) -> str:
        """Its text."""
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        """Its syntax tree."""
        return ast.parse(self.source, filename=self.where)

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """Everything in it, walked once for all who ask."""
        return tuple(ast.walk(self.tree))

    def within(self, *packages: str) -> bool:
        """Whether it is one of these packages or lies inside one."""
        return any(self.name == package or self.name.startswith(package + ".") for package in packages)

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        """Every function and method, nested ones included."""
        return (node for node in self.nodes if isinstance(node, FUNCTIONS))

    def classes(self) -> Iterator[ast.ClassDef]:
        """Every class, nested ones included."""
        return (node for node in self.nodes if isinstance(node, ast.ClassDef))

    def calls(self) -> Iterator[tuple[str, ast.Call]]:
        """Every call with the dotted text of what is called ("Seed.objects.create")."""
        return ((dotted(node.func), node) for node in self.nodes if isinstance(node, ast.Call))

    @cached_property
    def imported(self) -> frozenset[str]:
        """The modules that it needs when it is loaded. What only the type checker reads is left out."""
        return frozenset(_imports(self, self.tree.body))

    @cached_property
    def imported_late(self) -> frozenset[str]:
        """The modules that it imports inside functions."""
        return frozenset(name for function in self.functions() for name in _imports(self, function.body))


def dotted(node: ast.expr) -> str:
    """The text of a chain of names and calls: `a.b(c).d` is "a.b.d"; other expressions are "?"."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return dotted(node.func) if isinstance(node, ast.Call) else "?"


def _imports(module: Module, body: list[ast.stmt]) -> Iterator[str]:
    for statement in body:
        if isinstance(statement, ast.Import):
            yield from (alias.name for alias in statement.names)
        elif isinstance(statement, ast.ImportFrom):
            source = _absolute(module, statement)
            yield from (f"{source}.{alias.name}" if _exists(f"{source}.{alias.name}") else source
                        for alias in statement.names)  # fmt: skip
        elif isinstance(statement, ast.If) and dotted(statement.test).endswith("TYPE_CHECKING"):
            yield from _imports(module, statement.orelse)
        else:
            for field in ("body", "orelse", "finalbody"):
                if not isinstance(statement, FUNCTIONS):
                    yield from _imports(module, getattr(statement, field, []))
            for handler in getattr(statement, "handlers", []):
                yield from _imports(module, handler.body)


def _absolute(module: Module, statement: ast.ImportFrom) -> str:
    if not statement.level:
        return statement.module or ""
    parts = module.name.split(".")
    if module.path.name == "__init__.py":
        parts.append("")
    base = ".".join(parts[: -statement.level])
    return f"{base}.{statement.module}" if statement.module else base


@cache
def _exists(name: str) -> bool:
    path = ROOT.joinpath(*name.split("."))
    return path.with_suffix(".py").exists() or (path / "__init__.py").exists()


@cache
def modules(*folders: str) -> tuple[Module, ...]:
    """The modules of these top folders (all of the product's when none is named), migrations left out."""
    found = (path for folder in folders or APPS for path in sorted((ROOT / folder).rglob("*.py")))
    return tuple(Module(path) for path in found if "migrations" not in path.parts)


def first_party(name: str) -> bool:
    """Whether a dotted name is ours."""
    return name.split(".")[0] in (*APPS, "tests", "benchmarks")


def circles() -> list[list[str]]:
    """The import cycles: groups of modules that each lead back to themselves (Tarjan's components, 1972)."""
    graph = {module.name: sorted(n for n in module.imported if first_party(n)) for module in modules()}
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(node: str) -> None:
        index[node] = low[node] = len(index)
        stack.append(node)
        for target in graph.get(node, ()):
            if target not in index:
                visit(target)
                low[node] = min(low[node], low[target])
            elif target in stack:
                low[node] = min(low[node], index[target])
        if low[node] == index[node]:
            cut = stack.index(node)
            component = stack[cut:]
            del stack[cut:]
            if len(component) > 1 or node in graph.get(node, ()):
                found.append(sorted(component))

    for name in graph:
        if name not in index:
            visit(name)
    return found
