"""What was done is not done again, and what is kept is what was put."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from builder.core.errors import OutputError
from builder.work import local
from builder.workspace.shares import Parts, resumed
from tests.work import tasks
from tests.work.test_local import MATRIX, bytes_of

NUMBERS = st.sampled_from([np.float32, np.float64, np.int8, np.int64, np.uint8, np.bool_])
KEPT = st.dictionaries(
    st.text(st.characters(codec="utf-8"), min_size=1, max_size=9),
    arrays(NUMBERS, array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3)), max_size=4)


@given(KEPT)
def test_what_is_put_is_what_is_got(tmp_path_factory, kept):
    parts = Parts(tmp_path_factory.mktemp("parts"))
    parts.put("a", kept)
    found = parts.get("a")
    assert list(found) == sorted(kept)
    assert bytes_of([found]) == bytes_of([kept])
    assert all(array.flags.writeable for array in found.values())


def test_nothing_is_kept_before_it_is_put(tmp_path):
    parts = Parts(tmp_path / "parts")
    assert parts.get("a") is None and not (tmp_path / "parts").exists()
    parts.put("a", {"x": np.arange(3)})
    parts.put("a", {"x": np.arange(4)})
    assert parts.get("a")["x"].tolist() == [0, 1, 2, 3] and parts.get("b") is None


def test_a_broken_file_counts_as_not_there(tmp_path):
    parts = Parts(tmp_path)
    parts.put("a", {"x": np.arange(3.0)})
    (path,) = tmp_path.iterdir()
    whole = path.read_bytes()
    broken = [whole[:i] for i in range(0, len(whole), 7)]
    broken += [whole[:i] + bytes([whole[i] ^ 1]) + whole[i + 1 :] for i in range(len(whole))]
    for content in broken:
        path.write_bytes(content)
        assert parts.get("a") is None
    path.write_bytes(whole)
    assert parts.get("a")["x"].tolist() == [0, 1, 2]


def test_clear_removes_parts_and_nothing_else(tmp_path):
    parts = Parts(tmp_path / "parts")
    parts.clear()
    parts.put("a", {})
    (tmp_path / "parts" / "mine.txt").touch()
    parts.clear()
    assert [path.name for path in (tmp_path / "parts").iterdir()] == ["mine.txt"]
    (tmp_path / "parts" / "mine.txt").unlink()
    parts.put("a", {})
    parts.clear()
    assert not (tmp_path / "parts").exists()


def test_a_folder_that_cannot_be_written(tmp_path):
    (tmp_path / "parts").write_text("a file")
    with pytest.raises(OutputError, match="cannot be written"):
        Parts(tmp_path / "parts").put("a", {})


def done(folder):
    """Return how often each item was done."""
    return Counter(int(path.name.split("-")[0]) for path in folder.iterdir())


@pytest.mark.parametrize("count", [1, 2])
def test_stopped_work_goes_on_where_it_stopped(tmp_path, count):
    marks = tmp_path / "marks"
    marks.mkdir()
    parts = Parts(tmp_path / "parts")
    expected = [tasks.noting(str(marks), item) for item in range(9)]
    with local(count) as workers:
        stopped = resumed(workers, parts).map(tasks.noting, str(marks), range(9))
        assert [next(stopped) for _ in range(6)] == expected[:6]
        stopped.close()
    # Of what others did ahead of us, nothing is kept: it was not asked for yet.
    first = done(marks)
    assert all(first[item] == 2 for item in range(6))
    with local(count) as workers:
        assert bytes_or_none(resumed(workers, parts).map(
            tasks.noting, str(marks), range(9))) == bytes_or_none(expected)
        assert done(marks) - first == Counter([6, 7, 8])
        assert bytes_or_none(resumed(workers, parts).map(
            tasks.noting, str(marks), range(9))) == bytes_or_none(expected)
        assert done(marks) - first == Counter([6, 7, 8])


def bytes_or_none(results):
    return [None if r is None else bytes_of([dict(sorted(r.items()))]) for r in results]


def test_a_hole_in_the_middle_is_filled_in_its_place(tmp_path):
    parts = Parts(tmp_path)
    with resumed(local(1), parts) as workers:
        expected = bytes_of(workers.map(tasks.scaled, MATRIX, range(5)))
        files = sorted(tmp_path.iterdir(), key=lambda path: path.stat().st_mtime_ns)
        for i in (0, 3):
            files[i].unlink()
        found = workers.map(tasks.scaled, MATRIX, range(5), sizes=[1, 2, 3, 4, 5])
        assert [sorted(r.items()) for r in bytes_of(found)] == [
            sorted(r.items()) for r in expected]
        assert len(list(tmp_path.iterdir())) == 5


def test_another_task_context_item_or_code_is_other_work(tmp_path):
    parts = Parts(tmp_path)
    other = MATRIX.copy()
    other[0, 0] += 1e-6
    for code, task, context, items in [
            (None, tasks.scaled, MATRIX, [1]), (None, tasks.scaled, other, [1]),
            (None, tasks.scaled, MATRIX, [2]), (None, tasks.working, 0.001, [1]),
            ("new", tasks.scaled, MATRIX, [1])]:
        before = len(list(tmp_path.iterdir()))
        list(resumed(local(1), parts, code).map(task, context, items))
        assert len(list(tmp_path.iterdir())) == before + 1


def test_without_parts_nothing_is_kept():
    workers = local(1)
    assert resumed(workers, None) is workers


def test_a_part_that_goes_while_it_is_needed(tmp_path):
    parts = Parts(tmp_path)
    list(resumed(local(1), parts).map(tasks.scaled, MATRIX, range(3)))
    found = resumed(local(1), parts).map(tasks.scaled, MATRIX, range(3))
    next(found)
    parts.clear()
    with pytest.raises(OutputError, match="was removed while it was needed"):
        next(found)


def test_closing_closes_those_who_do_the_rest():
    closed = []

    class Watched(type(local(1))):
        def close(self):
            closed.append(True)

    with resumed(Watched(), Parts("nowhere")):
        assert not closed
    assert closed
