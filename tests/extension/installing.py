"""Packages of the pages "Add a …", installed in a folder as pip would."""

import sys
import tomllib

from tests.extension.recipes import write_package


def install(page, folder, monkeypatch):
    """Write the package of a page, and make it known with its entry points until the test ends."""
    write_package(folder, page)
    project = tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))["project"]
    metadata = folder / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n", "utf-8")
    (metadata / "entry_points.txt").write_text("".join(
        f"[{group}]\n" + "".join(f"{name} = {module}\n" for name, module in entries.items())
        for group, entries in project["entry-points"].items()), "utf-8")
    for entries in project["entry-points"].values():
        for module in entries.values():
            monkeypatch.delitem(sys.modules, module, raising=False)
    monkeypatch.syspath_prepend(folder)


def forget_after(registry, monkeypatch):
    """Have a registry forget, when the test ends, what was registered since."""
    known = {name: registry.get(name) for name in registry.names()}
    monkeypatch.setattr(registry, "_things", known)
