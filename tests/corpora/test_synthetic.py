"""The synthetic grammar, checked with a reader of its own."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from builder.core.digests import digest
from builder.corpora.kinds.synthetic import SyntheticCorpus, spell, write_document
from tests.corpora.reading import read_files

PAIRS = {")": "(", "]": "[", "}": "{"}


def settings(**words):
    return SyntheticCorpus(kind="synthetic", **words)


def depths_of(text):
    """Return the number of brackets open after each character, strings apart; check the pairs."""
    open_, depths, quoted = [], [], False
    for character in text:
        quoted ^= character == '"'
        if not quoted and character in "([{":
            open_.append(character)
        elif not quoted and character in PAIRS:
            assert open_.pop() == PAIRS[character]
        depths.append(len(open_))
    assert not open_ and not quoted
    return depths


def test_names_and_number_of_documents(place):
    files = read_files(settings(documents=12, characters=50), place)
    assert [file.name for file in files] == [f"doc-{i:04}.txt" for i in range(12)]
    assert len({file.content for file in files}) == 12


def test_a_text_that_nobody_has_room_for_is_refused():
    assert settings(documents=100, characters=1_000_000).documents == 100
    with pytest.raises(ValueError, match="100,001,000 characters in all documents; at most 100,"):
        settings(documents=1_000, characters=100_001)


@pytest.mark.parametrize("depth", [1, 3, 8, 64])
def test_brackets_match_and_keep_to_the_depth(depth):
    texts = [write_document(settings(maximum_depth=depth, characters=20_000), i)
             for i in range(3)]
    found = Counter(d for text in texts for d in depths_of(text))
    assert max(found) == depth if depth <= 8 else 8 < max(found) <= 64
    if depth == 8:
        assert min(found[d] for d in range(9)) > 0.02 * found.total()


def test_brackets_that_close_more_often_are_open_for_less_long():
    shares = []
    for closing in (2, 4, 12):
        depths = depths_of(write_document(settings(closing=closing, characters=20_000), 3))
        shares.append(sum(d > 0 for d in depths) / len(depths))
    assert shares[0] > shares[1] > shares[2] > 0.1


def test_every_token_is_of_the_grammar():
    text = write_document(settings(characters=50_000), 5)
    bare = re.sub(r'"[^"\n]*"', '""', text)
    tokens = re.findall(r'""|[()\[\]{}]|a+b+|[c-z]+|\S+', bare)
    counts = Counter(token[0] for token in tokens)
    assert set(counts) <= set('"()[]{}a' + "cdfghjklmn")
    runs = [token for token in tokens if token[0] == "a"]
    assert {token.count("a") for token in runs} == set(range(1, 13))
    assert all(token == "a" * (len(token) // 2) + "b" * (len(token) // 2) for token in runs)
    assert all(re.fullmatch("([cdfghjklmn][eiou])+", t) for t in tokens if t[0] in "cdfghjklmn")


def test_strings_hold_brackets_that_do_not_count():
    text = write_document(settings(characters=50_000), 5)
    strings = re.findall(r'"([^"]*)"', text)
    assert len(strings) > 500
    assert set("()[]{}") <= set("".join(strings))
    assert not any("\n" in string for string in strings)


def test_lines_end_in_newlines_and_have_no_blank_edges():
    text = write_document(settings(characters=20_000), 0)
    assert text.endswith("\n") and "\n\n" not in text and " \n" not in text and "\n " not in text
    assert len(text) / text.count("\n") < 120


@pytest.mark.parametrize("characters", [1, 100, 5_000])
def test_documents_are_about_as_long_as_asked(characters):
    for number in range(20):
        assert characters <= len(write_document(settings(characters=characters), number)) < (
            characters + 100)


def test_documents_differ_even_where_they_are_short():
    texts = [write_document(settings(characters=1), number) for number in range(5_000)]
    assert len(set(texts)) == 5_000


def test_a_document_hangs_on_seed_and_number_alone(place):
    few = read_files(settings(documents=2, characters=300), place)
    many = read_files(settings(documents=9, characters=300), place)
    assert many[:2] == few
    assert read_files(settings(documents=2, characters=300, seed=1), place)[0] != few[0]


def test_numbers_are_spelled_apart():
    assert (spell(0), spell(39), spell(40), spell(1601)) == ("ce", "nu", "cice", "ciceci")
    assert len({spell(number) for number in range(100_000)}) == 100_000


def test_the_bytes_are_the_same_everywhere():
    text = write_document(settings(characters=60, seed=7), 3)
    assert text == (
        'cu\ncujo "( cile cuho come {" jo "" ciko\nmo aaaaaaaabbbbbbbb ()\n')
    assert digest(write_document(settings(), 0)) == (
        "be9f71f47bbf1dc06cd74ea5a45bd159134aa992fcfea2d450256e8940d06f9e")
