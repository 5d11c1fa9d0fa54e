"""What must not run twice at once in one workspace: building its site, training one exhibit.

Whoever writes pages and lets MkDocs read them waits for others who do: that takes seconds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import chain

from builder.core.exclusive import alone, in_turn
from builder.core.files import ASIDE, remove_left_overs
from builder.workspace.gallery import Workspace, has_weights
from builder.workspace.recipe import Exhibit


@contextmanager
def building(
    workspace: Workspace, chosen: Sequence[Exhibit], *, wait: bool = False
) -> Iterator[None]:
    """Run the body, which builds the site and trains each exhibit that has no weights yet.

    Args:
        workspace: Where.
        chosen: The exhibits.
        wait: Wait for a process that builds here or trains one of them.

    Raises:
        OutputError: There is one, and it is not waited for.
    """
    with ExitStack() as stack:
        stack.enter_context(alone(
            workspace.made / "build.lock", "another run builds this site", wait=wait))
        for exhibit in chosen:
            if not has_weights(exhibit):
                stack.enter_context(training(workspace, exhibit, wait=wait))
        clean(workspace)
        yield


@contextmanager
def publishing(workspace: Workspace) -> Iterator[None]:
    """Run the body, which writes pages and has them read; wait while another process does."""
    with in_turn(workspace.made / "pages.lock", "another run writes the pages of this site"):
        yield


@contextmanager
def training(workspace: Workspace, exhibit: Exhibit, *, wait: bool = False) -> Iterator[None]:
    """Run the body, which trains an exhibit.

    Args:
        workspace: Where.
        exhibit: Which.
        wait: Wait for a process that trains it.

    Raises:
        OutputError: There is one, and it is not waited for.
    """
    with alone(workspace.made / f"train-{exhibit.name}.lock",
               f"another run trains {exhibit.name}", wait=wait):
        yield


def clean(workspace: Workspace) -> None:
    """Remove what runs that were killed left half written."""
    folders = (workspace.made, workspace.gallery, workspace.root / "site_src")
    inside = (folder.rglob(ASIDE) for folder in folders)
    remove_left_overs(chain(workspace.root.glob(ASIDE), *inside))
