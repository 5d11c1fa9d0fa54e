"""Steps that are subwords, as the `tokenizer.json` of Hugging Face's `tokenizers` has them.

`model.json` says `"tokens": "subwords", "vocabulary": "tokenizer.json"`, and the file lies beside
it. The token with number i has index i + 1; index 0 is kept for what is not known. Texts are cut as
they are: no special token is ever found in one or added to it, nothing is cut off or filled up, and
pairs are always joined (no dropout). A token covers what it was made of, and what was left out
before it; one that ends inside a character, as a byte can, ends before it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from builder.core.errors import ModelError, Problem
from builder.tokens.contract import TOKENS, Steps, Tokens
from builder.tokens.reading.byte_pairs import for_scripts, letters

FILE = "tokenizer.json"
SPACE = "\u2581"
"""What some tokenizers write for a space."""
BYTE = re.compile(r"<0x([0-9A-Fa-f]{2})>")
MOST_TOKENS = 10_000_000
"""Tokens of the largest vocabulary that is taken."""
MOST = 100
"""Most special tokens that are named."""


@dataclass(frozen=True)
class Subwords(Tokens):
    """Tokens of a tokenizer.

    Attributes:
        content: The `tokenizer.json`.
        rows: V, where the embedding has more rows than there are tokens; 0 where it has not.
    """

    kind: ClassVar[str] = "subwords"

    content: str
    rows: int = 0

    def __reduce__(self) -> tuple[Any, ...]:
        """Be made anew elsewhere: what is kept of the tokenizer does not travel."""
        return type(self), (self.content, self.rows)

    @classmethod
    def of(cls, content: str, where: str, rows: int = 0) -> Subwords:
        """Return the tokens of a `tokenizer.json`, once it was tried.

        Without the library they can be named, which is all that pages need, and no text be cut.

        Raises:
            ModelError: It is none, or it has more tokens than rows.
        """
        tokens = cls(content, rows)
        try:
            with suppress(ModelError):  # the library is not there, and will be asked for
                tokens.steps("a b")
            least = tokens._named
        except BaseException as error:  # a panic of the library is no Exception
            if isinstance(error, KeyboardInterrupt | SystemExit | MemoryError):
                raise
            found = f"{error!s:.100}".replace("\n", " ")
            raise ModelError(Problem(where, "not a tokenizer.json", found,
                                     "write it with tokenizer.save(FILE)")) from None
        if rows and rows < len(least) + 1:
            raise ModelError(Problem(where, "more tokens than rows",
                                     f"{len(least):,} tokens, {rows:,} rows", ""))
        return tokens

    @cached_property
    def _settings(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.content)
        return found

    @cached_property
    def _tokenizer(self) -> Any:
        try:
            from tokenizers import Tokenizer
        except ImportError:
            raise ModelError(Problem(FILE, "needs the package tokenizers", "",
                                     "pip install 'unit-gallery[subwords]'")) from None
        model = {k: v for k, v in self._settings["model"].items() if k != "dropout"}
        made = Tokenizer.from_str(json.dumps(self._settings | {
            "model": model, "truncation": None, "padding": None, "post_processor": None}))
        made.encode_special_tokens = True
        return made

    @cached_property
    def _named(self) -> list[str]:
        """The token of each number, as it is written; empty for numbers that have none."""
        numbers = dict(self._numbers())
        last = max(numbers, default=-1)
        if last >= MOST_TOKENS or min(numbers, default=0) < 0:
            raise ValueError(f"a token has the number {last}")
        named = [""] * (last + 1)
        for number, token in numbers.items():
            named[number] = token
        return named

    def _numbers(self) -> Iterator[tuple[int, str]]:
        """Yield the number of each token, and how it is written."""
        given = self._settings["model"]["vocab"]
        if isinstance(given, Mapping):
            yield from ((int(number), str(token)) for token, number in given.items())
        else:  # with the logarithm of how likely each is
            yield from enumerate(str(token) for token, _ in given)
        for token in self._added():
            yield int(token["id"]), str(token["content"])

    def _added(self) -> Iterator[Mapping[str, Any]]:
        yield from self._settings.get("added_tokens") or ()

    @cached_property
    def _special(self) -> frozenset[int]:
        return frozenset(int(token["id"]) + 1 for token in self._added() if token.get("special"))

    @cached_property
    def _unknown(self) -> int:
        """Index of the token for what is not known; 0 where there is none."""
        model = self._settings["model"]
        token, number = model.get("unk_token"), model.get("unk_id")
        if token is not None:
            number = self._named.index(token) if token in self._named else None
        return 0 if number is None else int(number) + 1

    @property
    def size(self) -> int:
        """Rows of the embedding: the unknown one, the tokens, and rows that none has."""
        return self.rows or len(self._named) + 1

    def steps(self, text: str) -> Steps:
        """Return the tokens of a text; one that is unknown where there is no other."""
        if not text:
            return Steps(np.zeros(0, np.int64), np.zeros(0, np.int64))
        found = self._tokenizer.encode(_whole(text), add_special_tokens=False)
        ids = np.array(found.ids, np.int64) + 1
        if not len(ids):
            return Steps(np.array([self._unknown]), np.array([len(text)], np.int64))
        offsets = np.array(found.offsets, np.int64).reshape(-1, 2)
        ends = offsets[:, 1]
        ends[:-1] = np.minimum(ends[:-1], offsets[1:, 0])  # it goes on inside that character
        ends[-1] = len(text)
        return Steps(ids, np.minimum(np.maximum.accumulate(ends), len(text)))

    def name(self, index: int) -> str:
        """Return the text of a token; of bytes that are no character, their numbers."""
        return self._names[index] if index < len(self._names) else "\ufffd"

    @cached_property
    def _names(self) -> list[str]:
        return ["\ufffd", *(token if index in self._special else self._text(token)
                            for index, token in enumerate(self._named, 1))]

    def _text(self, token: str) -> str:
        if self._byte_level:
            return _of_bytes(token)
        if number := BYTE.fullmatch(token):
            return chr(int(number[1], 16)) if int(number[1], 16) < 128 else token
        model = self._settings["model"]
        prefix = model.get("continuing_subword_prefix") or ""
        suffix = model.get("end_of_word_suffix") or ""
        return token.removeprefix(prefix).removesuffix(suffix).replace(SPACE, " ") or token

    @cached_property
    def _byte_level(self) -> bool:
        parts = [self._settings.get("pre_tokenizer"), self._settings.get("decoder")]
        return '"ByteLevel"' in json.dumps(parts)

    def entry(self, index: int) -> str:
        """Return a token as its tokenizer writes it."""
        return self._named[index - 1] if 0 < index <= len(self._named) else ""

    def never(self) -> tuple[str, ...]:
        """Return the special tokens."""
        return tuple(self.entry(index) for index in sorted(self._special))

    def notes(self) -> list[str]:
        """Return which tokens are special, in a sentence."""
        never = ", ".join(self.never()[:MOST])
        return [f"special tokens, which never match a text: {never}"] if never else []

    def are_unknown(self, ids: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return which steps are not known, bool[S]."""
        return np.isin(ids, (0, self._unknown))

    def known(self) -> NDArray[np.int64]:
        """Return the indices of tokens that a text can be made of."""
        out = self._special | {0, self._unknown}
        return np.array([i for i, token in enumerate(self._named, 1) if token and i not in out],
                        np.int64)

    def starting_with(self, characters: str) -> list[int]:
        """Return the known indices whose text begins with one of these characters."""
        first = [("" if BYTE.match(self.name(i)) else self.name(i)[:1], i)
                 for i in self.known().tolist()]
        return [index for c in characters for initial, index in first if initial == c]

    def for_scripts(self) -> dict[str, Any] | None:
        """Return the pairs that are joined, where it is byte pairs as GPT-2 has them; else None."""
        found = for_scripts(self._settings)
        never = sorted(set(range(1, self.size)) - set(self.known().tolist()))
        return None if found is None else found | {
            "unknown": self._unknown, "never": never, "entries": self._named}

    def with_rows(self, count: int) -> Subwords:
        """Return the same for an embedding of so many rows and one more."""
        return replace(self, rows=count + 1)

    def written(self) -> dict[str, Any]:
        """Return the name of the file, and the number of rows where it is another."""
        return {"vocabulary": FILE} | ({"rows": self.rows} if self.rows else {})

    def files(self) -> dict[str, bytes]:
        """Return the tokenizer's own file."""
        return {FILE: self.content.encode()}

    @classmethod
    def read(cls, written: Mapping[str, Any], where: str) -> Subwords:
        """Return the tokens of a model folder, whose `tokenizer.json` is beside `model.json`.

        Raises:
            ModelError: There is no such file, or it is not right.
        """
        name, rows = written["vocabulary"], written.get("rows", 0)
        if name != FILE:
            raise ModelError(Problem(f"{where}, vocabulary", "not a tokenizer", f"{name!r:.60}",
                                     f'say "vocabulary": "{FILE}", and put that file beside it'))
        if not isinstance(rows, int) or isinstance(rows, bool) or rows < 0:
            raise ModelError(Problem(f"{where}, rows", "not a number of rows", f"{rows!r:.60}"))
        path = Path(where).parent / FILE
        try:
            return cls.of(path.read_text("utf-8"), str(path), rows)
        except FileNotFoundError:
            raise ModelError(Problem(str(path), "there is no tokenizer", "the file is missing",
                                     "copy it from where the model was trained")) from None
        except (OSError, UnicodeDecodeError) as error:
            raise ModelError(Problem(str(path), "cannot be read", f"{error!s:.80}")) from None


def is_tokenizer(given: object) -> bool:
    """Tell whether what was read from a JSON file is a tokenizer."""
    return isinstance(given, Mapping) and isinstance(given.get("model"), Mapping) and (
        "added_tokens" in given or "pre_tokenizer" in given)


def _whole(text: str) -> str:
    """Return a text as UTF-8 can have it: halves of characters become the replacement character."""
    return re.sub("[\ud800-\udfff]", "\ufffd", text)


def _of_bytes(token: str) -> str:
    """Return the text of a token whose characters stand for bytes."""
    try:
        content = bytes(_BYTES[c] for c in token)
    except KeyError:
        return token
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return "".join(f"<0x{byte:02X}>" for byte in content)


_BYTES = {letter: byte for byte, letter in enumerate(letters())}

TOKENS.register(Subwords.kind, Subwords)
