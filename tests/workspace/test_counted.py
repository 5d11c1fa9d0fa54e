"""The file of what small networks count: whole, or refused with one message."""

import json
from dataclasses import replace

import pytest

from builder.core.counted import Share
from builder.core.errors import UserError
from builder.workspace.counted import COUNTED_FILE, LARGEST, read_counted, schema, write_counted
from tests.make_counted import counted, run
from tests.sources import PROJECT


def written(path, **more):
    write_counted(path, counted(run(seed=1), run(), run("gru", "counter", failed=14, foretold=12),
                                **more))
    return path


def changed(path, change):
    data = json.loads(written(path).read_text("utf-8"))
    change(data["counted"])
    path.write_text(json.dumps(data), "utf-8")
    return path


def test_what_is_written_is_read_in_the_order_of_names(tmp_path):
    path = written(tmp_path / "counting.json")
    found = read_counted(path)
    assert [r.name for r in found.runs] == [
        ("gru", "counter", 0), ("lstm", "toggle", 0), ("lstm", "toggle", 1)]
    assert found.runs[0] == run("gru", "counter", failed=14, foretold=12)
    assert found.runs[0].predicted == found.runs[0].predicted_beyond == 12
    assert len(path.read_text("utf-8").splitlines()) == 4  # a run a line
    before = path.read_bytes()
    write_counted(path, found)
    assert path.read_bytes() == before


def test_no_file_is_no_results(tmp_path):
    assert read_counted(tmp_path / "counting.json") is None


def test_results_without_a_run(tmp_path):
    write_counted(tmp_path / "c.json", counted())
    assert read_counted(tmp_path / "c.json").runs == ()


@pytest.mark.parametrize(("content", "said"), [
    (b"", "not results of counting"),
    (b"[]", "not results of counting"),
    (b"\xff\xfe\x00", "not results of counting"),
    (b'{"format": 2, "counted": {}}', "not results of counting: format"),
    (b"[" * 100_000, "not results of counting"),
    (b" " * (LARGEST + 1), "too large"),
], ids=["empty", "list", "bytes", "format", "deep", "large"])
def test_anything_else_is_refused(tmp_path, content, said):
    path = tmp_path / "counting.json"
    path.write_bytes(content)
    with pytest.raises(UserError) as refused:
        read_counted(path)
    message = str(refused.value)
    assert message.startswith(str(path))
    assert all(part in message for part in said.split(": "))
    assert "gallery count" in message
    assert "\n" not in message


@pytest.mark.parametrize("change", [
    lambda c: c["runs"].append(c["runs"][0]),
    lambda c: c["runs"][0].update(architecture="<script>"),
    lambda c: c["runs"][0].update(loss=float("nan")),
    lambda c: c["runs"][0].update(failed=-3),
    lambda c: c["runs"][0].update(failed=10**9),
    lambda c: c["runs"][0].update(tried_to=1),
    lambda c: c["runs"][0]["within"].update(answers=1.5),
    lambda c: c["runs"][0].update(truths={"toggle": [7.0, 1.0]}),
    lambda c: c["runs"][0].update(truths={"toggle": [0.5]}),
    lambda c: c["runs"][0]["counting"][0].update(r=-1.01),
    lambda c: c["runs"][0]["counting"][0].update(step="many"),
    lambda c: c["runs"][0].pop("seed"),
    lambda c: c.update(effort=0.0),
    lambda c: c.update(effort=float("inf")),
    lambda c: c.update(runs={}),
], ids=range(15))
def test_what_cannot_be_is_refused(tmp_path, change):
    path = changed(tmp_path / "counting.json", change)
    with pytest.raises(UserError) as refused:
        read_counted(path)
    assert str(refused.value).startswith(str(path)) and "\n" not in str(refused.value)


def test_nothing_that_is_no_number_is_written(tmp_path):
    path = tmp_path / "counting.json"
    with pytest.raises(ValueError):
        write_counted(path, counted(replace(run(), within=Share(float("nan"), 0.0))))
    assert not path.exists()


def test_the_schema_names_every_field():
    assert {"Run", "Counting", "Fails", "Share", "Counted"} <= set(schema()["$defs"])


def test_the_results_of_this_gallery_are_read():
    found = read_counted(PROJECT / "gallery" / COUNTED_FILE)
    assert found is not None and len(found.runs) > 400
    names = {run.name for run in found.runs}
    assert len(names) == len(found.runs)
    assert {run.architecture for run in found.runs} == set(found.titles)
