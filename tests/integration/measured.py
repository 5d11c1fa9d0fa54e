"""Projects whose exhibits were measured already: invented cards, each with a small recipe."""

import os
import subprocess
import sys

from builder.workspace import results as store
from tests.make_cards import exhibits
from tests.sources import PROJECT, copy_sources

RECIPE = '''
title = "{title}"
language = "python"
[corpus]
kind = "synthetic"
source = "A grammar"
license = "none"
[page]
summary = "What {name} is."
'''


def make_measured(root, cards=None):
    """Return a project of the sources and of these cards."""
    copy_sources(root)
    for card in cards if cards is not None else exhibits():
        folder = root / "gallery" / card.name
        folder.mkdir(parents=True)
        recipe = RECIPE.format(title=card.title.replace('"', ""), name=card.name)
        (folder / "exhibit.toml").write_text(recipe, "utf-8")
        give_results(root, card)
    return root


def give_results(root, card):
    """Put what is shown of an exhibit where it is looked for."""
    store.save(root / ".gallery" / "results", f"{card.name}.card", store.CARD, card, "invented")


def mkdocs(root, *arguments, **environment):
    """Run MkDocs in a project."""
    known = {"NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": str(PROJECT), **environment}
    return subprocess.run([sys.executable, "-m", "mkdocs", *arguments], cwd=root, check=False,
                          capture_output=True, text=True, env={**os.environ, **known})
