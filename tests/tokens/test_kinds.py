"""Bytes, words, pieces, subwords and special entries: how each cuts a text."""

import json
import pickle
import random
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.core.errors import ModelError
from builder.tokens.bytes import Bytes
from builder.tokens.characters import Vocabulary
from builder.tokens.contract import TOKENS, check_tokens
from builder.tokens.pieces import Pieces
from builder.tokens.reading.special import special_among
from builder.tokens.words import SPLITS, Words

TEXTS = st.text(max_size=50) | st.text("abcé\U0001f600 \t\n.,'_<pad>", max_size=60)
BYTES = Bytes.read({"vocabulary": [*range(256), "<eos>"]}, "m")
PIECES = Pieces(("a", "ab", "abc", "c d", " ", "\n", "<"), ())
WORDS = {
    "all": ["a", "total", " ", "\n    ", "=", "_x1", "é"],
    "words": ["a", "total", "=", "é", "don", "'", "t"],
    "spaces": ["don't", "a", "end."],
}


@given(TEXTS)
def test_all_keep_the_promises_of_tokens(text):
    for tokens in (BYTES, PIECES, *(Words.read({"vocabulary": w}, "m") for w in WORDS.values())):
        check_tokens(tokens, [text])


@given(TEXTS)
def test_bytes_are_those_of_utf8(text):
    steps, content = BYTES.steps(text), text.encode("utf-8", "surrogatepass")
    assert (steps.ids - 1).tolist() == list(content)
    whole = [at for at, size in enumerate(steps.sizes.tolist()) if size]
    ends = np.cumsum([len(c.encode("utf-8", "surrogatepass")) for c in text]) - 1
    assert whole == ends.tolist() and steps.sizes[whole].tolist() == [1] * len(text)


def test_bytes_in_another_order_and_their_names():
    tokens = Bytes.read({"vocabulary": [97, 10, "<unk>", "<s>", 0xC3, 0xA9]}, "m")
    assert tokens.steps("aéb\n").ids.tolist() == [1, 5, 6, 3, 2]
    assert tokens.unknown(tokens.steps("aéb\n").ids) == 1
    assert [tokens.name(i) for i in (1, 2, 5)] == ["a", "\n", "<0xC3>"]
    assert tokens.starting_with("é\na<z") == [5, 2, 1]
    assert tokens.known().tolist() == [1, 2, 5, 6] and tokens.never() == ("<unk>", "<s>")
    assert json.loads(json.dumps(tokens.written())) == {
        "vocabulary": [97, 10, "<unk>", "<s>", 0xC3, 0xA9], "special": ["<unk>", "<s>"],
        "unknown": "<unk>"}


@pytest.mark.parametrize("split", SPLITS)
def test_the_vocabulary_decides_how_words_are_split(split):
    tokens = Words.read({"vocabulary": WORDS[split]}, "m")
    assert tokens.split == split
    assert Words.read(tokens.written(), "m") == tokens


@pytest.mark.parametrize(("split", "parts"), [
    ("all", ["don", "'", "t", "\n    ", "a", " ", "end", ".", "  "]),
    ("words", ["don", "'", "t", "\n    a", " end", ".  "]),
    ("spaces", ["don't", "\n    a", " end.  "]),
])
def test_blank_space_belongs_to_the_word_after_it(split, parts):
    text = "".join(parts)
    steps = Words.read({"vocabulary": WORDS[split]}, "m").steps(text)
    assert [text[a:b] for a, b in zip(steps.starts, steps.ends, strict=True)] == parts


def test_lines_that_end_with_an_entry_of_their_own():
    tokens = Words.read({"vocabulary": ["<unk>", "<eos>", "a", "b"], "end": "<eos>"}, "m")
    steps = tokens.steps("a b\n\nc\n")
    assert steps.ids.tolist() == [3, 4, 2, 2, 1, 2]
    assert tokens.name(2) == "\n" and 2 in tokens.known() and tokens.starting_with("\n") == [2]
    assert tokens.never() == ("<unk>",) and tokens.unknown(steps.ids) == 1


