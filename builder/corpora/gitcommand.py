"""Running git: no shell, no questions, no repository but the one that is named."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from builder.core.plain import without_password

SECONDS = 3600.0
"""Longest that one command may take."""

STALLED = ("http.lowSpeedLimit=1000", "http.lowSpeedTime=60")
QUIET = ("gc.auto=0", "maintenance.auto=false", "protocol.version=2", "core.askPass=",
         f"core.hooksPath={os.devnull}")
PROTOCOLS = "file:git:http:https:ssh"
ELSEWHERE = frozenset({
    "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_NAMESPACE",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_COMMON_DIR", "GIT_SHALLOW_FILE", "GIT_PREFIX",
})
"""Variables that would send git to another repository, set where we run inside one of its hooks."""


class GitFailed(Exception):
    """A command failed: what is wrong, and what git said."""

    def __init__(self, wrong: str, found: str) -> None:
        super().__init__(wrong, found)
        self.wrong, self.found = wrong, found


@dataclass(frozen=True, slots=True)
class Git:
    """Git on one bare repository; relative addresses start at the folder `start`."""

    repository: Path
    start: Path | None = None

    def run(self, *arguments: str, given: bytes = b"") -> bytes:
        """Run one command with `given` as its input and return what it prints.

        Raises:
            GitFailed: There is no git, or the command fails or takes an hour.
        """
        options = [part for setting in (*QUIET, *STALLED) for part in ("-c", setting)]
        command = ["git", f"--git-dir={self.repository}", *options, *arguments]
        try:
            done = subprocess.run(
                command, input=given, capture_output=True, check=True, cwd=self.start,
                env=_environment(), timeout=SECONDS, start_new_session=True)
        except FileNotFoundError:
            raise GitFailed("git is not installed", "no such command: git") from None
        except subprocess.TimeoutExpired:
            raise GitFailed("git takes too long", f"{SECONDS:,.0f} seconds") from None
        except subprocess.CalledProcessError as error:
            raise _failed(error.stderr.decode("utf-8", "replace")) from None
        return done.stdout

    def blobs(self, names: Iterable[str]) -> Iterator[bytes]:
        """Yield the content of each object, in the order given; all must be in the store."""
        given = "".join(f"{name}\n" for name in names).encode()
        content, at = memoryview(self.run("cat-file", "--batch", given=given)), 0
        while at < len(content):
            border = bytes(content[at:at + 200]).index(b"\n") + at
            size = int(bytes(content[at:border]).split()[2])
            yield bytes(content[border + 1:border + 1 + size])
            at = border + 1 + size + 1


def _environment() -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if name not in ELSEWHERE}
    return own | {"GIT_TERMINAL_PROMPT": "0", "GIT_ALLOW_PROTOCOL": PROTOCOLS, "LC_ALL": "C"}


def _failed(said: str) -> GitFailed:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    fatal = [line for line in lines if line.startswith(("fatal:", "error:"))] or lines[-1:]
    wrong = "no such ref" if _no_ref(said) else "git cannot fetch the text"
    return GitFailed(wrong, without_password(fatal[0] if fatal else "no message"))


def _no_ref(said: str) -> bool:
    return any(words in said for words in (
        "find remote ref", "Needed a single revision", "not our ref", "unadvertised object"))
