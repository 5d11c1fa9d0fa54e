"""Told to end, a process ends in order, with the code of the signal and never with a traceback."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from builder.core.stopping import SAID

WHILE_IMPORTS_RUN = """
import os, sys

class Interrupting:
    def find_spec(self, name, path=None, target=None):
        if name == "builder.cli":
            os.kill(os.getpid(), {number})

sys.meta_path.insert(0, Interrupting())
from builder.__main__ import main
sys.exit(main())
"""

AT_WORK = """
import os, sys
import builder.cli.exhibits

def list_(options):
    try:
        os.kill(os.getpid(), {number})
    finally:
        print("in order", flush=True)

builder.cli.exhibits._list = list_
sys.argv[1:] = ["list"]
from builder.__main__ import main
sys.exit(main())
"""

TWICE = AT_WORK.replace("print(", "os.kill(os.getpid(), {number}); print(")

CODES = {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGHUP: 129}


def run(script, number, before=None):
    """Run a script that sends itself a signal; tests themselves may be deaf to some."""
    def listening():
        for each in CODES:
            signal.signal(each, signal.SIG_DFL)
        if before:
            before()

    return subprocess.run([sys.executable, "-c", script.format(number=int(number))], text=True,
                          capture_output=True, preexec_fn=listening)


@pytest.mark.parametrize("number", CODES, ids=lambda number: number.name)
@pytest.mark.parametrize(("script", "said"), [
    (WHILE_IMPORTS_RUN, ""), (AT_WORK, "in order\n"), (TWICE, "")],
    ids=["while imports run", "at work", "told twice"])
def test_every_signal_has_its_code_and_one_line(script, said, number):
    done = run(script, number)
    assert (done.returncode, done.stdout, done.stderr) == (CODES[number], said, f"{SAID}\n")


def test_what_who_started_us_has_us_ignore_is_ignored():
    done = run(AT_WORK, signal.SIGHUP, lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
    assert (done.returncode, done.stdout, done.stderr) == (0, "in order\n", "")
