"""Passages that a recipe names."""

import pytest

from builder.core.errors import RecipeError
from builder.core.text import Split
from builder.corpora.contract import TextFile
from builder.corpora.documents import make_corpus
from builder.corpora.passages import PassageSettings, find_passages
from builder.corpora.settings import CorpusSettings, SplitSettings

TEXT = "int a;\n\nstatic int\tadd(int b)\n{\n\treturn a + b;\n}\nint last"


@pytest.fixture
def corpus():
    files = [TextFile("kept.c", TEXT.encode()), TextFile("read.c", b"int z;\n" * 9)]
    split = SplitSettings(held_out=("kept.c",), discover=1e-9, held_out_share=1e-9)
    return make_corpus(files, CorpusSettings(), split)


def wanted(starts="add(", document="kept.c", lines=4):
    return PassageSettings(title="add", document=document, starts=starts, lines=lines)


def test_a_passage_is_whole_lines_from_the_first_words_on(corpus):
    (found,) = find_passages(corpus, [wanted()], "x")
    assert TEXT[found.start : found.stop] == "static int\tadd(int b)\n{\n\treturn a + b;\n}\n"
    assert found.piece.split is Split.HELD_OUT and found.document.name == "kept.c"


def test_it_ends_with_the_text_at_the_latest(corpus):
    (found,) = find_passages(corpus, [wanted("last", lines=9)], "x")
    assert TEXT[found.start : found.stop] == "int last"


def test_every_mistake_is_reported_at_once(corpus):
    with pytest.raises(RecipeError) as caught:
        find_passages(corpus, [wanted(document="kep.c"), wanted("sub("), wanted(),
                               wanted("int z", "read.c")], "gallery/x")
    missing, unsaid, trained_on = map(str, caught.value.problems)
    assert missing.startswith("gallery/x: passage 'add': there is no such document; 'kep.c'")
    assert "did you mean 'kept.c'?" in missing
    assert "kept.c does not say this; 'sub('" in unsaid
    assert "not part of the unseen text; read.c; name the document in held_out" in trained_on
