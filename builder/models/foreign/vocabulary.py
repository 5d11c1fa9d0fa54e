"""What the rows of somebody's embedding stand for, however it was written down."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from builder.core.errors import ModelError, Problem
from builder.models.foreign.rows import Rows, laid, rows_of_tokens, unfit
from builder.tokens.bytes import COUNT, Bytes
from builder.tokens.contract import Tokens
from builder.tokens.subwords import Subwords, is_tokenizer

JSON_FORMS = 'a JSON list, a JSON object such as {"a": 0} or {"0": "a"}, or a text file with one ' \
             "character a line or all in a row"
UNKNOWN = "it is not known what the rows stand for"
NAME_THEM = "name them with --vocabulary FILE, or in Python with the argument vocabulary"
SHOWN = 5


@dataclass(frozen=True)
class Names:
    """Names of rows, before it is known how many rows there are.

    Attributes:
        of_rows: Row and name; a name of several characters is that of a special row.
        numbered: Whether the numbers were written down; a list may leave out a first row.
        others: Other readings of the same, where it can be read in several ways.
        tokens: All of it, where it is given as tokens.
    """

    of_rows: tuple[tuple[int, str], ...] = ()
    numbered: bool = False
    others: tuple[Names, ...] = ()
    tokens: Tokens | None = None

    def __bool__(self) -> bool:
        return bool(self.of_rows) or self.tokens is not None

    def __len__(self) -> int:
        return len(self.of_rows)


UNNAMED = Names()
"""Where nothing is known."""


def names_of(given: Any, where: str) -> Names:
    """Return the names of rows that a list, a str, bytes or a dict in either direction gives.

    Bytes stand for the characters of their numbers, as Latin-1 has them.

    Raises:
        ModelError: It is something else, or names a row or a character twice.
    """
    if isinstance(given, Tokens):
        return Names(tokens=given)
    if isinstance(given, Names):
        names = given
    elif isinstance(given, Mapping):
        names = Names(_numbered(given, where), True)
    elif isinstance(given, str):
        names = Names(tuple(enumerate(given)))
    elif isinstance(given, set | frozenset):
        raise ModelError(Problem(f"{where}, vocabulary", "a set has no order",
                                 f"{len(given)} entries", "give the list or dict by which the "
                                 "network was trained"))
    elif isinstance(given, Iterable):
        listed = list(given)
        names = Names(_numbered(dict(listed), where), True) if _are_pairs(listed) else Names(
            tuple(enumerate(_text(name, where) for name in listed)))
    else:
        raise ModelError(Problem(f"{where}, vocabulary", "not a vocabulary",
                                 type(given).__name__, "give a list, a str, bytes or a dict"))
    if broken := [n for _, n in names.of_rows if any("\ud800" <= c <= "\udfff" for c in n)]:
        raise ModelError(Problem(f"{where}, vocabulary", "half of a character",
                                 repr(broken[0]), "give whole characters"))
    if problem := _repeated(names):
        raise ModelError(Problem(f"{where}, vocabulary", *problem))
    return names


def names_of_text(texts: Iterable[str], count: int, where: str) -> Names:
    """Return the characters of texts in the order of their numbers, which most scripts give rows.

    Args:
        texts: All that the network was trained on, or texts with the same characters.
        count: R, rows that are to be named.
        where: For messages.

    Raises:
        ModelError: The texts have another number of characters.
    """
    found = {character for text in texts for character in text}
    if found and len(found) == count:
        return Names(tuple(enumerate(sorted(found))))
    small = {character for one in found for character in one.lower()}
    lower = f", {len(small)} in small letters" if len(small) < len(found) else ""
    other = f"; the text has {len(found)} characters{lower}" if found else ""
    raise ModelError(Problem(f"{where}, vocabulary", UNKNOWN, f"{count} rows{other}",
                             f"{NAME_THEM}; or give --text with what it was trained on, as it was "
                             "read: its sorted characters are tried"))


def rows_of(names: Names, count: int, where: str, kind: str = "") -> tuple[Rows, ...]:
    """Return how names can be laid on R = `count` rows, the usual way first.

    Args:
        names: Of rows.
        count: R.
        where: For messages.
        kind: Of tokens, where that is said.

    Raises:
        ModelError: In no way; or in two ways of one file that are not the same.
    """
    if names.tokens is not None:
        return (rows_of_tokens(names.tokens, count, where),)
    if not names and kind == Bytes.kind and count >= COUNT:
        names = Names(tuple(enumerate(map(chr, range(COUNT)))))
    if not names:
        raise ModelError(Problem(f"{where}, vocabulary", UNKNOWN, f"{count} rows", NAME_THEM))
    possible = [Names(n.of_rows, n.numbered) for n in (names, *names.others)]
    fitting = [n for n in possible if _misfit(n, count, kind) is None]
    if len(fitting) > 1:
        raise ModelError(Problem(
            f"{where}, vocabulary", "it can be read in two ways",
            f"as {' or as '.join(str(len(n)) for n in fitting)} characters",
            "write it as a JSON list"))
    if not fitting:
        raise ModelError(Problem(f"{where}, vocabulary",
                                 *(_misfit(names, count, kind) or ("", "", ""))))
    return _layouts(fitting[0], count, kind)


def read_names(path: Path) -> Names:
    """Read a file of names: JSON or plain text.

    Raises:
        ModelError: It cannot be read, is neither, or can be read in two ways.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise ModelError(Problem(str(path), "cannot be read", error.strerror or "")) from None
    except UnicodeDecodeError as error:
        raise ModelError(Problem(str(path), "not UTF-8", str(error), "save it as UTF-8")) from None
    return names_of(_json_or_text(text, path), str(path))


