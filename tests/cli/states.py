"""The examples of *Bring your own model*, run as they stand on its pages."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from tests.cli.conftest import program
from tests.sources_of_states import planted_states, starts_of, words_of

PAGES = Path(__file__).parents[2] / "site_src" / "docs" / "bring-your-own-model"


def examples(word: str) -> list[str]:
    """Return the blocks of Python on these pages in which a word stands."""
    text = "\n".join(page.read_text("utf-8") for page in sorted(PAGES.glob("*.md")))
    blocks = re.findall(r"^```python\n(.*?)^```", text, re.M | re.S)
    return [block for block in blocks if word in block]


def run_examples(folder: Path) -> None:
    """Write the files of states that the pages name into a folder, which is the current one."""
    texts = [program(seed) for seed in range(60)]
    text, documents = "".join(texts), starts_of(texts)
    states = planted_states(texts, 1)
    tokens, of_words, starts = words_of(texts, states)
    names = {"text": text, "states": states, "documents": documents, "tokens": tokens,
             "below": of_words[:, :6], "above": of_words[:, 6:], "starts": starts,
             "log_probs": np.full(len(tokens), -2.0)}
    for block in examples("save_states"):
        exec(block, names)
    names["save_states"](folder / "my-untrained.npz", planted_states(texts, 2, learned=False),
                         text=text, documents=documents)
