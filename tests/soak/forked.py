"""A program of Python in a copy of this process, where starting one for each file takes hours."""

from __future__ import annotations

import os
import runpy
import subprocess
import sys
import tempfile
from typing import Any


def forked(command: list[str], *, input: bytes, **_: Any) -> subprocess.CompletedProcess[bytes]:
    """Do what `subprocess.run` does with `python -P PROGRAM ARGUMENTS`."""
    with (tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as out,
          tempfile.TemporaryFile() as err):
        given.write(input)
        given.seek(0)
        if (child := os.fork()) == 0:
            _be(command[2:], given.fileno(), out.fileno(), err.fileno())
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        out.seek(0)
        err.seek(0)
        return subprocess.CompletedProcess(command, code, out.read(), err.read())


def _be(arguments: list[str], *files: int) -> None:
    """Run a program in this process, and leave it."""
    code = 1
    try:
        for number, file in enumerate(files):
            os.dup2(file, number)
        sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w")  # noqa: SIM115
        sys.argv = arguments
        runpy.run_path(arguments[0], run_name="__main__")
    except SystemExit as end:
        code = int(end.code or 0)
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)
