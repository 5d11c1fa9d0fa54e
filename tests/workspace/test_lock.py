"""The lock file: written, read back, compared, and refused where it is broken."""

import json
from dataclasses import replace

import pytest

from builder.core.cards import Grade
from builder.core.errors import RecipeError
from builder.workspace.lock import LOCK_FILE, differences, read_lock, write_lock
from tests.make_cards import claim

CLAIMS = [claim("c0.17", "in_string", 0.83123, Grade.CAUSAL), claim("h0.5", "in_comment", -0.72),
          claim("h0.2", "is_upper", 0.9, Grade.CHARACTER)]


def test_there_is_none_before_it_is_written(tmp_path):
    assert read_lock(tmp_path) is None


def test_what_is_written_is_read_back_one_line_a_cell(tmp_path):
    lock = write_lock(tmp_path, CLAIMS)
    assert read_lock(tmp_path) == lock
    lines = (tmp_path / LOCK_FILE).read_text("utf-8").splitlines()
    assert [json.loads(line.strip(" ,"))["unit"] for line in lines if '"unit"' in line] == [
        "c0.17", "h0.5", "h0.2"]
    assert (lock.cells[0].held_out.r, lock.cells[0].held_out.ci) == (0.831, (0.801, 0.861))
    before = (tmp_path / LOCK_FILE).read_bytes()
    write_lock(tmp_path, CLAIMS)
    assert (tmp_path / LOCK_FILE).read_bytes() == before


def test_no_cell_at_all(tmp_path):
    assert write_lock(tmp_path, []).cells == () and read_lock(tmp_path).cells == ()


def test_nothing_to_tell_where_the_choice_is_the_same(tmp_path):
    lock = write_lock(tmp_path, CLAIMS)
    near = claim("c0.17", "in_string", 0.84, Grade.CAUSAL)
    assert differences(lock, CLAIMS) == [] and differences(lock, [near, *CLAIMS[1:]]) == []


def test_differences_in_words(tmp_path):
    lock = write_lock(tmp_path, CLAIMS)
    now = [replace(CLAIMS[0], grade=Grade.VERIFIED), claim("h0.5", "in_comment", -0.6),
           claim("h0.9", "in_comment", 0.5)]
    assert differences(lock, now) == [
        "c0.17, in_string: was causal, would be verified",
        "h0.5, in_comment: r on discovery text was -.74, would be -.62; "
        "r′ on discovery text was -.76, would be -.64; r on unseen text was -.72, would be -.60; "
        "r′ on unseen text was -.76, would be -.64",
        "h0.2, is_upper: would go",
        "h0.9, in_comment: would be added (suggestive, r′ .46)",
    ]


@pytest.mark.parametrize("content", [
    "", "{", "[]", '{"format": 2, "cells": []}', '{"format": 1, "cells": [{"unit": "h0.1"}]}'])
def test_a_broken_file_is_refused(tmp_path, content):
    (tmp_path / LOCK_FILE).write_text(content, "utf-8")
    with pytest.raises(RecipeError, match="not a lock file"):
        read_lock(tmp_path)


def test_a_unit_that_is_none_is_refused(tmp_path):
    write_lock(tmp_path, CLAIMS)
    path = tmp_path / LOCK_FILE
    path.write_text(path.read_text("utf-8").replace("c0.17", "cell 17"))
    with pytest.raises(RecipeError, match="not a unit"):
        read_lock(tmp_path)
