"""What a project has not itself comes with the package; what it has stays as it is."""

from pathlib import Path

import pytest
import yaml
from mkdocs.config import load_config
from mkdocs.structure.files import InclusionLevel, get_files, set_exclusions

from builder.core.given import given_root
from builder.site import lacking
from builder.site.placed import DOCS

MINIMAL = "site_name: Mine\ndocs_dir: site_src/docs\ntheme:\n  name: material\n"
ASSET = "assets/pages.css"


def filled(root, settings=MINIMAL, pages=("index.md",), silent=()):
    """Return settings and files of a project as MkDocs has them after our hook."""
    for name in pages:
        path = root / DOCS / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"# {name}\n", "utf-8")
    (root / "mkdocs.yml").write_text(settings, "utf-8")
    config = load_config(str(root / "mkdocs.yml"))
    lacking.fill_settings(config)
    files = get_files(config)
    set_exclusions(files, config)
    lacking.fill_files(files, config, silent)
    return config, {file.src_uri: file for file in files}


def titles(nav):
    return [entry if isinstance(entry, str) else next(iter(entry)) for entry in nav]


def given():
    """Return the settings of the package."""
    text = (given_root() / "mkdocs.yml").read_text("utf-8").replace("!ENV", "")
    return yaml.safe_load(text)


def test_pages_and_scripts_of_the_package_are_there(tmp_path):
    config, files = filled(tmp_path)
    assert {"how-to-read.md", "extend/panel.md", ASSET, "assets/tools.js"} <= files.keys()
    assert Path(files[ASSET].abs_src_path) == given_root() / DOCS / ASSET
    assert config.extra_css == given()["extra_css"]
    assert config.extra_javascript == given()["extra_javascript"]
    assert set(given()["markdown_extensions"]) <= set(config.markdown_extensions)
    assert not [name for name in files if name.startswith("cells/")]


def test_a_theme_looks_as_the_package_has_it(tmp_path):
    theme = filled(tmp_path)[0].theme
    assert theme.dirs[0] == str(given_root() / "site_src/overrides")
    assert theme["font"] is False and theme["palette"] == given()["theme"]["palette"]


def test_what_a_project_says_stays(tmp_path):
    settings = MINIMAL + (
        "  font: {text: Mine}\n  features: [navigation.top]\n  language: de\n"
        "extra_css: [mine.css]\nmarkdown_extensions:\n  toc: {permalink: x}\n"
        "nav:\n  - index.md\n")
    pages = ("index.md", "glossary.md", "mine.css")
    config, files = filled(tmp_path, settings, pages)
    assert config.theme["font"] == {"text": "Mine"}
    assert config.theme["features"] == ["navigation.top"]
    assert config.theme["language"] == "de"
    assert config.extra_css == [*given()["extra_css"], "mine.css"]
    assert config.mdx_configs["toc"] == {"permalink": "x"}
    assert config.nav == ["index.md"]
    assert Path(files["glossary.md"].abs_src_path) == tmp_path / DOCS / "glossary.md"


def test_templates_of_a_project_come_before_those_of_the_package(tmp_path):
    (tmp_path / "mine").mkdir()
    theme = filled(tmp_path, MINIMAL + "  custom_dir: mine\n")[0].theme
    assert theme.dirs[:2] == [str(tmp_path / "mine"), str(given_root() / "site_src/overrides")]


def test_another_theme_is_left_alone(tmp_path):
    theme = filled(tmp_path, MINIMAL.replace("material", "mkdocs"))[0].theme
    assert "palette" not in theme


def test_the_navigation_has_what_is_there(tmp_path):
    pages = ("index.md", "week-1.md", "glossary.md", "exhibits/index.md", "exhibits/mine.md",
             "counting/index.md")
    config, files = filled(tmp_path, pages=pages, silent=["counting/index.md"])
    assert titles(config.nav) == ["Home", "week-1.md", "Exhibits", "Learn", "Reference"]
    learn = next(entry["Learn"] for entry in config.nav if "Learn" in entry)
    assert "Glossary" in titles(learn) and "Who can count" not in titles(learn)
    assert files["exhibits/mine.md"].inclusion is InclusionLevel.NOT_IN_NAV


def test_without_a_first_page_there_is_none(tmp_path):
    config, files = filled(tmp_path, pages=("week-1.md",))
    assert "index.md" not in files and "week-1.md" in config.nav


@pytest.mark.parametrize("name", ["mkdocs.yml", "mkdocs.offline.yml"])
def test_the_sources_of_the_package_lack_nothing(name):
    config = load_config(str(given_root() / name))
    dirs, scripts, sheets = [*config.theme.dirs], [*config.extra_javascript], [*config.extra_css]
    extensions, nav = {*config.markdown_extensions}, config.nav
    lacking.fill_settings(config)
    files = get_files(config)
    before = [file.src_uri for file in files]
    lacking.fill_files(files, config)
    assert [file.src_uri for file in files] == before
    assert config.theme.dirs == dirs and config.nav == nav
    assert (config.extra_javascript, config.extra_css) == (scripts, sheets)
    assert {*config.markdown_extensions} == extensions
