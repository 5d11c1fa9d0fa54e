"""`python -m tests.notebooks`: runs the notebooks and writes what their pages show beside them."""

import json
import sys

from tests.notebooks.running import FOLDER, NOTEBOOKS, run_apart

if __name__ == "__main__":
    found = {name: run_apart(name)["outputs"] for name in NOTEBOOKS}
    found["python"] = "{}.{}".format(*sys.version_info)
    kept = {name: {id_: shown for id_, shown in each.items() if shown} if name != "python" else each
            for name, each in found.items()}
    text = json.dumps(kept, ensure_ascii=False, separators=(",", ":")).replace('],"', '],\n"')
    (FOLDER / "outputs.json").write_text(text + "\n", "utf-8")