def _json_or_text(text: str, path: Path) -> Any:
    if path.suffix.lower() == ".json" or text.lstrip()[:2] in ('["', '{"'):
        try:
            given = json.loads(text, object_pairs_hook=_unique)
        except (ValueError, RecursionError) as error:
            raise ModelError(Problem(str(path), "cannot be read as JSON", f"{error!s:.100}",
                                     f"give {JSON_FORMS}")) from None
        if is_tokenizer(given):
            return Subwords.of(text, str(path))
        if isinstance(given, list | str) and len(given) > 1:
            return given
        if isinstance(given, dict):
            return _inside(given, str(path))
        raise ModelError(Problem(str(path), "not a vocabulary", type(given).__name__,
                                 f"give {JSON_FORMS}"))
    return _plain(text, path)


def _inside(given: dict[str, Any], where: str) -> Any:
    """Return the vocabulary that a JSON object is, or that it holds beside other things.

    Raises:
        ModelError: It holds several that differ.
    """
    if all(map(_is_number, given.values())) or all(name.isdecimal() for name in given):
        return given
    found: dict[tuple[tuple[int, str], ...], str] = {}
    for place, part in given.items():
        texts = isinstance(part, list) and not any(map(_is_number, part))
        if (texts or isinstance(part, dict)) and len(part) > 1:
            try:
                rows = names_of(part, where).of_rows
            except ModelError:
                continue
            numbers = [row for row, _ in rows]
            if numbers == list(range(numbers[0], numbers[0] + len(rows))):
                found.setdefault(rows, place)
    if len(found) > 1:
        raise ModelError(Problem(where, "there are several vocabularies in it",
                                 ", ".join(found.values()), "give one of them alone"))
    return given[next(iter(found.values()))] if found else given


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    twice = [key for key, count in Counter(key for key, _ in pairs).items() if count > 1]
    if twice:
        raise ValueError(f"twice: {', '.join(map(repr, twice[:SHOWN]))}")
    return dict(pairs)


