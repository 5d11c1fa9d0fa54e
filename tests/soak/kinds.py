"""What a kind of file is that is changed at random, and the commands that read it."""

from __future__ import annotations

import io
import json
import lzma
import re
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from builder.cli import main
from builder.core.errors import UserError
from tests.soak.mutations import mutated_bytes, mutated_json

CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
Change = Callable[[Random, bytes], bytes]


@dataclass(frozen=True)
class Kind:
    """A kind of file.

    Attributes:
        make: Makes one that is right, in a folder; returns the path of what is changed.
        change: Returns other bytes, given a source of chance and those that are right.
        use: Reads one, given its path; returns what makes pages of it, where there are any.
        times: So many times as many of it are changed as of others.
    """

    make: Callable[[Path], Path]
    change: Change
    use: Callable[[Path], Any]
    times: int = 1


def command(*arguments: object, lines: int = 21) -> None:
    """Run a command in this process; a complaint is a UserError, as it is without a command.

    Args:
        arguments: Of the command.
        lines: So many lines a complaint may have.
    """
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main([str(a) for a in arguments])
    said = err.getvalue()
    assert code in (0, 2) and "Traceback" not in said, said
    assert CONTROL.search(out.getvalue() + said) is None, said
    if code:
        assert out.getvalue() == "" and said.count("\n") <= lines, said
        assert said.startswith("gallery: "), said
        raise UserError([])


def as_json(change_whole: float = 0.15) -> Change:
    def change(chance: Random, raw: bytes) -> bytes:
        if chance.random() < change_whole:
            return mutated_bytes(chance, raw)
        return mutated_json(chance, json.loads(raw))
    return change


def as_xz(finish: Callable[[bytes], bytes] = lambda content: content) -> Change:
    def change(chance: Random, raw: bytes) -> bytes:
        if chance.random() < 0.1:
            return mutated_bytes(chance, raw)
        content = lzma.decompress(raw)
        changed = mutated_bytes(chance, content) if chance.random() < 0.1 else finish(
            mutated_json(chance, json.loads(content)))
        return lzma.compress(changed, preset=0)
    return change
