"""What the code's shape must be, read from its syntax trees: direction, purity, one commit, sizes."""

import ast
import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# From the ground up: a module imports only what stands before it, or its own package.
FLOORS = (
    *("errors", "money", "weeks", "clock", "queue", "keyfile", "checks", "logs"),
    *("extensions", "vault", "schema", "revision", "transaction", "outbox", "pages", "fields"),
    "static_files",
    *("settings", "members", "decisions", "ledger.books", "ledger.sharing", "ledger.exports", "treasury"),
    *("menu", "zones", "beer", "orders", "kitchen", "announcing", "payments", "rounds"),
    *("forgetting", "verify", "customer", "collective"),
    *(
        "postman",
        "upgrade",
        "backup",
        "demo",
        "tick",
        "worker",
        "health",
        "registry",
        "cli",
    ),
)

CORE = {"errors", "money", "weeks"}
"""With every `rules`, what has no clock, no database, no Flask and no chance in it."""

LISTS = {"errors"}
"""A flat list of facts may be long: nothing in it is ever read from top to bottom."""

INNOCENT = {
    *("__future__", "bisect", "collections", "dataclasses", "datetime", "decimal", "enum", "fractions"),
    *("functools", "hashlib", "heapq", "itertools", "json", "math", "operator", "re", "string", "typing"),
    *("unicodedata", "zoneinfo"),
}
CLOCKS = {("datetime", "now"), ("datetime", "utcnow"), ("date", "today"), ("time", "time")}
VAGUE = {"utils", "helpers", "common", "misc"}

MAY_ROLL_BACK = {"transaction", "schema", "verify", "postman", "upgrade"}
"""Beside the transaction, what only reads and stands outside of any."""

FILE_MOST, FILE_MEDIAN, FUNCTION_MOST, VIEW_MOST = 350, 90, 40, 25
VERBS = {"get", "post", "route", "put", "delete", "patch"}


@dataclass(frozen=True)
class Module:
    """A source file: its path below `shop/`, its lines and its tree."""

    path: Path
    lines: int
    tree: ast.Module

    @property
    def name(self) -> str:
        """Name the module, without `shop.`."""
        return ".".join(self.path.with_suffix("").parts).removesuffix(".__init__")


def violations(shop: Path) -> list[str]:
    """Say everything that is not as it should be in the package `shop`."""
    modules = [_read(file, shop) for file in sorted(shop.rglob("*.py"))]
    found = [fault for module in modules for fault in _of_module(module)]
    by_name = {module.name: module for module in modules}
    found += [fault for module in modules if _is_core(module.name) for fault in _purity(module, by_name)]
    median = statistics.median([module.lines for module in modules if module.lines > 2])
    if median >= FILE_MEDIAN:
        found.append(f"half of the files have {median} lines or more")
    return found


def _read(file: Path, shop: Path) -> Module:
    text = file.read_text()
    return Module(file.relative_to(shop), text.count("\n"), ast.parse(text))


def _of_module(module: Module) -> Iterator[str]:
    for fault in (_direction, _inner_imports, _commits, _clock, _sizes, _names):
        for words in fault(module):
            yield f"{module.path}: {words}"


def floor(name: str) -> int | None:
    """Give how high a module stands; None where it has no place."""
    if name in {"__init__", "ledger"}:
        return len(FLOORS) if name == "__init__" else -1
    found = [number for number, prefix in enumerate(FLOORS) if f"{name}.".startswith(f"{prefix}.")]
    return found[-1] if found else None


def imports(tree: ast.AST) -> Iterator[str]:
    """Name all that is imported; `from shop import clock` is `shop.clock`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = "." * node.level + (node.module or "")
            yield from (f"{start}.{alias.name}" for alias in node.names)


def _direction(module: Module) -> Iterator[str]:
    here = floor(module.name)
    if here is None:
        yield "stands on no floor; give it a place in FLOORS"
        return
    for target in imports(module.tree):
        if target.startswith("."):
            yield f"imports {target} by a relative name"
        if target == "stripe" or (target.startswith("stripe.") and module.name != "payments.gateway"):
            yield "imports stripe; only payments.gateway may"
        if target.startswith("shop."):
            there = floor(target.removeprefix("shop."))
            if there is None or there > here:
                yield f"imports upward: {target}"


def _is_core(name: str) -> bool:
    return name in CORE or name.endswith(".rules")


def _purity(module: Module, by_name: dict[str, Module]) -> Iterator[str]:
    """Say what a pure module reaches that is not, through modules of ours too."""
    for target in imports(module.tree):
        if target.partition(".")[0] in INNOCENT:
            continue
        inner = target.removeprefix("shop.")
        reached = by_name.get(inner) or by_name.get(inner.rpartition(".")[0])
        if not target.startswith("shop.") or (reached and any(_purity(reached, by_name))):
            yield f"{module.path}: is pure and imports {target}"
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Name) and node.id in {"open", "print"}:
            yield f"{module.path}: is pure and uses {node.id}"
        if _asks_the_time(node):
            yield f"{module.path}: is pure and asks the time"


def _asks_the_time(node: ast.AST) -> bool:
    named = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    return named and (node.value.id, node.attr) in CLOCKS


def _inner_imports(module: Module) -> Iterator[str]:
    for function in _functions(module.tree):
        if any(isinstance(node, ast.Import | ast.ImportFrom) for node in ast.walk(function)):
            yield f"{function.name} imports inside itself"


def _commits(module: Module) -> Iterator[str]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute) and node.attr == "commit" and module.name != "transaction":
            yield f"line {node.lineno} commits; only transaction() may"
        if isinstance(node, ast.Attribute) and node.attr == "rollback" and module.name not in MAY_ROLL_BACK:
            yield f"line {node.lineno} rolls back; only transaction() may"


def _clock(module: Module) -> Iterator[str]:
    for node in ast.walk(module.tree):
        if _asks_the_time(node) and module.name != "clock":
            yield f"line {node.lineno} asks the time; only clock.now() may"


def _sizes(module: Module) -> Iterator[str]:
    if module.lines > FILE_MOST and module.name not in LISTS:
        yield f"has {module.lines} lines, more than {FILE_MOST}"
    for function in _functions(module.tree):
        lines = (function.end_lineno or function.lineno) - function.lineno + 1
        most = VIEW_MOST if _is_view(function) else FUNCTION_MOST
        if lines > most:
            yield f"{function.name} has {lines} lines, more than {most}"


def _names(module: Module) -> Iterator[str]:
    for part in module.name.split("."):
        if part in VAGUE:
            yield f"is called {part}, which says nothing"


def _functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _is_view(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    marks = [mark.func for mark in function.decorator_list if isinstance(mark, ast.Call)]
    return any(
        isinstance(mark, ast.Attribute)
        and mark.attr in VERBS
        and isinstance(mark.value, ast.Name)
        and "blueprint" in mark.value.id
        for mark in marks
    )
