"""A site of made cards, built, served under a sub-path, and visited with Chromium."""

import shutil
from dataclasses import replace

import pytest
from playwright.sync_api import sync_playwright

from builder.features import FEATURES
from builder.rendering import render_site
from builder.site import build, write_site
from tests.hosting import chromium_path, hosted
from tests.make_cards import exhibits
from tests.make_connected import connected
from tests.sources import copy_sources

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture(scope="session")
def root(tmp_path_factory):
    root = tmp_path_factory.mktemp("site")
    copy_sources(root)
    shown = [replace(card, connected=connected()) for card in exhibits()]
    write_site(render_site(shown, [f.spec for f in FEATURES.values()]), root)
    build(root)
    build(root, offline=True)
    return root


@pytest.fixture(scope="session")
def base(root, tmp_path_factory):
    outer = tmp_path_factory.mktemp("host")
    shutil.copytree(root / "site", outer / "course" / "gallery")

    with hosted(outer) as address:
        yield f"{address}course/gallery/"


@pytest.fixture(scope="session")
def driver():
    """What starts browsers; there may be one at a time."""
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def chromium(driver):
    browser = driver.chromium.launch(executable_path=chromium_path(), args=ARGUMENTS)
    yield browser
    browser.close()