@given(TEXTS)
def test_pieces_are_the_longest(text):
    steps = PIECES.steps(text)
    pattern = "|".join(map(re.escape, sorted(PIECES.characters, key=len, reverse=True)))
    parts = [m[0] for m in re.finditer(pattern + r"|(?s:.)", text)]
    assert [text[a:b] for a, b in zip(steps.starts, steps.ends, strict=True)] == parts


def test_special_entries_never_match_a_text():
    entries = ["<pad>", "<unk>", "<s>", "a", "<", "p", "d", ">"]
    for kind in (Vocabulary, Pieces):
        tokens = kind.read({"vocabulary": entries}, "m")
        assert tokens.steps("<pad>z").ids.tolist() == [5, 6, 4, 7, 8, 2]
        assert tokens.unknown(tokens.steps("<pad>z").ids) == 1
        assert tokens.known().tolist() == [4, 5, 6, 7, 8]
        assert tokens.notes() == ["special entries, which never match a text: <pad>, <unk>, <s>; "
                                  "<unk> stands for what is not known"]
        assert kind.read(tokens.written(), "m") == tokens


@pytest.mark.parametrize(("entries", "special"), [
    (["a", "b", "pad", "UNK", "__start__"], {"pad", "UNK", "__start__"}),
    (["cls", "__init__", "pad", "self", "def", " "], set()),
    (["self", "def", "<pad>", "SOS", "__unk__", "unk"], {"<pad>", "SOS", "__unk__"}),
    (["<0x0A>", "the"], set())])
def test_words_of_a_text_are_no_special_entries(entries, special):
    assert set(special_among(entries)) == special
    if special != {"pad", "UNK", "__start__"}:
        assert set(Words.read({"vocabulary": entries}, "m").never()) == special


def test_a_special_entry_of_one_character():
    """Names, one a line: a point begins and ends each, and is no character of them."""
    tokens = Vocabulary.read({"vocabulary": [".", "a", "b"], "special": ["."], "end": "."}, "m")
    assert tokens.encode("ab\n.").tolist() == [2, 3, 1, 0]
    assert tokens.line_end == 1 and tokens.index_of(".", "m") == 1


@pytest.mark.parametrize(("written", "says"), [
    ({"vocabulary": ["a"], "special": ["<s>"]}, "m, special: not a list of entries"),
    ({"vocabulary": ["a"], "special": 3}, "m, special: not a list of entries"),
    ({"vocabulary": ["a"], "unknown": "<unk>"}, "m, unknown: not in the vocabulary; '<unk>'"),
    ({"vocabulary": ["a"], "end": ["x"]}, "m, end: not in the vocabulary"),
])
def test_what_is_said_of_special_entries_must_be_there(written, says):
    with pytest.raises(ModelError, match=re.escape(says)):
        Vocabulary.read(written, "m")


@pytest.mark.parametrize(("kind", "written", "says"), [
    ("bytes", {"vocabulary": [256]}, "not bytes; 256; give numbers"),
    ("bytes", {"vocabulary": [True]}, "not bytes; True"),
    ("bytes", {"vocabulary": ["word", 3]}, "not bytes; 'word'; give numbers"),
    ("bytes", {"vocabulary": [1, 1]}, "stands in it twice"),
    ("words", {"vocabulary": ["a"], "split": "word"}, "split: not a rule; 'word'; did you mean"),
    ("words", {"vocabulary": {"a": 1}}, "not a list of words"),
    ("pieces", {"vocabulary": ["a", "\u0120the", "\u0120of"]}, "put its tokenizer.json beside it"),
    ("subwords", {"vocabulary": ["a"]}, "not a tokenizer; ['a']; say"),
    ("subwords", {"vocabulary": "../tokenizer.json"}, "not a tokenizer; '../tokenizer.json'"),
    ("subwords", {"vocabulary": "tokenizer.json"}, "there is no tokenizer"),
])
def test_one_message_for_what_is_no_vocabulary(kind, written, says, tmp_path):
    with pytest.raises(ModelError, match=re.escape(says)) as caught:
        TOKENS.get(kind).read(written, str(tmp_path / "model.json"))
    assert len(caught.value.problems) == 1


