"""Nothing is built where nothing has changed; whatever has changed or is missing is noticed."""

import os

import pytest

from builder.site import inputs
from builder.site.inputs import key_of
from builder.site.whole import is_whole, note_whole


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project of a few files, with a package of its own that renders it."""
    for name, content in {
        "mkdocs.yml": "site_name: x\nsite_url: !ENV [SOME_ADDRESS, '']\n",
        "site_src/docs/index.md": "# Home\n", "site_src/docs/assets/pages.css": "a {}\n",
        "site_src/overrides/main.html": "{}\n", "gallery/one/exhibit.toml": "title = 'x'\n",
        "gallery/two/exhibit.toml": "title = 'y'\n", "package/cell.html.j2": "{{ x }}\n",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    monkeypatch.setattr(inputs, "PACKAGE", tmp_path / "package")
    return tmp_path


def key(project):
    return key_of(project, [project / "gallery" / "one"])


@pytest.mark.parametrize("name", [
    "mkdocs.yml", "mkdocs.offline.yml", "site_src/docs/index.md", "site_src/docs/new.md",
    "site_src/docs/assets/pages.css", "site_src/overrides/main.html", "gallery/one/exhibit.toml",
    "gallery/one/model.json", "package/cell.html.j2", "package/new.py",
])
def test_what_decides_a_site_is_in_its_key(project, name):
    before = key(project)
    (project / name).write_text("something else\n")
    changed = key(project)
    assert changed != before
    os.utime(project / name, (1, 1))
    assert key(project) == changed


@pytest.mark.parametrize("name", [
    "gallery/two/exhibit.toml", "site_src/docs/cells/one/l0-1.md",
    "site_src/docs/assets/gallery.css", "package/__pycache__/x.pyc", "README.md",
])
def test_what_does_not_decide_it_is_not(project, name):
    before = key(project)
    (project / name).parent.mkdir(parents=True, exist_ok=True)
    (project / name).write_text("something else\n")
    assert key(project) == before


def test_the_variables_that_settings_name_are_in_the_key(project, monkeypatch):
    before = key(project)
    monkeypatch.setenv("SOME_ADDRESS", "https://example.org/")
    assert key(project) != before


def test_what_is_installed_is_in_the_key(project, monkeypatch):
    before = key(project)
    (project / "place" / "mkdocs-9.9.dist-info").mkdir(parents=True)
    monkeypatch.syspath_prepend(str(project / "place"))
    assert key(project) != before


@pytest.fixture
def site(tmp_path):
    (tmp_path / "site" / "cells").mkdir(parents=True)
    (tmp_path / "site" / "index.html").write_text("home")
    (tmp_path / "site" / "cells" / "a.html").write_text("a cell")
    (tmp_path / "site.zip").write_text("packed")
    note_whole(tmp_path / "site.json", "key", tmp_path / "site", tmp_path / "site.zip")
    return tmp_path


def whole(site, key="key"):
    return is_whole(site / "site.json", key, site / "site", site / "site.zip")


def test_a_site_is_whole_until_its_key_changes(site):
    assert whole(site) and not whole(site, "another key")


@pytest.mark.parametrize("damage", [
    lambda site: (site / "site" / "cells" / "a.html").unlink(),
    lambda site: (site / "site" / "cells" / "a.html").write_text("a c"),
    lambda site: (site / "site" / "cells" / "b.html").write_text("another"),
    lambda site: (site / "site" / "index.html").write_text("moth"),
    lambda site: (site / "site.zip").unlink(),
    lambda site: (site / "site.json").write_text("no JSON"),
    lambda site: (site / "site.json").write_text("[]"),
    lambda site: (site / "site.json").unlink(),
], ids=["removed", "cut", "added", "same size", "archive", "record", "other record", "no record"])
def test_damage_is_noticed(site, damage):
    damage(site)
    assert not whole(site)
