"""A recipe folder and a cache for readers of corpora."""

from __future__ import annotations

import pytest

from builder.corpora.contract import Place, TextFile


@pytest.fixture
def place(tmp_path):
    """Return a place whose recipe is called `some-play`; the cache is not made yet."""
    folder = tmp_path / "gallery" / "some-play"
    folder.mkdir(parents=True)
    return Place(folder, tmp_path / "cache")


@pytest.fixture
def contents():
    """Return a function from what a reader found to texts by name, left out ones to reasons."""

    def by_name(found):
        return {
            file.name: file.content if isinstance(file, TextFile) else file.reason
            for file in found
        }

    return by_name
