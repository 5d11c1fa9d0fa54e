"""MkDocs, run as a program of its own on what was written."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from builder.core.errors import SHOWN, OutputError, Problem, UserError
from builder.core.stopping import Ended, lifeline
from builder.site.archive import write_archive
from builder.site.placed import DOCS, FRAGMENTS
from builder.site.ports import check_free
from builder.site.swap import finish, put_in_place

PAGES_ARE_MADE = "GALLERY_PAGES_ARE_MADE"
"""Set for MkDocs by whom has written the pages: its hook leaves them as they are."""

SITE, OFFLINE_SITE, ARCHIVE = "site", "site-offline", "gallery-offline.zip"
EPOCH = "1577836800"
"""2020-01-01: the date of everything, so that equal sources give equal bytes."""

MKDOCS = (sys.executable, "-m", "builder.site.tied")

FRAGMENTS_EXTENSION = "builder.site.fragments"
NOTEBOOKS_EXTENSION = "builder.site.notebooks"
_FIRST, _LAST_LINES = 100, SHOWN - 1


def build(root: Path, offline: bool = False) -> Path:
    """Build the site from what is under `root`, as a whole or not at all.

    Args:
        root: The folder that holds `mkdocs.yml`.
        offline: Build the one that is read from disk, and pack it too.

    Returns:
        The folder of the site.

    Raises:
        UserError: MkDocs refuses; the site of an earlier run is still there.
    """
    target = root / (OFFLINE_SITE if offline else SITE)
    aside = _aside(target)
    finish(aside, target)
    _run_mkdocs(root, "mkdocs.offline.yml" if offline else "mkdocs.yml", aside)
    put_in_place(aside, target)
    if offline:
        write_archive(target, root / ARCHIVE)
    return target


def _aside(target: Path) -> Path:
    """Return where a site is made before it is put in its place."""
    return target.parent / ".gallery" / f"{target.name}.part"


def places(root: Path, offline: bool = False) -> tuple[Path, ...]:
    """Return what `build` makes: the folder of a site, and its archive where there is one."""
    return (root / OFFLINE_SITE, root / ARCHIVE) if offline else (root / SITE,)


def serve(root: Path, address: str = "127.0.0.1:8000") -> None:
    """Serve what is under `root` until it is stopped by Ctrl-C.

    Raises:
        OutputError: The address is not one, or is in use.
        UserError: MkDocs ends with a failure; what it says is on the terminal.
    """
    check_free(address)
    if not (root / "mkdocs.yml").is_file():
        raise OutputError(Problem(str(root / "mkdocs.yml"), "there is no such file", "",
                                  "run this in the project's folder, or name it with --root"))
    try:
        with lifeline() as ours:
            code = subprocess.run([*MKDOCS, "serve", "--dev-addr", address], cwd=root, stdin=ours,
                                  env=_environment(), check=False).returncode
    except Ended:
        raise
    except KeyboardInterrupt:
        return
    if code:
        found = f"exit code {code}" if code > 0 else f"ended by {signal.Signals(-code).name}"
        raise UserError(Problem(str(root / "mkdocs.yml"), "MkDocs could not serve the site",
                                found, "fix what it says above"))


def fix(config: Any) -> None:
    """Fix, in a run of MkDocs that is not ours, what hangs on where and when it runs.

    Args:
        config: Of MkDocs.
    """
    os.environ.setdefault("SOURCE_DATE_EPOCH", EPOCH)
    options = config.mdx_configs.setdefault(FRAGMENTS_EXTENSION, {})
    root = Path(config.config_file_path).parent
    options["folder"] = str(root / options.get("folder", FRAGMENTS))
    options["directory_urls"] = config.use_directory_urls
    options = config.mdx_configs.setdefault(NOTEBOOKS_EXTENSION, {})
    options["folder"] = str(root / options.get("folder", f"{DOCS}/notebooks"))
    options["repository"] = config.repo_url or ""


@contextmanager
def refusing() -> Iterator[None]:
    """Run the body, and have MkDocs tell what a user can fix: without a traceback."""
    from mkdocs.exceptions import PluginError

    try:
        yield
    except UserError as error:
        raise PluginError(str(error)) from None


def early(event: Callable[..., Any]) -> Callable[..., Any]:
    """Return an event of a hook that comes before those of plugins."""
    return _at(_FIRST, event)


def late(event: Callable[..., Any]) -> Callable[..., Any]:
    """Return an event of a hook that comes after those of plugins."""
    return _at(-_FIRST, event)


def _at(priority: float, event: Callable[..., Any]) -> Callable[..., Any]:
    from mkdocs.plugins import event_priority

    return event_priority(priority)(event)


def both(*events: Callable[..., Any]) -> Any:
    """Return events of a hook as one."""
    from mkdocs.plugins import CombinedEvent

    return CombinedEvent(*events)


def _run_mkdocs(root: Path, config: str, target: Path) -> None:
    command = [*MKDOCS, "build", "--strict", "--clean", "--config-file", config,
               "--site-dir", str(target.absolute())]
    with lifeline() as ours:
        done = subprocess.run(command, cwd=root, env={**_environment(), PAGES_ARE_MADE: "yes"},
                              check=False, encoding="utf-8", errors="replace", stdin=ours,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode:
        raise UserError([Problem(str(root / config), "MkDocs could not build the site", "",
                                 "fix what it says and build again"),
                         *(Problem("MkDocs", line) for line in _said(done.stdout))])


def _said(output: str) -> list[str]:
    """Return the lines of MkDocs that matter: its errors, else its last words."""
    lines = output.strip().splitlines()
    errors = [line for line in lines if line.startswith(("ERROR", "WARNING", "Config value"))]
    return [line for line in (errors or lines) if line.strip()][-_LAST_LINES:]


def _environment() -> dict[str, str]:
    """Return our environment, with a fixed date and without notices about other programs."""
    fixed = {"SOURCE_DATE_EPOCH": EPOCH, "NO_MKDOCS_2_WARNING": "1", "PYTHONHASHSEED": "0",
             "PYTHONUTF8": "1"}
    return {**os.environ, **fixed}

