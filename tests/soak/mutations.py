"""Changes at random of what may come from outside, most of which somebody hostile would make."""

from __future__ import annotations

import copy
import io
import json
import random
import zipfile
from collections.abc import Callable
from typing import Any

LONG, DEEP = 5_000, 100_000

NUMBERS: tuple[Any, ...] = (
    -1, 0, 1, 2, 7, 10**9, 2**31, 2**53, 2**63, 2**64, -2**63, 10**60, 0.5, -0.0, 1e-320, 1e308,
    -1e308, float("nan"), float("inf"), float("-inf"), True, False)
TEXTS: tuple[str, ...] = (
    "", " ", "a", "\n", "\0", "\x1b[2J", "\u202e", "\ud800", "é" * 300, "a" * 100_000, "../../x",
    "/", "h0.0", "c0.99999999999999999999", "in_string", "<script>alert(1)</script>", "{{ 7*7 }}",
    "%s%n", "{0.__class__}", "(a+)+$", "[", "NaN", "1" * LONG, "https://u:secret@example.org/",
    "e\u0301" * 2_000, "𝔘" * 10)
OTHERS: tuple[Any, ...] = (None, [], {}, [[]], {"": None}, [None] * 3, {"a": {"b": {}}})

RAW_JSON = ("1" * LONG, "-" + "9" * LONG, "1e99999", "[" * DEEP, '{"a":' * DEEP, "NaN",
            '"\\ud800"', '"\\u0000"', "1" * 300)
"""Texts that stand for a value and that no value of Python would be written as."""

MARK = "@@raw@@"


def mutated_json(chance: random.Random, value: Any) -> bytes:
    """Return JSON of a value in which up to three things are others."""
    value, raw = copy.deepcopy(value), ""
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        if not value:
            break
        holder, key = _place(chance, value)
        act = chance.randrange(12)
        if act == 0:
            del holder[key]
        elif act == 1 and isinstance(holder, dict):
            holder[chance.choice(TEXTS)] = holder[key]
        elif act == 2 and isinstance(holder, list):
            holder.insert(key, copy.deepcopy(holder[key]))
        elif act == 3:
            other, at = _place(chance, value)
            holder[key] = copy.deepcopy(other[at])
        elif act == 4:
            holder[key], raw = MARK, chance.choice(RAW_JSON)
        else:
            holder[key] = _instead_of(chance, holder[key])
    said = json.dumps(value, ensure_ascii=chance.random() < 0.5)
    return said.replace(f'"{MARK}"', raw).encode("utf-8", "surrogatepass")


def _instead_of(chance: random.Random, value: Any) -> Any:
    """Return something of the same type, most often, or of another."""
    if chance.random() < 0.7:
        if isinstance(value, bool):
            return not value
        if isinstance(value, int | float):
            near = (value + 1, value - 1, -value, value * 10, value / 3)
            return chance.choice((*near, *NUMBERS))
        if isinstance(value, str):
            return chance.choice((*TEXTS, value[:-1], value + "a", value * 2))
        if isinstance(value, list) and value:
            return chance.choice((value[:-1], value[1:], value * 2, value[::-1], []))
    return copy.deepcopy(chance.choice(chance.choice((NUMBERS, TEXTS, OTHERS))))


def _place(chance: random.Random, value: Any) -> tuple[Any, Any]:
    """Return what holds a part of a value, and its key: the way down is taken at random."""
    while True:
        key = chance.choice([*value]) if isinstance(value, dict) else chance.randrange(len(value))
        inside = value[key]
        if not (isinstance(inside, dict | list) and inside) or chance.random() < 0.15:
            return value, key
        value = inside


