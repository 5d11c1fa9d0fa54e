"""`gallery inspect`: what it refuses, what it writes."""

import errno
import json
import os
import pickle
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("torch")

from builder.cli import main
from builder.core.cards import Grade
from builder.core.units import UnitId
from builder.corpora.given import read_texts
from builder.features import features_for

pytestmark = pytest.mark.torch
PROJECT = Path(__file__).parents[2]
CLAIM = {"unit", "feature", "r", "r_within_bigram", "held_out", "p_family", "untrained_floor",
         "ablation_nats", "grade"}
HELD_OUT = {"r", "ci", "r_within_bigram", "auprc", "f1"}


def arguments(model, *texts, language="python", out="out.json"):
    return ["inspect", "--model", str(model), "--text", *map(str, texts),
            "--language", language, "--json", str(out)]


def inspected(model, *texts, language="python", controls="none"):
    """Run `inspect` in the current folder and return what it wrote."""
    assert main([*arguments(model, *texts, language=language), "--controls", controls]) == 0
    return json.loads(Path("out.json").read_text("utf-8"), parse_constant=pytest.fail)


def test_a_missing_text(complaint, model):
    assert "nowhere.py: there is no such file" in complaint(*arguments(model, "nowhere.py"))


def test_an_empty_text(complaint, model, here):
    (here / "empty.py").touch()
    assert "empty.py: not a text to inspect: empty" in complaint(*arguments(model, "empty.py"))


def test_a_binary_text(complaint, model, here):
    (here / "picture.py").write_bytes(b"\x89PNG\r\n\x1a\n\xff\xfe")
    assert "picture.py: not a text to inspect: not text" in complaint(
        *arguments(model, "picture.py"))


def test_several_bad_texts_at_once(complaint, model, here):
    (here / "empty.py").touch()
    (here / "picture.py").write_bytes(b"\0\xff")
    said = complaint(*arguments(model, "empty.py", "picture.py"), lines=2)
    assert "empty.py" in said and "picture.py" in said
    assert complaint(*arguments(model, "a.py", "b.py", "empty.py"), lines=2).count("no such") == 2


def test_a_text_of_one_character(complaint, model, here):
    (here / "one.py").write_text("x")
    said = complaint(*arguments(model, "one.py"))
    assert "too little text that the model has not seen" in said and "60 files" in said


def test_a_folder_without_text_of_the_language(complaint, model, here):
    (here / "texts").mkdir()
    (here / "texts" / "notes.txt").write_text("words\n")
    said = complaint(*arguments(model, "texts"))
    assert "texts: no text in python; there are 1 .txt; take them with --glob '*.txt'" in said


@pytest.mark.parametrize(("language", "meant"), [("pyhton", "python"), ("prosa", "prose")])
def test_an_unknown_language(complaint, model, programs, language, meant):
    said = complaint(*arguments(model, programs, language=language))
    assert f"{language!r}; did you mean {meant!r}?" in said


class Touch:
    """A pickle of this makes a file when it is opened."""

    def __reduce__(self):
        return Path.touch, (Path("opened"),)


@pytest.mark.parametrize(("file", "content", "says"), [
    ("model.json", None, "there is no model"),
    ("model.safetensors", None, "there are no weights"),
    ("model.safetensors", b"\x10", "not a whole safetensors file"),
    ("model.safetensors", pickle.dumps(Touch()), "it looks like a pickle"),
    ("model.json", b"{", "cannot be read as JSON"),
    ("model.json", b"[]", "the whole"),
])
def test_a_broken_model_folder(complaint, model, here, programs, file, content, says):
    shutil.copytree(model, here / "model")
    (here / "model" / file).unlink()
    if content is not None:
        (here / "model" / file).write_bytes(content)
    assert says in complaint(*arguments("model", programs))


def test_a_truncated_model(complaint, model, here, programs):
    shutil.copytree(model, here / "model")
    weights = here / "model" / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-100])
    assert "not a whole safetensors file" in complaint(*arguments("model", programs))


def test_a_model_folder_that_is_not_there_or_is_a_file(complaint, here, programs):
    assert "there is no model" in complaint(*arguments("nowhere", programs))
    (here / "file").touch()
    assert "not a model folder; a file; make one of it" in complaint(*arguments("file", programs))


def test_json_into_a_folder_that_is_not_there(complaint, model, here, programs):
    said = complaint(*arguments(model, programs, out="new/out.json"))
    assert "its folder is not there" in said and "make it" in said
    (here / "file").touch()
    assert "its folder is not there" in complaint(
        *arguments(model, programs, out="file/out.json"))


def test_json_onto_a_folder(complaint, model, here, programs):
    (here / "results").mkdir()
    assert "results: a folder" in complaint(*arguments(model, programs, out="results"))


@pytest.mark.parametrize("failing", ["os.replace", "pathlib.Path.write_bytes"])
def test_a_full_disk(here, model, programs, monkeypatch, capsys, failing):
    (here / "out.json").write_text("the last result")

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(failing, full)
    assert main([*arguments(model, programs), "--controls", "none"]) == 2
    last = capsys.readouterr().err.splitlines()[-1]
    assert last.startswith("gallery: out.json: cannot be written; No space left on device;")
    assert [p.name for p in here.iterdir()] == ["out.json"]
    assert (here / "out.json").read_text("utf-8") == "the last result"


