"""MkDocs ends with whoever started it, whatever ends that."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress

import psutil
import pytest

from builder.core.stopping import SAID
from tests.interrupts import PATIENCE
from tests.site.test_site import free_port
from tests.sources import PROJECT

HOOK = """
import os, time
from pathlib import Path

def on_config(config):
    started = Path(config.config_file_path).with_name("started")
    started.with_name("aside").write_text(str(os.getpid()))
    started.with_name("aside").rename(started)
    time.sleep(600)
"""
BUILD = "import sys; from pathlib import Path; from builder.site import mkdocs; " \
    "mkdocs.build(Path(sys.argv[1]))"


@contextmanager
def running(root, *command):
    """Yield a process and the MkDocs that it has started."""
    (root / "docs").mkdir()
    (root / "hook.py").write_text(HOOK)
    (root / "mkdocs.yml").write_text("site_name: x\nhooks: [hook.py]\n")

    def listening():
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)

    with subprocess.Popen([sys.executable, *command], cwd=PROJECT, text=True,
                          stderr=subprocess.PIPE, preexec_fn=listening) as process:
        started, end = root / "started", time.monotonic() + PATIENCE
        while not started.is_file():
            assert process.poll() is None and time.monotonic() < end
            time.sleep(0.02)
        child = psutil.Process(int(started.read_text()))
        try:
            yield process, child
        finally:
            for left in (process, child):
                if left.pid != process.pid or process.poll() is None:
                    with suppress(psutil.NoSuchProcess):
                        left.kill()


def test_a_build_that_is_killed_leaves_nothing_running(tmp_path):
    with running(tmp_path, "-c", BUILD, str(tmp_path)) as (process, child):
        process.kill()
        assert psutil.wait_procs([child], timeout=PATIENCE)[1] == []


@pytest.mark.parametrize(("number", "code"), [
    (signal.SIGKILL, -9), (signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 0)])
def test_a_server_ends_with_its_parent(tmp_path, number, code):
    address = f"127.0.0.1:{free_port()}"
    arguments = ("-m", "builder", "--root", str(tmp_path), "serve", "--address", address)
    with running(tmp_path, *arguments) as (process, child):
        process.send_signal(number)
        assert psutil.wait_procs([child], timeout=PATIENCE)[1] == []
        assert process.wait(PATIENCE) == code
        said = process.stderr.read()
        assert (SAID in said) == (code > 0) and "Traceback" not in said
