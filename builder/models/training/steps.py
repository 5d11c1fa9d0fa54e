"""What the network of a recipe reads: the vocabulary that is made of its training text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from builder.models.folder import SPEC_FILE
from builder.tokens.bytes import Bytes
from builder.tokens.characters import Vocabulary
from builder.tokens.contract import Tokens
from builder.tokens.subwords import FILE, Subwords
from builder.tokens.words import Words


def tokens_for(kind: str, texts: Sequence[str], minimum_count: int, folder: Path) -> Tokens:
    """Return the tokens of a new network.

    Args:
        kind: Of them.
        texts: That it is trained on.
        minimum_count: What is rarer in them is not known: characters and words.
        folder: Of the exhibit, with the `tokenizer.json` of subwords.

    Raises:
        ModelError: There is no tokenizer, or it is not right.
    """
    if kind == Bytes.kind:
        return Bytes.read({"vocabulary": [*range(256)]}, kind)
    if kind == Subwords.kind:
        return Subwords.read({"vocabulary": FILE}, str(folder / SPEC_FILE))
    if kind == Words.kind:
        return Words(_frequent(texts, minimum_count))
    return Vocabulary.of_texts(texts, minimum_count)


def _frequent(texts: Sequence[str], minimum_count: int) -> tuple[str, ...]:
    """Return the words that are frequent enough, and blank space, the most frequent first."""
    cut, counts = Words(()), Counter[str]()
    for text in texts:
        steps = cut.steps(text)
        counts.update(text[a:b] for a, b in zip(steps.starts.tolist(), steps.ends.tolist(),
                                                strict=True))
    return tuple(word for word, count in sorted(counts.items(), key=lambda of: (-of[1], of[0]))
                 if count >= minimum_count)
