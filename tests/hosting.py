"""A folder behind HTTP on this machine, and the Chromium that visits it."""

import http.server
import os
import shutil
import threading
from contextlib import contextmanager
from functools import partial


def chromium_path():
    """Return where Chromium is; None where there is none."""
    return os.environ.get("GALLERY_CHROMIUM") or shutil.which("chromium") or shutil.which(
        "google-chrome")


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        """Say nothing."""


@contextmanager
def hosted(folder):
    """Serve a folder; yield its address, which ends with a slash."""
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
