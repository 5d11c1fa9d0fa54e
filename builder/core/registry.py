"""Things of one kind by name: ours, those of installed packages, and those registered by hand.

Ours are the modules of a package, each of which registers one thing under the module's name when it
is imported; one that is called `contract` says what they have in common, and is none of them, nor
is what stands in packages below.
Another package declares its own as entry points:

    [project.entry-points."unit_gallery.architectures"]
    trnn = "its_package.trnn"
"""

from __future__ import annotations

import pkgutil
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import Generic, TypeVar

from builder.core.errors import Problem, UserError, did_you_mean

Thing = TypeVar("Thing")
CONTRACT = "contract"


class Registry(Generic[Thing]):
    """Names are known without importing anything; a thing is imported when it is asked for.

    Args:
        kind: What one of them is called in messages, such as "architecture".
        package: Of our own, a module each; dotted.
        group: Of the entry points of other packages.
    """

    def __init__(self, kind: str, package: str, group: str) -> None:
        self._kind, self._package, self._group = kind, package, group
        self._things: dict[str, Thing] = {}

    def register(self, name: str, thing: Thing) -> None:
        """Add a thing; the same thing may be added again.

        Raises:
            UserError: Another one has the name.
        """
        there = self._things.setdefault(name, thing)
        if there is not thing and _origin(there) != _origin(thing):
            raise UserError(Problem(f"{self._kind} {name!r}", "there are two of this name",
                                    f"from {_origin(there)} and {_origin(thing)}",
                                    "give one another name"))
        self._things[name] = thing

    def names(self) -> tuple[str, ...]:
        """Return all names: ours, those of other packages, those registered by hand; no doubles."""
        return tuple(dict.fromkeys((*self._ours(), *sorted(self._others()), *self._things)))

    def __contains__(self, name: object) -> bool:
        """Tell whether there is a thing of a name; other packages are asked last."""
        return isinstance(name, str) and (
            name in self._things or name in self._ours() or name in self._others())

    def get(self, name: str) -> Thing:
        """Return the thing of a name.

        Raises:
            UserError: There is none, or it cannot be imported.
        """
        if name not in self._things:
            self._import(name)
        if name not in self._things:
            known = self.names()
            raise UserError(Problem(f"{self._kind} {name!r}", "there is no such", "",
                                    did_you_mean(name, known) or f"there are: {', '.join(known)}"))
        return self._things[name]

    def all(self) -> Iterator[Thing]:
        """Yield everything there is, in the order of `names`."""
        return (self.get(name) for name in self.names())

    def others(self) -> list[Thing]:
        """Return what is not ours, in the order of `names`."""
        ours = set(self._ours())
        return [self.get(name) for name in self.names() if name not in ours]

    def _import(self, name: str) -> None:
        if name in self._ours():
            import_module(f"{self._package}.{name}")
        elif name in (others := self._others()):
            load_entry(others[name], self._kind)

    def _ours(self) -> tuple[str, ...]:
        return _modules(self._package)

    def _others(self) -> Mapping[str, EntryPoint]:
        return _entries(self._group, tuple(sys.path))


@cache
def _modules(package: str) -> tuple[str, ...]:
    """Return the names of the modules of a package that register something, sorted."""
    path = import_module(package).__path__
    names = (module.name for module in pkgutil.iter_modules(path) if not module.ispkg)
    return tuple(sorted(name for name in names if name != CONTRACT))


@cache
def _entries(group: str, _path: tuple[str, ...]) -> Mapping[str, EntryPoint]:
    """Return the entry points of a group by name.

    Python reads the metadata of all packages for each question, so it is asked once for each path
    that it looks for packages on.
    """
    return {entry.name: entry for entry in entry_points(group=group)}


def load_entry(entry: EntryPoint, kind: str) -> None:
    """Import what another package declares.

    Args:
        entry: What it declares.
        kind: What that is called in messages, such as "architecture".

    Raises:
        UserError: It cannot be imported; names the package.
    """
    try:
        entry.load()
    except UserError:
        raise
    except Exception as error:
        package = entry.dist.name if entry.dist else "a package"
        raise UserError(Problem(
            f"entry point {entry.name!r} of {package}", f"the {kind} cannot be loaded",
            f"{type(error).__name__}: {error}", f"fix or remove {package}")) from None


def _origin(thing: object) -> str:
    """Return where a thing is from: what it says itself, else its module and name."""
    if isinstance(said := getattr(thing, "origin", None), str):
        return said
    kind = thing if isinstance(thing, type) or callable(thing) else type(thing)
    return f"{getattr(kind, '__module__', '')}.{getattr(kind, '__qualname__', '')}"
