"""Byte pairs as GPT-2 has them: the one kind of tokenizer that scripts can do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

PARTS = (r"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+"
         r"|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+")
"""Between what no pair is joined, in the regular expressions of scripts."""

PLAIN = {"unk_token": None, "continuing_subword_prefix": "", "end_of_word_suffix": "",
         "ignore_merges": False, "byte_fallback": False}


def letters() -> list[str]:
    """Return the character that stands for each byte, as GPT-2 has them."""
    shown = {*range(33, 127), *range(161, 173), *range(174, 256)}
    others = [byte for byte in range(256) if byte not in shown]
    return [chr(byte if byte in shown else 256 + others.index(byte)) for byte in range(256)]


def for_scripts(settings: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return what a script needs of a `tokenizer.json`; None where it does anything else."""
    model, before = settings["model"], settings.get("pre_tokenizer") or {}
    plain = all((model.get(key) or usual) == usual for key, usual in PLAIN.items())
    by_bytes = before.get("type") == "ByteLevel" and not before.get("add_prefix_space", True) and (
        before.get("use_regex", True))
    special = all(token.get("special") for token in settings.get("added_tokens", ()))
    if model.get("type") != "BPE" or settings.get("normalizer") or not (
            plain and by_bytes and special and set(letters()) <= set(model.get("vocab", ()))):
        return None
    merges = [pair if isinstance(pair, str) else " ".join(pair) for pair in model["merges"]]
    return {"tokens": "pairs", "pattern": PARTS, "alphabet": letters(), "merges": merges}