def byte_level(library):
    made = library.Tokenizer(library.models.BPE())
    made.pre_tokenizer = library.pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = library.decoders.ByteLevel()
    made.post_processor = library.processors.ByteLevel(trim_offsets=True)
    return made, library.trainers.BpeTrainer(
        vocab_size=330, special_tokens=["<pad>", "<s>"], show_progress=False,
        initial_alphabet=library.pre_tokenizers.ByteLevel.alphabet())


def word_pieces(library):
    made = library.Tokenizer(library.models.WordPiece(unk_token="[UNK]"))
    made.normalizer = library.normalizers.BertNormalizer()
    made.pre_tokenizer = library.pre_tokenizers.BertPreTokenizer()
    return made, library.trainers.WordPieceTrainer(
        vocab_size=100, special_tokens=["[PAD]", "[UNK]"], show_progress=False)


def unigram(library):
    made = library.Tokenizer(library.models.Unigram())
    made.pre_tokenizer = library.pre_tokenizers.Metaspace()
    made.decoder = library.decoders.Metaspace()
    return made, library.trainers.UnigramTrainer(
        vocab_size=60, special_tokens=["<unk>"], unk_token="<unk>", show_progress=False)


@pytest.fixture(scope="module", params=[byte_level, word_pieces, unigram],
                ids=lambda make: make.__name__)
def trained(request):
    library = pytest.importorskip("tokenizers")
    made, trainer = request.param(library)
    chance = random.Random(1)
    words = ["total", "return", "héllo", "def", "value", "\U0001f600", "ab", "x"]
    made.train_from_iterator([" ".join(chance.choices(words, k=12)) + "\n" for _ in range(300)],
                             trainer)
    return made


def subwords(made):
    from builder.tokens.subwords import Subwords

    return Subwords.of(made.to_str(), "tokenizer.json")


@pytest.mark.parametrize("text", [
    "", " ", "total\n", "def héllo(\U0001f600):\n\n  return <pad> [UNK]  ", "日本語 x", "\ud800a",
    "\r\n\ttotal\u2028"])
def test_subwords_are_those_of_the_library(trained, text):
    tokens = subwords(trained)
    check_tokens(tokens, [text])
    trained.encode_special_tokens = True
    ids = trained.encode(text.replace("\ud800", "\ufffd"), add_special_tokens=False).ids
    assert tokens.steps(text).ids.tolist() == ([i + 1 for i in ids] or [tokens._unknown] * bool(
        text))


def test_subwords_end_where_their_text_does(trained):
    tokens, text = subwords(trained), "total héllo  def value"
    steps = tokens.steps(text)
    for index, start, end in zip(steps.ids.tolist(), steps.starts, steps.ends, strict=True):
        name, part = tokens.name(index), text[start:end]
        if part and not tokens.are_unknown(np.array([index]))[0] and "<0x" not in name:
            assert part.strip().replace("é", "e") == name.strip().replace("é", "e")


def test_bytes_of_a_character_end_before_it():
    library = pytest.importorskip("tokenizers")
    made, trainer = byte_level(library)
    made.train_from_iterator(["ab"], trainer)
    tokens = subwords(made)
    steps = tokens.steps("a\U0001f600b")
    assert steps.sizes.tolist() == [1, 0, 0, 0, 1, 1]
    assert tokens.name(int(steps.ids[1])) == "<0xF0>" and tokens.starting_with("<") == [
        tokens.index_of("<", "m")]