def _plain(text: str, path: Path) -> Names:
    """Return the readings of a plain text in which every character stands once."""
    lines = text if len(text) % 2 == 0 else text + "\n"
    readings = {text, text[:-1] if text.endswith("\n") else text}
    if len(lines) > 2 and set(lines[1::2]) == {"\n"}:
        readings.add(lines[::2])
    whole = sorted((r for r in readings if r and len(set(r)) == len(r)), key=len)
    if not whole:
        raise ModelError(Problem(str(path), "not a vocabulary", "characters stand in it twice",
                                 f"give {JSON_FORMS}"))
    first, *others = [Names(tuple(enumerate(reading))) for reading in whole]
    return Names(first.of_rows, False, tuple(others))


def _numbered(given: Mapping[Any, Any], where: str) -> tuple[tuple[int, str], ...]:
    """Return the rows of a dict from characters to numbers, or the other way round."""
    keys, values = list(given), list(given.values())
    if all(_is_number(value) for value in values):
        pairs = [(int(row), _text(name, where)) for name, row in given.items()]
    elif all(_is_number(key) or (isinstance(key, str) and key.isdecimal()) for key in keys):
        pairs = [(int(row), _text(name, where)) for row, name in given.items()]
    else:
        raise ModelError(Problem(f"{where}, vocabulary", "neither from characters to numbers nor "
                                 "from numbers to characters", "",
                                 'give one such as {"a": 0} or {0: "a"}'))
    return tuple(sorted(pairs))


def _are_pairs(listed: Sequence[Any]) -> bool:
    """Tell whether a list has characters with their numbers, each once."""
    return bool(listed) and all(
        isinstance(one, list | tuple) and len(one) == 2 and isinstance(one[0], str | bytes)
        != isinstance(one[1], str | bytes) and (_is_number(one[0]) or _is_number(one[1]))
        for one in listed) and len({one[0] for one in listed}) == len(listed)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


def _text(name: Any, where: str) -> str:
    if isinstance(name, str):
        return str(name)
    if isinstance(name, bytes):
        return name.decode("latin-1")
    if _is_number(name) and 0 <= int(name) < 256:
        return chr(int(name))
    raise ModelError(Problem(f"{where}, vocabulary", "not a character", f"{name!r:.60}",
                             "give characters"))


def _repeated(names: Names) -> tuple[str, str, str] | None:
    rows, characters = (Counter(part) for part in zip(*names.of_rows, strict=True)) \
        if names else (Counter(), Counter())
    for counted, wrong in ((rows, "a number is given twice"), (characters,
                                                               "a character stands in it twice")):
        twice = [repr(what) for what, count in counted.items() if count > 1]
        if twice:
            return wrong, ", ".join(twice[:SHOWN]), "name each once"
    return None


def _misfit(names: Names, count: int, kind: str) -> tuple[str, str, str] | None:
    """Return what is wrong with names for so many rows; None where they fit."""
    rows = {row for row, _ in names.of_rows}
    beyond = sorted(row for row in rows if not 0 <= row < count)
    if beyond:
        return ("it does not fit", f"{len(names)} names up to number {max(rows)} for {count} rows",
                "name each row once, from 0")
    missing = count - len(rows)
    if missing <= 1:
        return unfit(names.of_rows, kind)
    left = sorted(set(range(count)) - rows)[:SHOWN]
    return ("a number is missing" if names.numbered else "it does not fit",
            f"{', '.join(map(str, left))}" if names.numbered else
            f"{len(names)} characters for {count} rows",
            f"name all {count} rows, or all but that of unknown characters")


def _layouts(names: Names, count: int, kind: str) -> tuple[Rows, ...]:
    if len(names) == count or names.numbered:
        return (laid(names.of_rows, count, "", kind),)
    after = tuple((row + 1, name) for row, name in names.of_rows)
    return (laid(after, count, "the first row is that of unknown characters", kind),
            laid(names.of_rows, count, "the last row is that of unknown characters", kind))
