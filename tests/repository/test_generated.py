"""What is generated: the kinds of page, git and `make clean` name the same folders."""

import re
import shutil
import subprocess
from pathlib import Path

from builder.rendering import GENERATED_FILES, generated_folders
from builder.site.placed import DOCS

ROOT = Path(__file__).resolve().parents[2]
GENERATED = {f"{DOCS}/{folder}/" for folder in generated_folders()}


def test_git_ignores_what_is_generated_and_nothing_written_by_hand() -> None:
    ignored = re.findall(rf"^{DOCS}/.*$", (ROOT / ".gitignore").read_text("utf-8"), re.MULTILINE)
    assert set(ignored) == GENERATED | {f"{DOCS}/{name}" for name in GENERATED_FILES}


def test_make_clean_removes_what_is_generated_and_nothing_else(tmp_path: Path) -> None:
    shutil.copy(ROOT / "Makefile", tmp_path)
    by_hand = [f"{DOCS}/index.md", f"{DOCS}/extend/panel.md", f"{DOCS}/assets/pages.css",
               "gallery/one/exhibit.toml", ".gallery/results/one.json"]
    generated = [*(f"{folder}deep/page.md" for folder in GENERATED),
                 *(f"{DOCS}/{name}" for name in GENERATED_FILES)]
    for name in (*by_hand, *generated):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
    subprocess.run(["make", "clean"], cwd=tmp_path, capture_output=True, check=True)
    left = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")
            if path.is_file()}
    assert left == {"Makefile", *by_hand}
