"""`gallery serve` for an hour, with an edit every few seconds: no more memory, no more files.

`GALLERY_SOAK_MINUTES` says how long; `GALLERY_SOAK_LOG` names a file that figures are written to.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import psutil
import pytest

from tests.integration.projects import make_project, run
from tests.interrupts import PATIENCE
from tests.soak.edits import EDITS, PAUSE
from tests.soak.growth import growth, held
from tests.soak.serving import free_port
from tests.sources import PROJECT

pytestmark = [pytest.mark.soak, pytest.mark.torch]

MINUTES = float(os.environ.get("GALLERY_SOAK_MINUTES", "60"))

def seen(address, mark):
    """Wait until a page has a mark; return the seconds that took."""
    begun = time.monotonic()
    while time.monotonic() - begun < PATIENCE:
        try:
            with urlopen(address, timeout=PATIENCE) as page:
                if mark.encode() in page.read():
                    return time.monotonic() - begun
        except (URLError, ConnectionError):
            pass  # not there yet, or just built again
        time.sleep(0.2)
    raise AssertionError(f"{address} does not show {mark}")


def log(said):
    print(said)
    if place := os.environ.get("GALLERY_SOAK_LOG"):
        with Path(place).open("a", encoding="utf-8") as file:
            print(time.strftime("%H:%M:%S"), said, file=file)


def test_a_site_that_is_edited_while_it_is_served(tmp_path):
    root, port = make_project(tmp_path / "project"), free_port()
    done = run(root, "build", "--workers", "1")
    assert done.returncode == 0, done.stderr
    address = f"http://127.0.0.1:{port}/"
    with (tmp_path / "said").open("w+b") as said:
        serving = subprocess.Popen(
            [sys.executable, "-m", "builder", "--root", str(root), "serve",
             "--address", f"127.0.0.1:{port}"], cwd=PROJECT, stdout=said, stderr=said)
        process = psutil.Process(serving.pid)
        try:
            measured, waits = serve_and_edit(process, root, address)
            below = process.children(recursive=True)
        finally:
            serving.send_signal(signal.SIGTERM)
            code = serving.wait(PATIENCE)
        said.seek(0)
        assert b"Traceback" not in said.read()
    log(f"{len(waits)} edits, the slowest seen after {max(waits):.1f} s; {measured[-1]}")
    assert code == 143
    assert psutil.wait_procs(below, timeout=PATIENCE)[1] == []
    assert growth(measured) == []


def serve_and_edit(process, root, address):
    seen(address, "</html>")
    end, measured, waits = time.monotonic() + 60 * MINUTES, [], []
    while time.monotonic() < end:
        mark = f"mark-{len(waits)}-"
        page = EDITS[len(waits) % len(EDITS)](root, mark)
        waits.append(seen(address + page, mark))
        measured.append(held(process))
        if len(waits) % 20 == 1:
            log(f"{len(waits)} edits: {measured[-1]}")
        time.sleep(PAUSE)
    return measured, waits
