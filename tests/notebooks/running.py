"""Runs a notebook as somebody who answers its exercises, wrong first; torch is not to be had.

As a program it is given a folder with `lab.py` and notebooks, the name of one, and wrong answers as
JSON, and prints what came of it as JSON. It needs numpy alone.
"""

import ast
import io
import json
import os
import re
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "site_src/docs/notebooks"
NOTEBOOKS = ("element", "controls", "freeze")
ABSENT = ("torch", "scipy", "builder", "IPython", "pandas", "matplotlib")

_SOLUTION = re.compile(r"<summary>Solution</summary>\n+```python\n(.*?)\n```", re.DOTALL)


class Refusing:
    """Finds no module that a notebook must not need."""

    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ABSENT:
            raise ImportError(f"{name} is not there")


def cells_of(name, folder=FOLDER):
    """Return the cells of a notebook with their sources as text."""
    content = json.loads((folder / f"{name}.ipynb").read_text("utf-8"))
    return [{**cell, "source": "".join(cell["source"])} for cell in content["cells"]]


def solutions(cells):
    """Return the code of each solution by the name of its exercise."""
    return {cell["id"].removeprefix("solution-"): _SOLUTION.search(cell["source"])[1]
            for cell in cells if cell["id"].startswith("solution-")}


def execute(source, names):
    """Run code in a namespace; return what it printed, and the value that a notebook would show."""
    tree = ast.parse(source)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    printed = io.StringIO()
    with redirect_stdout(printed):
        exec(compile(tree, "cell", "exec"), names)
        value = eval(compile(ast.Expression(last.value), "cell", "eval"), names) if last else None
    return outputs_of(printed.getvalue(), value)


def outputs_of(printed, value):
    found = [{"text": printed.rstrip("\n")}] if printed else []
    if value is not None:
        assert hasattr(value, "_repr_html_"), f"a cell shows {value!r}"
        value._repr_html_()
        found.append({"picture": value.text, "values": [round(v, 2) for v in value.values.tolist()],
                      "labels": [int(label) for label in value.labels.tolist()]})
    return found


def run(name, wrong, folder=FOLDER):
    """Run all cells of a notebook, each exercise unanswered, then wrong, then solved.

    Returns:
        `outputs`: of each cell by its id, exercises unanswered; `solved`: of each check, once the
        solution is there; `hints`: of each exercise, what its wrong answers were told.
    """
    cells, names = cells_of(name, folder), {}
    answers = solutions(cells)
    found = {"outputs": {}, "solved": {}, "hints": {}}
    for cell in cells:
        if cell["cell_type"] != "code":
            continue
        id_, source = cell["id"], cell["source"]
        exercise = id_.removeprefix("check-")
        if exercise == id_:
            found["outputs"][id_] = execute(source, names)
            continue
        found["outputs"][id_] = execute(source, dict(names))
        found["hints"][exercise] = [hint(source, answer, dict(names))
                                    for answer in wrong.get(exercise, ())]
        exec(answers[exercise], names)
        found["solved"][exercise] = execute(source, names)
    return found


def hint(check, answer, names):
    """Return what a wrong answer is told; empty where it is taken for right."""
    exec(answer, names)
    try:
        execute(check, names)
    except names["check"].__globals__["NotYet"] as found:
        return str(found)
    return ""


def run_apart(name, wrong=None, folder=FOLDER, **options):
    """Do the same in a process of its own, which may not import what is `ABSENT`."""
    done = subprocess.run(
        [sys.executable, "-W", "error", __file__, str(folder), name, json.dumps(wrong or {})],
        capture_output=True, text=True, cwd=folder, check=False,
        env={**os.environ, "OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}, **options)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


if __name__ == "__main__":
    folder, name, wrong = sys.argv[1:]
    sys.path[0] = folder
    sys.meta_path.insert(0, Refusing())
    print(json.dumps(run(name, json.loads(wrong), Path(folder))))