def mutated_bytes(chance: random.Random, raw: bytes) -> bytes:
    """Return bytes of which some are others, are gone, or stand there twice."""
    raw = bytearray(raw)
    for _ in range(chance.choice((1, 1, 2, 8))):
        size = len(raw)
        at = chance.randrange(size + 1)
        # the head of a file decides how the rest is read
        at = min(at, 300) if chance.random() < 0.4 else at
        length = chance.choice((1, 1, 2, 4, 8, 64, 1_000))
        act = chance.randrange(7)
        if act == 0:
            raw = raw[:at]
        elif act == 1:
            raw[at:at + length] = chance.randbytes(length)
        elif act == 2:
            raw[at:at + length] = b""
        elif act == 3:
            raw[at:at] = raw[at:at + length]
        elif act == 4:
            raw[at:at + length] = chance.choice((b"\0", b"\xff")) * length
        elif act == 5 and at < size:
            raw[at] ^= 1 << chance.randrange(8)
        else:
            raw[at:at] = chance.choice(TEXTS)[:500].encode("utf-8", "surrogatepass")
    return bytes(raw)


def mutated_ends(chance: random.Random, raw: bytes) -> bytes:
    """Return bytes changed, cut off, put in or taken out; most near the ends, where lists are."""
    data = bytearray(raw)
    for _ in range(chance.choice((1, 3, 20))):
        at = chance.randrange(min(chance.choice((200, 2_000, len(data))), len(data)))
        at = at if chance.random() < 0.5 else len(data) - 1 - at
        act = chance.randrange(4)
        if act == 0:
            data[at] = chance.randrange(256)
        elif act == 1:
            del data[at:at + chance.randrange(1, 40)]
        elif act == 2:
            data[at:at] = chance.randbytes(chance.randrange(1, 40))
        elif chance.random() < 0.2:
            del data[max(at, 1):]
        if not data:
            break
    return bytes(data)


def mutated_archive(chance: random.Random, raw: bytes) -> bytes:
    """Return a ZIP file of which a part is another one: whole, with the sum that it should have."""
    if chance.random() < 0.3:
        return mutated_bytes(chance, raw)
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as before, zipfile.ZipFile(made, "w") as after:
        names = before.namelist()
        changed = chance.choice(names)
        for name in names:
            content = before.read(name)
            if name == changed:
                content = mutated_bytes(chance, content)
            after.writestr(zipfile.ZipInfo(name), content, chance.choice(
                (zipfile.ZIP_STORED, zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)))
    return made.getvalue()


def mutated_lines(chance: random.Random, text: str, values: tuple[str, ...]) -> bytes:
    """Return a text of lines `key = value` of which some are others."""
    lines = text.splitlines()
    for _ in range(chance.choice((1, 1, 2, 3))):
        at = chance.randrange(len(lines))
        key = lines[at].partition("=")[0]
        act = chance.randrange(10)
        if act == 0:
            lines.pop(at)
        elif act == 1:
            lines.insert(at, lines[chance.randrange(len(lines))])
        elif act == 2:
            lines[at] = chance.choice(TEXTS)
        elif act == 3:
            lines[at] = chance.choice(TEXTS) + lines[at]
        elif "=" in lines[at]:
            lines[at] = f"{key}= {chance.choice(values)}"
        lines = lines or [""]
    said = "\n".join(lines).encode("utf-8", "surrogatepass")
    return mutated_bytes(chance, said) if chance.random() < 0.1 else said


TOML_VALUES = (
    *map(repr, (-1, 0, 1, 7, 10**9, 2**63, 2**64, 10**60, 0.5, 1e308, 1e-320)), "nan", "inf",
    "-inf", "true", "false", "[]", "{}", "[[]]", '""', '"a"', '"\\u0000"', '"\\u001b[2J"',
    '"\\u202e"', '"' + "a" * 100_000 + '"', "9" * LONG, "[" * DEEP, "{a=" * DEEP, '"../../x"',
    '"(a+)+$"', '"["', '"(?P<"', '"{{ 7*7 }}"', '"https://u:secret@example.org/"', '"python"',
    '"synthetic"', '"url"', '"git"', '"lstm"', "1979-05-27", "'''", '["in_string", "no_such"]',
    "[1, 2]", '["a"]')

Mutate = Callable[[random.Random], bytes]