def test_a_tokenizer_that_draws_and_cuts_off_is_read_the_same_every_time():
    library = pytest.importorskip("tokenizers")
    made, trainer = byte_level(library)
    made.train_from_iterator(["total value return"] * 50, trainer)
    plain = subwords(made)
    settings = json.loads(made.to_str())
    settings["model"]["dropout"] = 0.9
    settings["truncation"] = {"direction": "Right", "max_length": 2, "strategy": "LongestFirst",
                              "stride": 0}
    from builder.tokens.subwords import Subwords

    other = Subwords.of(json.dumps(settings), "m")
    assert other.steps("total value").ids.tolist() == plain.steps("total value").ids.tolist()


def test_subwords_travel_and_are_read_back(trained, tmp_path):
    from builder.tokens.subwords import Subwords

    tokens = subwords(trained)
    tokens.steps("total")
    assert pickle.loads(pickle.dumps(tokens)) == tokens
    for name, content in tokens.files().items():
        (tmp_path / name).write_bytes(content)
    assert Subwords.read(tokens.written(), str(tmp_path / "model.json")) == tokens
    wider = tokens.with_rows(tokens.size + 4)
    assert wider.size == tokens.size + 5 and not wider.name(wider.size - 1).strip("\ufffd")
    assert Subwords.read(wider.written(), str(tmp_path / "model.json")) == wider


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"model": 3}', '{"model": {"type": "BPE"}}',
                                     "{" * 100_000])
def test_a_file_that_is_no_tokenizer(content, tmp_path):
    pytest.importorskip("tokenizers")
    (tmp_path / "tokenizer.json").write_text(content, "utf-8")
    with pytest.raises(ModelError, match=r"tokenizer.json: not a tokenizer\.json") as caught:
        TOKENS.get("subwords").read({"vocabulary": "tokenizer.json"}, str(tmp_path / "model.json"))
    assert len(caught.value.problems) == 1


def test_without_the_library_tokens_have_names_and_no_text_is_cut(trained, tmp_path, monkeypatch):
    known = subwords(trained)
    monkeypatch.setitem(__import__("sys").modules, "tokenizers", None)
    (tmp_path / "tokenizer.json").write_text(trained.to_str(), "utf-8")
    where = {"vocabulary": "tokenizer.json"}, str(tmp_path / "model.json")
    tokens = TOKENS.get("subwords").read(*where)
    assert tokens.size == known.size and tokens.for_scripts() == known.for_scripts()
    names = [[one.name(i) for i in range(one.size)] for one in (tokens, known)]
    assert names[0] == names[1]
    with pytest.raises(ModelError, match="needs the package tokenizers; pip install"):
        tokens.steps("total")
    (tmp_path / "tokenizer.json").write_text('{"model": {}}', "utf-8")
    with pytest.raises(ModelError, match="not a tokenizer"):
        TOKENS.get("subwords").read(*where)


def test_numbers_of_tokens_are_those_of_the_library(trained):
    tokens, numbers = subwords(trained), trained.get_vocab(with_added_tokens=True)
    assert tokens.size == max(numbers.values()) + 2
    assert all(tokens.entry(number + 1) == token for token, number in numbers.items())
    special = trained.get_added_tokens_decoder().items()
    assert set(tokens.never()) == {token.content for _, token in special if token.special}


@pytest.mark.parametrize("number", [-1, 10**12, "x", None])
def test_a_number_that_no_token_can_have(trained, number):
    content = json.loads(trained.to_str())
    content["added_tokens"].append({"id": number, "content": "<odd>", "special": True})
    with pytest.raises(ModelError, match="not a tokenizer"):
        from builder.tokens.subwords import Subwords

        Subwords.of(json.dumps(content), "tokenizer.json")


def test_where_nothing_is_predicted_no_name_is_looked_at(monkeypatch):
    """It is asked for each claim, and a vocabulary may have many entries."""
    monkeypatch.setattr(Vocabulary, "name", lambda *_: 1 / 0)
    assert Vocabulary(("a", "b")).starting_with("") == []