def test_stopped_by_hand(here, model, programs, monkeypatch, capsys):
    def stop(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("builder.evidence.inspection.measure", stop)
    assert main(arguments(model, programs)) == 130
    assert capsys.readouterr().err == "gallery: stopped; what was finished is kept\n"
    assert not list(here.iterdir())


def test_the_controls_are_named(here, model, programs, capsys):
    with pytest.raises(SystemExit) as stopped:
        main([*arguments(model, programs), "--controls", "some"])
    assert stopped.value.code == 2 and "--controls" in capsys.readouterr().err


@pytest.mark.parametrize("language", ["python", "prose"])
def test_one_line_without_an_end(here, model, language):
    size = 2_000_000 if language == "prose" else 300_000
    text = "total = {'a': [1, 2]}; " * (size // 23)
    (here / "line.py").write_text(text, "utf-8")
    found = inspected(model, "line.py", language=language)
    assert found["claims"] and found["units"] == 32


def test_line_ends_of_windows(here, model, programs, capsys):
    texts = here / "windows"
    texts.mkdir()
    for path in programs.iterdir():
        (texts / path.name).write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    found = inspected(model, texts)
    assert "line ends of 40 files were CRLF or CR" in capsys.readouterr().err
    assert found == inspected(model, programs)


def test_files_of_the_same_name_in_several_folders(here):
    for folder in ("one", "two"):
        (here / folder).mkdir()
        (here / folder / "main.py").write_text(f"# {folder}\n")
    texts = [d.text for d in read_texts([Path("one"), Path("two")], "python").documents]
    assert texts == ["# one\n", "# two\n"]
    names = [d.name for d in read_texts([Path("one"), Path("two")], "python").documents]
    assert names == ["one/main.py", "two/main.py"]


@pytest.fixture(scope="module")
def result(model, programs, tmp_path_factory):
    """The text of a result, and of another run."""
    folder, texts = tmp_path_factory.mktemp("results"), []
    for name in ("a.json", "b.json"):
        done = subprocess.run(
            [sys.executable, "-m", "builder", *arguments(model, programs, out=folder / name),
             "--controls", "none"],
            capture_output=True, text=True, cwd=PROJECT,
            env={**os.environ, "OMP_NUM_THREADS": "1"})
        assert done.returncode == 0, done.stderr
        assert done.stdout.endswith(f"claims are in {folder / name}\n")
        texts.append((folder / name).read_bytes())
    assert sorted(p.name for p in folder.iterdir()) == ["a.json", "b.json"]
    return texts


def test_the_same_bytes_twice(result):
    assert result[0] == result[1]


def test_the_documented_keys(result):
    found = json.loads(result[0], parse_constant=pytest.fail)
    assert found.keys() == {"format", "units", "characters", "claims", "controls",
                            "interval_over", "counts_up_to", "fit",
                            "formulas", "coverage", "conditions", "spread"}
    assert found["interval_over"] == "document"
    assert found["format"] == 1 and found["units"] == 32 and found["characters"] > 10_000
    for claim in found["claims"]:
        assert claim.keys() >= CLAIM and claim["held_out"].keys() >= HELD_OUT
        low, high = claim["held_out"]["ci"]
        assert -1 <= low <= claim["held_out"]["r"] <= high <= 1


def test_names_of_units_features_and_grades(result):
    claims = json.loads(result[0])["claims"]
    units = {UnitId.parse(claim["unit"]) for claim in claims}
    assert {(u.signal, u.layer) for u in units} == {("h", 0), ("c", 0)}
    assert len(units) == 32, "each unit has its best feature"
    assert {claim["feature"] for claim in claims} <= {f.spec.id for f in features_for("python")}
    assert {claim["grade"] for claim in claims} <= {grade.value for grade in Grade}


def test_best_first(result):
    order = [grade.value for grade in Grade]
    keys = [(order.index(claim["grade"]), -abs(claim["held_out"]["r_within_bigram"] or 0),
             UnitId.parse(claim["unit"])) for claim in json.loads(result[0])["claims"]]
    assert keys == sorted(keys)
    assert len({grade for grade, *_ in keys}) > 1


def test_without_controls_nothing_is_verified(result):
    for claim in json.loads(result[0])["claims"]:
        assert claim["grade"] not in ("verified", "causal")
        assert claim["p_family"] is None and claim["untrained_floor"] is None


def test_no_traceback_from_a_process(tmp_path, model):
    done = subprocess.run(
        [sys.executable, "-m", "builder", *arguments(model, tmp_path / "a.py", tmp_path / "b.py")],
        capture_output=True, text=True, cwd=PROJECT)
    assert done.returncode == 2 and done.stdout == ""
    assert len(done.stderr.splitlines()) == 2 and "Traceback" not in done.stderr
