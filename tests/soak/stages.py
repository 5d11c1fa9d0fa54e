"""A small project with all its results, and commands that are started in it and stopped."""

from __future__ import annotations

import lzma
import shutil
import signal
import subprocess
import sys

from safetensors import safe_open

from builder.core.parsing import json_of
from tests.integration.projects import bytes_of, make_project, run
from tests.sources import PROJECT

BUILD, MEASURE, WORDS, CONNECTIONS, TRAIN, SERVE = (
    "build", "measure", "words", "connections", "train", "serve")
COMMANDS = {
    BUILD: ("build", "--workers", "2"),
    MEASURE: ("measure", "tiny", "--workers", "2"),
    WORDS: ("measure", "tiny", "--words", "--workers", "2"),
    CONNECTIONS: ("measure", "tiny", "--connections", "--workers", "2"),
    TRAIN: ("train", "tiny"),
    SERVE: ("serve", "--address"),
}
"""Command of each stage."""

WHOLE = ("gallery", "site")
"""Folders of a project whose bytes must be the same in the end."""


def make_whole(root):
    """Return a project that is trained, measured with words and connections, and built."""
    make_project(root)
    for arguments in (("train", "tiny"), ("measure", "tiny", "--workers", "1"),
                      ("build", "--workers", "1")):
        done = run(root, *arguments)
        assert done.returncode == 0, done.stderr
    return root


def whole_bytes(root):
    return {name: bytes_of(root / name) for name in WHOLE}


def start(root, *arguments):
    """Start a command that signals reach as they reach one in a terminal."""
    def listening():
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)

    return subprocess.Popen(
        [sys.executable, "-m", "builder", "--root", str(root), *arguments], cwd=PROJECT, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=listening)


def forget(root, chance, *, results=True):
    """Forget some of what was found, so that a run has to find it again.

    Args:
        root: Of the project.
        chance: Decides what.
        results: Whether those beside the weights may go too.
    """
    made, beside = root / ".gallery", root / "gallery" / "tiny"
    (made / "site.json").unlink(missing_ok=True)
    for name in ("fragments", "results", "parts")[:chance.randrange(4)]:
        shutil.rmtree(made / name, ignore_errors=True)
    if results and chance.randrange(2):
        (beside / "results.json.xz").unlink(missing_ok=True)


def half_written(root):
    """Return files of results, weights and pages that are not whole."""
    found = []
    for folder in (root / "gallery" / "tiny", root / ".gallery"):
        for path in folder.rglob("*"):
            try:
                _read(path)
            except Exception as error:
                found.append(f"{path}: {error}")
    for path in (root / "site").rglob("*.html"):
        if not path.read_bytes().rstrip().endswith(b"</html>"):
            found.append(str(path))
    return found


def _read(path):
    if path.name.endswith(".json.xz"):
        json_of(lzma.decompress(path.read_bytes()))
    elif path.suffix == ".json" and "site.part" not in path.parts:
        json_of(path.read_bytes())
    elif path.suffix == ".safetensors":
        with safe_open(path, framework="pt") as file:
            for name in file.keys():  # noqa: SIM118 it is no dict
                file.get_tensor(name)
