"""What MkDocs calls while it builds a site: pages are made before it reads them.

A project's `mkdocs.yml` names a file under `hooks:` that holds one line, `from builder.hook
import *`. MkDocs then finds each function here by the name of its event.
"""

from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from builder.core.errors import UserError
from builder.pipeline import make_pages
from builder.site import mkdocs
from builder.site.watching import watch
from builder.workspace.exclusive import publishing
from builder.workspace.gallery import Workspace

__all__ = ["on_build_error", "on_config", "on_post_build", "on_pre_build", "on_serve"]

_held = ExitStack()
"""What a build holds from its first event to its last: the lock of the pages."""


def on_config(config: Any) -> None:
    """Fix what a build must not take from where or when it runs."""
    mkdocs.fix(config)


def on_pre_build(config: Any) -> None:
    """Make the pages, unless `gallery build` has just done it and runs this."""
    if mkdocs.PAGES_ARE_MADE in os.environ:
        return
    workspace = _workspace(config)
    try:
        _held.enter_context(publishing(workspace))
        make_pages(workspace)
    except UserError as error:
        raise mkdocs.refusal(error) from None


def on_post_build(config: Any) -> None:
    """Let others write pages again."""
    _held.close()


def on_build_error(error: Exception) -> None:
    """Let others write pages again."""
    _held.close()


def on_serve(server: Any, config: Any, builder: Any) -> None:
    """Watch what pages are made from, and not the pages themselves."""
    watch(server, config, [_workspace(config).gallery, _workspace(config).results])


def _workspace(config: Any) -> Workspace:
    return Workspace(Path(config.config_file_path).parent)
