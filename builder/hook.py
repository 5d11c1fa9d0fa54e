"""What MkDocs calls while it builds a site: pages are made before it reads them.

A project's `mkdocs.yml` names a file under `hooks:` that holds one line, `from builder.hook
import *`. MkDocs then finds each function here by the name of its event.
"""

from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from builder.pipeline import make_pages
from builder.site import mkdocs
from builder.site.addressed import address_notebooks
from builder.site.lacking import COUNTING_PAGE, fill_files, fill_settings
from builder.site.searched import Reading, plugin_of
from builder.site.served import Served
from builder.site.structured import structured
from builder.site.theme import leave_out_indents, leave_out_unneeded
from builder.site.watching import watch
from builder.workspace.counted import COUNTED_FILE
from builder.workspace.exclusive import publishing
from builder.workspace.gallery import Workspace

__all__ = ["on_build_error", "on_config", "on_env", "on_files", "on_nav", "on_page_context",
           "on_page_markdown", "on_post_build", "on_pre_build", "on_serve", "on_startup"]


class _Run:
    """A run of MkDocs: one build, or as many as there are changes while it serves.

    Attributes:
        held: What a build holds from its first event to its last: the lock of the pages.
        reading: What the search plugin reads.
        served: What is known from the build before; None but while MkDocs serves.
        nav: Of the build that is under way.
    """

    def __init__(self) -> None:
        self.held = ExitStack()
        self.reading = Reading()
        self.served: Served | None = None
        self.nav: Any = None


_run = _Run()


def on_startup(command: str, dirty: bool) -> None:
    """Begin a run."""
    _run.served = Served() if command == "serve" and not dirty else None


def on_config(config: Any) -> None:
    """Add what the project leaves open; fix what must not hang on where or when a build runs."""
    fill_settings(config)
    mkdocs.fix(config)


def on_pre_build(config: Any) -> None:
    """Make the pages, unless `gallery build` has just done it and runs this."""
    if mkdocs.PAGES_ARE_MADE in os.environ:
        return
    workspace = _workspace(config)
    with mkdocs.refusing():
        _run.held.enter_context(publishing(workspace))
        make_pages(workspace)
    if _run.served:
        _run.served.set_aside(Path(config.site_dir))


@mkdocs.late
def on_files(files: Any, config: Any) -> None:
    """Add what is lacking, leave out what nobody needs, let unchanged files stay."""
    counted = _workspace(config).gallery / COUNTED_FILE
    fill_files(files, config, () if counted.is_file() else [COUNTING_PAGE])
    address_notebooks(files, config)
    search = plugin_of(config)
    leave_out_unneeded(files, search.config.lang if search else [])
    if _run.served:
        _run.served.take_back(files, Path(config.site_dir))


@mkdocs.late
def on_nav(nav: Any, config: Any, files: Any) -> None:
    """Look at the navigation, which is on every page."""
    _run.nav = nav


@mkdocs.late
def on_page_markdown(markdown: str, page: Any, config: Any, files: Any) -> None:
    """Let pages that have not changed stay."""
    if _run.served:
        _run.served.read(markdown, page, config)


@mkdocs.late
def on_env(env: Any, config: Any, files: Any) -> Any:
    """Let templates write no indents, say what pages are, and know what they made before."""
    leave_out_indents(env)
    env.globals["structured"] = structured
    return _run.served.template(env, config, _run.nav) if _run.served else env


@mkdocs.early
def _before_search(context: Any, page: Any, config: Any, nav: Any) -> None:
    """Let the search plugin read what can be found on a page, and what it has not read before."""
    if _run.served:
        _run.served.before_search(page, config)
    if plugin_of(config) is not None:
        _run.reading.before(page)


@mkdocs.late
def _after_search(context: Any, page: Any, config: Any, nav: Any) -> None:
    """Put the page back for its template."""
    if plugin_of(config) is not None:
        _run.reading.after(page)
    if _run.served:
        _run.served.after_search(page, config)


on_page_context = mkdocs.both(_before_search, _after_search)


def on_post_build(config: Any) -> None:
    """Let others write pages again."""
    if _run.served:
        _run.served.finish(Path(config.site_dir))
    _run.held.close()


def on_build_error(error: Exception) -> None:
    """Let others write pages again."""
    _run.held.close()


def on_serve(server: Any, config: Any, builder: Any) -> None:
    """Watch what pages are made from, and not the pages themselves."""
    watch(server, config, [_workspace(config).gallery, _workspace(config).results])


def _workspace(config: Any) -> Workspace:
    return Workspace(Path(config.config_file_path).parent)
