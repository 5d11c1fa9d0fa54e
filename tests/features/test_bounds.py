"""Labels take time that grows as the text does, whatever the text is."""

from __future__ import annotations

import pytest

from builder.core.errors import UserError
from builder.features import features_for
from builder.features import tokens as lexing
from builder.features.registry import label
from tests.features.hostile import TEXTS, within_patience

LANGUAGES = ("python", "c", "prose")


def labels(kind, language, size):
    features = features_for(language)
    text = TEXTS[kind](size)
    with within_patience():
        return label(text, language, features).values.shape == (len(text), len(features))


@pytest.mark.parametrize("kind", TEXTS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_has_labels(kind, language):
    assert labels(kind, language, 2_000)


@pytest.mark.parametrize(("kind", "language"), [
    ("brackets that none closes", "python"), ("docstrings in a line", "python"),
    ("directives", "c"), ("quotation marks", "prose")])
def test_what_once_took_the_square_of_its_size(kind, language):
    assert labels(kind, language, 300_000)


@pytest.mark.soak
@pytest.mark.parametrize("kind", TEXTS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_million_characters(kind, language):
    assert labels(kind, language, 1_000_000)


def test_a_lexer_that_hardly_comes_forward_is_one_line(monkeypatch):
    monkeypatch.setattr(lexing, "PATIENCE", -1.0)
    monkeypatch.setattr(lexing, "SLOWEST", 1e12)
    with pytest.raises(UserError, match="language go: its lexer takes too long; 0 of 9 characters"):
        lexing.tokenise("a := f(b)", "go")
