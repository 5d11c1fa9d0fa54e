"""Has a wheel hold what is written by hand beside the code: all else is in pyproject.toml."""

from __future__ import annotations

import shutil
from itertools import chain
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).parent
GIVEN = Path("builder/given")
"""Where it goes; `builder.core.given` finds it there."""

PATTERNS = (
    "mkdocs.yml", "mkdocs.offline.yml",
    "site_src/docs/*.md", "site_src/docs/*.json", "site_src/docs/extend/*.md",
    "site_src/docs/bring-your-own-model/*.md", "site_src/docs/notebooks/*",
    "site_src/docs/assets/*.js", "site_src/docs/assets/*.css",
    "site_src/docs/assets/architectures/*.js", "site_src/overrides/*",
    "gallery/counters-rnn/*",
)
"""Of the files; generated pages are in none of these folders."""

GENERATED = frozenset({"site_src/docs/assets/gallery.css", "site_src/docs/croissant.json",
                       "site_src/docs/datapackage.json"})


def given() -> list[str]:
    """Return the files, by their places in the project, sorted."""
    found = chain.from_iterable(ROOT.glob(pattern) for pattern in PATTERNS)
    names = {path.relative_to(ROOT).as_posix() for path in found if path.is_file()}
    return sorted(names - GENERATED)


class BuildWithGiven(build_py):
    """Copies them into the package."""

    def run(self) -> None:
        """Build; an editable install finds them where they are."""
        super().run()
        if not self.editable_mode:
            for name in given():
                target = Path(self.build_lib) / GIVEN / name
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(ROOT / name, target)

    def get_source_files(self) -> list[str]:
        """Return what an archive of the sources must hold."""
        return [*super().get_source_files(), *given()]

    def get_outputs(self, include_bytecode: bool = True) -> list[str]:
        """Return what is written."""
        copied = [] if self.editable_mode else [
            str(Path(self.build_lib) / GIVEN / name) for name in given()]
        return [*super().get_outputs(include_bytecode), *copied]


if __name__ == "__main__":
    setup(cmdclass={"build_py": BuildWithGiven})
