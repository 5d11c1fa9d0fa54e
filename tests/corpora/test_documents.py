"""Files become documents; the split hangs on names alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.core.digests import digest
from builder.core.errors import CorpusError
from builder.core.text import LeftOut, Split
from builder.corpora.contract import TextFile
from builder.corpora.documents import FEW_DOCUMENTS, FEW_FILES, group_of, make_corpus, split_of
from builder.corpora.settings import CorpusSettings, SplitSettings

PIECE = SplitSettings().piece
HALVES = SplitSettings(discover=0.3, held_out_share=0.3)
NAMES = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12)


def corpus_of(texts, split=HALVES):
    files = [TextFile(name, text.encode()) for name, text in texts.items()]
    return make_corpus(files, CorpusSettings(source="ours", license="MIT"), split)


def splits_of(corpus):
    return {d.name: [(p.split, p.group) for p in d.pieces] for d in corpus.documents}


def numbered(count, length=3):
    return {f"f{i}.txt": f"{i:03}" * (length // 3) for i in range(count)}


GOLDEN = {
    "abc.py": ("train", 15),
    "json/decoder.py": ("held_out", 13),
    "asyncio/events.py": ("train", 8),
    "doc-0000.txt": ("held_out", 8),
    "doc-0001.txt": ("discover", 16),
    "input.txt": ("train", 25),
    "input.txt#0": ("held_out", 27),
    "input.txt#7": ("discover", 5),
    "torch/include/ATen/ATen.h": ("held_out", 57),
    "übung/κόσμος 🂡.txt": ("train", 33),
}


def test_the_hash_of_names_never_changes():
    split = SplitSettings(discover=0.2, held_out_share=0.2)
    assert {name: (split_of(name, split).value, group_of(name)) for name in GOLDEN} == GOLDEN


@given(st.dictionaries(NAMES, st.text(min_size=1, max_size=5), max_size=80), st.randoms())
def test_the_split_does_not_depend_on_order(texts, chance):
    files = [TextFile(name, text.encode()) for name, text in texts.items()]
    mixed = chance.sample(files, len(files))
    assert make_corpus(files, CorpusSettings(), HALVES) == make_corpus(
        mixed, CorpusSettings(), HALVES)


@given(st.sets(NAMES, max_size=80), st.integers(0, 9))
def test_the_split_does_not_depend_on_content(names, salt):
    texts = {name: f"{i}" for i, name in enumerate(sorted(names))}
    other = {name: f"{salt} other text {i}" for i, name in enumerate(sorted(names))}
    assert splits_of(corpus_of(texts)) == splits_of(corpus_of(other))


@given(st.sets(NAMES, min_size=1, max_size=40), st.sets(NAMES, max_size=40))
def test_more_documents_change_no_other_split(names, more):
    texts = {name: f"{i}" for i, name in enumerate(sorted(names | more))}
    few = splits_of(corpus_of({name: texts[name] for name in names}))
    all_ = splits_of(corpus_of(texts))
    assert few == {name: all_[name] for name in names}


@given(st.lists(NAMES, unique=True, max_size=30))
def test_larger_shares_only_take_from_train(names):
    small = SplitSettings(discover=0.1, held_out_share=0.2)
    large = SplitSettings(discover=0.3, held_out_share=0.2)
    for name in names:
        before, after = split_of(name, small), split_of(name, large)
        assert before is after or (before, after) == (Split.TRAIN, Split.DISCOVER)


def test_shares_are_kept_and_groups_are_even():
    names = [f"{i}.py" for i in range(20_000)]
    found = [split_of(name, SplitSettings(discover=0.1, held_out_share=0.2)) for name in names]
    assert found.count(Split.HELD_OUT) == pytest.approx(4_000, abs=250)
    assert found.count(Split.DISCOVER) == pytest.approx(2_000, abs=200)
    groups = [group_of(name) for name in names]
    assert set(groups) == set(range(64))
    assert max(groups.count(g) for g in range(64)) < 400


@given(st.integers(1, 5 * PIECE))
def test_pieces_of_few_files_tile_the_text(length):
    (document,) = corpus_of({"play.txt": "x" * length}).documents
    borders = [document.pieces[0].start, *(piece.stop for piece in document.pieces)]
    assert borders[0] == 0 and borders[-1] == length
    assert all(a.stop == b.start for a, b in zip(document.pieces, document.pieces[1:],
                                                 strict=False))
    assert all(piece.stop > piece.start for piece in document.pieces)
    assert len(document.pieces) == max(1, round(length / PIECE))


def test_pieces_are_split_one_by_one():
    (document,) = corpus_of({"play.txt": "to be or not " * 20_000}).documents
    assert len(document.pieces) == 13
    assert {piece.split for piece in document.pieces} == set(Split)
    assert len({piece.group for piece in document.pieces}) > 5


@pytest.mark.parametrize(("count", "over"), [
    (1, "piece"), (FEW_DOCUMENTS - 1, "piece"), (FEW_DOCUMENTS, "document"),
    (FEW_FILES - 1, "document"), (FEW_FILES, "document"),
])
def test_groups_are_of_documents_where_there_are_enough(count, over):
    corpus = corpus_of(numbered(count, 3 * PIECE))
    groups = {d.name: {p.group for p in d.pieces} for d in corpus.documents}
    assert corpus.grouped_by == over
    if over == "document":
        assert groups == {d.name: {group_of(d.name)} for d in corpus.documents}
    else:
        assert any(len(found) > 1 for found in groups.values())


def test_groups_change_no_split():
    texts = numbered(FEW_DOCUMENTS, 3 * PIECE)
    found = splits_of(corpus_of(texts))
    name, _ = texts.popitem()
    fewer = splits_of(corpus_of(texts))
    assert {n: [split for split, _ in pieces] for n, pieces in found.items() if n != name} == {
        n: [split for split, _ in pieces] for n, pieces in fewer.items()}
    assert [split for split, _ in found["f0.txt"]] == [
        split_of(f"f0.txt#{i}", HALVES) for i in range(3)]


def test_the_recipe_says_how_long_pieces_are():
    (document,) = corpus_of({"play.txt": "to be or not " * 20_000},
                            SplitSettings(piece=5_000)).documents
    assert len(document.pieces) == 52
    assert all(piece.stop - piece.start == 5_000 for piece in document.pieces)


def test_many_files_are_not_cut():
    texts = numbered(FEW_FILES, 3 * PIECE)
    assert all(len(d.pieces) == 1 for d in corpus_of(texts).documents)
    texts.popitem()
    assert all(len(d.pieces) == 3 for d in corpus_of(texts).documents)


def test_pinned_names_are_held_out_with_all_their_pieces():
    texts = numbered(5, 3 * PIECE)
    split = SplitSettings(held_out=("f1.txt", "f3.txt"))
    found = splits_of(corpus_of(texts, split))
    free = splits_of(corpus_of(texts, SplitSettings()))
    for name in ("f1.txt", "f3.txt"):
        assert {own for own, _ in found[name]} == {Split.HELD_OUT}
        assert [group for _, group in found[name]] == [group for _, group in free[name]]
    assert {n: s for n, s in found.items() if n not in split.held_out} == {
        n: s for n, s in free.items() if n not in split.held_out}


def test_pinned_names_that_are_not_there_are_all_reported():
    files = [TextFile("lib/one.py", b"1"), TextFile("lib/twin.py", b"1")]
    split = SplitSettings(held_out=("lib/on.py", "lib/one.py", "zzz", "lib/twin.py"))
    with pytest.raises(CorpusError) as caught:
        make_corpus(files, CorpusSettings(), split)
    near, far, twin = map(str, caught.value.problems)
    assert near == ("split.held_out: no document has this name; 'lib/on.py'; "
                    "did you mean 'lib/one.py'?")
    assert "'zzz'" in far and "did you mean" not in far
    assert "left out: the same bytes as lib/one.py" in twin


def test_what_is_not_text_is_left_out_with_its_reason():
    files = [
        TextFile("b.txt", b"same"), TextFile("a.txt", b"same"), TextFile("empty", b""),
        TextFile("latin", "caf\u00e9".encode("latin-1")), LeftOut("big", "too much of it"),
        TextFile("half", b"\xed\xa0\x80"),
    ]
    corpus = make_corpus(files, CorpusSettings(), SplitSettings())
    assert [d.name for d in corpus.documents] == ["a.txt"]
    assert {file.name: file.reason for file in corpus.left_out} == {
        "b.txt": "the same bytes as a.txt", "empty": "empty", "latin": "not UTF-8 at byte 3",
        "big": "too much of it", "half": "not UTF-8 at byte 0",
    }


@pytest.mark.parametrize("text", ["\0\x02", "x\ufeffx", "x", "\u2028", "e\u0301🂡"])
def test_text_is_kept_as_it_is(text):
    (document,) = corpus_of({"t": text}).documents
    assert document.text == text
    assert [(piece.start, piece.stop) for piece in document.pieces] == [(0, len(text))]


def test_the_corpus_digest_is_of_names_and_texts_not_of_the_split():
    texts = numbered(3)
    one = corpus_of(texts)
    assert one.digest == corpus_of(texts, SplitSettings(held_out=("f0.txt",))).digest
    assert one.digest != corpus_of(texts | {"f0.txt": "changed"}).digest
    assert one.digest != corpus_of({f"x{n}": text for n, text in texts.items()}).digest
    assert (one.source, one.license) == ("ours", "MIT")


def test_line_ends_and_marks_are_changed_on_reading_and_counted():
    files = [TextFile("a", b"a\r\nb\rc\n"), TextFile("b", b"x\r"), TextFile("c", b"\xef\xbb\xbfd"),
             TextFile("d", "\u00e9".encode("utf-16")), TextFile("e", b"e\n"),
             TextFile("f", b"\xef\xbb\xbf")]
    corpus = make_corpus(files, CorpusSettings(), SplitSettings())
    assert {d.name: d.text for d in corpus.documents} == {
        "a": "a\nb\nc\n", "b": "x\n", "c": "d", "d": "\u00e9", "e": "e\n"}
    assert corpus.left_out == (LeftOut("f", "empty"),)
    assert corpus.notes == (
        "d read as utf-16-le, by the mark at the start",
        "c read as utf-8, by the mark at the start",
        "3 line ends of 2 files were CRLF or CR, and are read as LF")


def test_a_document_keeps_the_digest_of_its_file():
    for content in (b"a\r\n", b"a\n"):
        (document,) = make_corpus([TextFile("a", content)], CorpusSettings(),
                                  SplitSettings()).documents
        assert document.digest == digest(content)
