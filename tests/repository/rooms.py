"""The house in numbers: `python -m tests.repository.rooms`.

A room is a folder of the package, or a module that stands in none. Counted are the pairs of rooms
of which one imports the other, whatever the number of imports, and the circles of modules.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles

import grimp

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = "builder"
KERNELS = ("scoring", "activations", "models/architectures", "models")


def room_of(module: str) -> str:
    """Return the folder that a module stands in; a module of the top level is a room itself."""
    path = ROOT / module.replace(".", "/")
    parts = module.split(".")
    return module if path.is_dir() or len(parts) == 2 else ".".join(parts[:-1])


def arrows(package: str = PACKAGE) -> set[tuple[str, str]]:
    """Return which room imports which."""
    graph = grimp.build_graph(package, cache_dir=None)
    return {(room_of(a), room_of(b)) for a in graph.modules
            for b in graph.find_modules_directly_imported_by(a)
            if room_of(a) != room_of(b) and PACKAGE not in (room_of(a), room_of(b))}


def _top(room: str) -> str:
    return ".".join(room.split(".")[:2])


def circles(package: str = PACKAGE) -> list[set[str]]:
    """Return the sets of modules that import each other, whatever the way."""
    graph = grimp.build_graph(package, cache_dir=None)
    below = {m: graph.find_downstream_modules(m) for m in graph.modules}
    found: list[set[str]] = []
    for module in sorted(graph.modules):
        with_it = {m for m in below[module] if module in below[m]} | {module}
        if len(with_it) > 1 and with_it not in found:
            found.append(with_it)
    return found


def lengths(paths: list[Path]) -> tuple[list[int], list[int]]:
    """Return the lines of every function, its docstring left out, and of every module."""
    functions = [n for path in paths for n in _functions(ast.parse(path.read_text("utf-8")))]
    return functions, [len(path.read_text("utf-8").splitlines()) for path in paths]


def _functions(tree: ast.AST) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            doc = ast.get_docstring(node, clean=False)
            yield node.end_lineno - node.lineno + 1 - (len(doc.splitlines()) if doc else 0)


def comments(paths: list[Path]) -> float:
    """Return comments in a hundred lines, tool directives left out."""
    lines = [line.strip() for path in paths for line in path.read_text("utf-8").splitlines()]
    said = [line for line in lines if "# " in line and "noqa" not in line and "type:" not in line]
    return 100 * len(said) / max(1, len(lines))


def main() -> None:
    """Print everything."""
    pairs = arrows()
    rooms = sorted({room for pair in pairs for room in pair})
    large = {(_top(a), _top(b)) for a, b in pairs if _top(a) != _top(b)}
    print(f"{len({a for pair in large for a in pair})} rooms, {len(large)} imports between them, "
          f"{len(circles())} circles of modules")
    print(f"with the folders inside them: {len(rooms)}, {len(pairs)}")
    into = defaultdict(list)
    for a, b in sorted(pairs):
        into[a].append(b.removeprefix(f"{PACKAGE}."))
    for room in rooms:
        print(f"  {room.removeprefix(f'{PACKAGE}.'):<22} {', '.join(into[room])}")
    paths = sorted((ROOT / PACKAGE).rglob("*.py"))
    for name, sizes in zip(("functions", "modules"), lengths(paths), strict=True):
        print(f"{name}: {len(sizes)}, median {median(sizes):g}, 95% "
              f"{quantiles(sizes, n=20)[-1]:.0f}, largest {max(sizes)} lines")
    kernels = sorted({p for k in KERNELS for p in (ROOT / PACKAGE / k).glob("*.py")})
    print(f"comments in 100 lines: {comments(paths):.1f}; of the kernels {comments(kernels):.1f}")


if __name__ == "__main__":
    main()
