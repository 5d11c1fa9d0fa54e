"""The measuring of the box works; how fast it is, no test says."""

from dataclasses import replace

import pytest

from tests.bench.sizes import QUICK
from tests.bench.typing import typing_rows

pytestmark = pytest.mark.browser


def test_the_box_gives_its_rows():
    rows = {row.name: row for row in typing_rows(replace(QUICK, repeats=1))}
    assert len(rows) == 7 and all(row.value for row in rows.values())
    assert rows["workers of a page, that of the search included"].value in ("1", "2")
