"""Texts that are named on the command line."""

import pytest

from builder.core.errors import CorpusError
from builder.core.text import Split
from builder.corpora.documents import FEW_DOCUMENTS
from builder.corpora.given import Reading, read_texts

TEXT = "".join(f"line {i} = {i * i}\n" for i in range(7_000))[:100_000]


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("size", [10_000, 100_000])
def test_no_name_and_no_path_decides_how_one_text_is_cut(here, size):
    found = []
    for name in ("input", "train", "data", "corpus", "1"):
        path = here / f"{name}.py"
        path.write_text(TEXT[:size])
        found += [read_texts([p], "python") for p in (path, path.relative_to(here))]
        (here / name).mkdir()
        path.rename(here / name / path.name)
        found.append(read_texts([here / name], "python"))
    assert all(corpus == found[0] for corpus in found)
    corpus = found[0]
    assert corpus.grouped_by == "piece"
    longest = max(p.stop - p.start for p in corpus.documents[0].pieces)
    for split in (Split.HELD_OUT, Split.DISCOVER):
        assert abs(corpus.characters(split) - 0.4 * size) <= longest
        groups = [piece.group for _, piece in corpus.pieces(split)]
        assert len(set(groups)) == len(groups)


def test_a_text_of_100_000_characters_has_enough_pieces_for_the_controls(here):
    (here / "a.py").write_text(TEXT)
    corpus = read_texts([here / "a.py"], "python")
    assert sum(1 for _ in corpus.pieces(Split.HELD_OUT)) == 20
    assert sum(1 for _ in corpus.pieces(Split.DISCOVER)) == 20


def test_names_of_many_files_do_not_hang_on_how_their_folder_was_typed(here):
    (here / "texts").mkdir()
    for i in range(FEW_DOCUMENTS):
        (here / "texts" / f"t{i}.py").write_text(f"{i}\n")
    whole = read_texts([here / "texts"], "python")
    files = sorted((here / "texts").iterdir())
    assert read_texts([f.relative_to(here) for f in files], "python") == whole
    assert read_texts(files, "python") == whole


@pytest.fixture
def several(here):
    (here / "texts").mkdir()
    for i, suffix in enumerate(("py", "PY", "src", "src", "log", "")):
        (here / "texts" / f"t{i}.{suffix}".rstrip(".")).write_text(f"{i}\n")
    return here / "texts"


def test_what_is_passed_over_is_counted(several):
    corpus = read_texts([several], "python")
    assert [d.name for d in corpus.documents] == ["t0.py", "t1.PY"]
    assert corpus.notes == (
        "passed over in folders: 2 .src, 1 .log, 1 without a suffix; --glob '*.src' takes them",)


def test_other_files_are_taken_by_a_pattern(several):
    corpus = read_texts([several], "python", Reading(glob=("*.src", "*.log")))
    assert [d.name for d in corpus.documents] == ["t2.src", "t3.src", "t4.log"]


def test_where_all_are_passed_over_the_suffixes_are_named(several):
    with pytest.raises(CorpusError) as caught:
        read_texts([several], "c")
    said = str(caught.value)
    assert "no text in c; there are 2 .src, 1 .py, 1 .PY" in said and "--glob '*.src'" in said


def test_an_encoding_that_there_is_not(several):
    with pytest.raises(CorpusError, match="--encoding: not an encoding; 'latin1x'"):
        read_texts([several], "python", Reading(encoding="latin1x"))


def test_the_same_text_in_other_encodings_and_with_other_line_ends(here):
    text = TEXT.replace("line", "l\u00edne")
    for name, content in {
        "a": text.encode(), "b": text.replace("\n", "\r\n").encode("latin-1"),
        "c": text.replace("\n", "\r").encode("utf-16"), "d": text.encode("utf-8-sig"),
    }.items():
        (here / f"{name}.py").write_bytes(content)
    found = [read_texts([here / f"{name}.py"], "python") for name in "abcd"]
    assert {corpus.documents[0].text for corpus in found} == {text}
    assert len({corpus.documents[0].pieces for corpus in found}) == 1
    assert found[1].notes[0] == (
        "b.py read as cp1252, which is not certain; --encoding NAME decides it")


def test_a_file_of_any_size_is_refused_before_it_is_read(here):
    with (here / "a.py").open("wb") as file:
        file.truncate(3 * 2**30)
    with pytest.raises(CorpusError, match=r"a.py: too large; 3,221,225,472 bytes; at most"):
        read_texts([here / "a.py"], "python")


def test_a_notebook_is_no_text(here):
    (here / "a.ipynb").write_text('{"cells": [{"cell_type": "code", "source": ["x = 1"]}]}')
    (here / "b.py").write_text(TEXT)
    with pytest.raises(CorpusError, match="a notebook, whose text is inside JSON"):
        read_texts([here / "a.ipynb"], "python")
    (here / "empty.py").touch()
    with pytest.raises(CorpusError, match=r"empty; leave it out$"):
        read_texts([here / "empty.py"], "python")
