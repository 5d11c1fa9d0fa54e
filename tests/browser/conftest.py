"""A site of made cards, built, served under a sub-path, and visited with Chromium."""

import http.server
import os
import shutil
import threading

import pytest
from playwright.sync_api import sync_playwright

from builder.features import FEATURES
from builder.rendering import render_site
from builder.site import build, write_site
from tests.make_cards import exhibits
from tests.sources import copy_sources

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture(scope="session")
def root(tmp_path_factory):
    root = tmp_path_factory.mktemp("site")
    copy_sources(root)
    write_site(render_site(exhibits(), [f.spec for f in FEATURES.values()]), root)
    build(root)
    build(root, offline=True)
    return root


@pytest.fixture(scope="session")
def base(root, tmp_path_factory):
    outer = tmp_path_factory.mktemp("host")
    shutil.copytree(root / "site", outer / "course" / "gallery")

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments, **options):
            super().__init__(*arguments, directory=str(outer), **options)

        def log_message(self, *arguments):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/course/gallery/"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def chromium():
    path = os.environ.get("GALLERY_CHROMIUM") or shutil.which("chromium") or shutil.which(
        "google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()
