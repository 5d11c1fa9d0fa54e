"""The notebooks of the course, run whole; and `lab.py`, against what it must agree with."""

import json
import re
import shutil
import subprocess
import sys

import pytest

from tests.notebooks.running import FOLDER, NOTEBOOKS, cells_of, run_apart, solutions

WRONG = {
    "element": {
        "change": ['mean_change = {"(": values_of("c0.185")[is_character("(")].mean(), ")": 0.0}',
                   'mean_change = {")": change[is_character(")")].mean()}'],
        "quotes": ["def inside_quotes(text):\n    return [c == '\"' for c in text]",
                   "def inside_quotes(text):\n    n = 0\n    found = []\n    for c in text:\n"
                   "        found.append(n % 2)\n        n += c == '\"'\n    return found"],
        "find": ["found = 40"]},
    "controls": {
        "within": ["def within(values):\n    return values - values.mean()"],
        "control": ['killed_by = {"recent_newline": "bigram", "is_upper": "untrained"}'],
        "p": ["p = sum(abs(r) >= abs(observed) for r in null) / len(null)"]},
    "freeze": {
        "effect": ["effect = extra[on].mean()", "effect = extra[~on].mean() - extra[on].mean()"],
        "any": ['def effect_of(unit):\n    return losses({unit: 0.0}).mean() - usual.mean()'],
        "use": ['uses_it = {"185": True, "64": True}']},
}
NUMBER = re.compile(r"(?<![a-z\d.])[-+]?\d+\.\d+%?|\d+%")
SHIPPED = json.loads((FOLDER / "outputs.json").read_text("utf-8"))
HERE = "{}.{}".format(*sys.version_info)


@pytest.fixture(scope="module", params=NOTEBOOKS)
def ran(request):
    return request.param, run_apart(request.param, WRONG[request.param])


def without_numbers(text):
    return re.sub("#+", "", NUMBER.sub("N", text))


def same(text, shipped, tolerance):
    """Tell whether two texts are the same but for small differences of their numbers."""
    pairs = zip(NUMBER.findall(text), NUMBER.findall(shipped), strict=True)
    return without_numbers(text) == without_numbers(shipped) and all(
        abs(float(a.rstrip("%")) - float(b.rstrip("%"))) <= tolerance * (100 if "%" in a else 1)
        for a, b in pairs)


def test_the_whole_runs_without_torch_and_every_solution_is_right(ran):
    name, found = ran
    assert len(found["solved"]) == 3
    for exercise, outputs in found["solved"].items():
        assert outputs[0]["text"].startswith("Right."), (name, exercise)


def test_a_wrong_answer_is_told_how_to_go_on(ran):
    name, found = ran
    assert found["hints"].keys() == WRONG[name].keys()
    assert all(len(hint) > 40 for hints in found["hints"].values() for hint in hints)


def test_the_page_shows_what_comes_of_it(ran):
    """Numbers of the library's text may be others in another version of Python."""
    name, found = ran
    tolerance = 0.011
    if name == "controls" and SHIPPED["python"] != HERE:
        tolerance = 0.2
    shown = {id_: outputs for id_, outputs in found["outputs"].items() if outputs}
    assert shown.keys() == SHIPPED[name].keys()
    for id_, outputs in shown.items():
        for new, old in zip(outputs, SHIPPED[name][id_], strict=True):
            if "text" in new:
                assert same(new["text"], old["text"], tolerance), (id_, new["text"], old["text"])
            else:
                assert new["picture"] == old["picture"] and new["labels"] == old["labels"]
                assert new["values"] == pytest.approx(old["values"], abs=0.02)


def test_the_comparison_of_outputs_can_fail():
    assert same("r = +0.82", "r = +0.83", 0.02) and not same("r = +0.82", "r = +0.72", 0.02)
    assert not same("unit c0.40 r 0.82", "unit c0.41 r 0.82", 0.02)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_notebooks_are_kept_without_outputs(name):
    content = json.loads((FOLDER / f"{name}.ipynb").read_text("utf-8"))
    assert (content["nbformat"], content["nbformat_minor"]) == (4, 5)
    assert content["metadata"].keys() == {"kernelspec", "language_info"}
    cells = content["cells"]
    assert len({cell["id"] for cell in cells}) == len(cells)
    for cell in cells:
        assert cell["cell_type"] == "markdown" or (
            cell["outputs"] == [] and cell["execution_count"] is None), cell["id"]


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_every_exercise_has_a_check_and_a_solution_and_is_left_open(name):
    cells = {cell["id"]: cell["source"] for cell in cells_of(name)}
    assert sum(source.count("### Exercise") for source in cells.values()) == 3
    named = {id_.removeprefix("exercise-") for id_ in cells
             if id_.startswith("exercise-") and not id_.endswith("-text")}
    assert named == solutions(cells_of(name)).keys() == WRONG[name].keys()
    for exercise in named:
        assert f"check-{exercise}" in cells
        assert " = None" in cells[f"exercise-{exercise}"]


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_says_which_text_was_seen_in_training(name):
    said = " ".join(c["source"] for c in cells_of(name) if c["cell_type"] == "markdown")
    assert "unseen" in said and "PSF License" in said


def test_a_notebook_alone_asks_for_the_address(tmp_path):
    (setup,) = (c["source"] for c in cells_of("element") if c["id"] == "setup")
    done = subprocess.run([sys.executable, "-c", setup], cwd=tmp_path, capture_output=True,
                          text=True, check=False)
    assert "write the address of the gallery" in done.stderr
    assert not list(tmp_path.iterdir())


def test_it_fetches_the_module_from_the_address(tmp_path):
    site, alone = tmp_path / "site", tmp_path / "alone"
    (site / "notebooks").mkdir(parents=True)
    alone.mkdir()
    shutil.copy(FOLDER / "lab.py", site / "notebooks")
    (setup,) = (c["source"] for c in cells_of("element") if c["id"] == "setup")
    code = setup.replace('GALLERY = ""', f"GALLERY = {site.as_uri()!r}")
    subprocess.run([sys.executable, "-c", code], cwd=alone, check=True)
    assert (alone / "lab.py").read_bytes() == (FOLDER / "lab.py").read_bytes()
