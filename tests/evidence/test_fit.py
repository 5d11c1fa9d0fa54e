"""Does a model fit a text? Said first, and claims are capped where it does not."""

from itertools import pairwise

import numpy as np
import pytest

pytest.importorskip("torch")

import torch

from builder import save_model
from builder.core.cards import Grade
from builder.corpora.given import read_texts
from builder.evidence.fit import fit_line, fit_of
from builder.evidence.inspection import inspect
from builder.evidence.opening import Given, opened

pytestmark = pytest.mark.torch
CHARACTERS = "\n abcdefgh()=_"


def text_of(characters, seed=0):
    """Return lines of words in which each letter is followed by one of two others."""
    chance, letters, text = np.random.default_rng(seed), "abcdefgh", []
    for _ in range(characters // 30):
        at, line = 0, ""
        for _ in range(27):
            at = (at + chance.integers(1, 3)) % 8
            line += letters[at]
        text.append(line + " =\n")
    return "".join(text)


def model_of(folder, text, order=CHARACTERS):
    """Write a network that predicts exactly as a table of pairs of the text does.

    `order` is the vocabulary that its folder claims.
    """
    v = len(CHARACTERS)
    x = np.array([CHARACTERS.index(c) for c in text])
    counts = np.full((v, v), 0.05)
    np.add.at(counts, (x[:-1], x[1:]), 1)
    embedding, rnn, head = torch.nn.Embedding(v, v), torch.nn.RNN(v, v), torch.nn.Linear(v, v)
    with torch.no_grad():
        for part in rnn.parameters():
            part.zero_()
        embedding.weight.copy_(torch.eye(v) * 20)
        rnn.weight_ih_l0.copy_(torch.eye(v))
        head.weight.copy_(torch.tensor(np.log(counts / counts.sum(1, keepdims=True)).T))
        head.bias.zero_()
    save_model(folder, rnn, embedding, head, order)
    return folder


@pytest.fixture(scope="module")
def text(tmp_path_factory):
    path = tmp_path_factory.mktemp("texts") / "text.py"
    path.write_text(text_of(60_000))
    return path


def fit_on(model, text, language="python"):
    return fit_of(opened(model, Given(language, (text,))))


def test_the_bits_of_a_model_that_fits(tmp_path, text):
    fit = fit_on(model_of(tmp_path / "model", text.read_text()), text)
    pairs = np.unique([a + b for a, b in pairwise(text.read_text())], return_counts=True)[1]
    share = np.unique(list(text.read_text()), return_counts=True)[1] / len(text.read_text())
    of_pairs = -(pairs / pairs.sum() * np.log2(pairs / pairs.sum())).sum()
    assert fit.bits == pytest.approx(of_pairs + (share * np.log2(share)).sum(), abs=0.02)
    assert fit.unigram_bits == pytest.approx(-(share * np.log2(share)).sum())
    assert fit.uniform_bits == pytest.approx(np.log2(len(CHARACTERS)))
    assert (fit.unknown_share, fit.unknown, fit.warning) == (0.0, (), None)
    assert fit_line(fit).startswith(f"fit: {fit.bits:.2f} bits per character; ")


def test_a_vocabulary_in_another_order_is_said_and_caps_grades(tmp_path, text):
    model = model_of(tmp_path / "model", text.read_text(), CHARACTERS[::-1])
    told = []
    found = inspect(opened(model, Given("python", (text,))), controls=False, tell=told.append)
    assert told == [found.fit]
    assert found.fit.bits > found.fit.uniform_bits
    assert "vocabulary is in another order" in fit_line(found.fit)
    assert {claim.grade for claim in found.measured.claims} <= {
        Grade.SUGGESTIVE, Grade.NOT_SUPPORTED}


@pytest.mark.parametrize(("every", "warned"), [(200, False), (50, True)])
def test_unknown_characters_are_counted_and_said(tmp_path, text, every, warned):
    known = text.read_text()
    other = "".join("\u0436" if i % every == 0 else c for i, c in enumerate(known))
    path = tmp_path / "text.py"
    path.write_text(other, "utf-8")
    fit = fit_on(model_of(tmp_path / "model", known), path)
    assert fit.unknown_share == pytest.approx(1 / every, rel=0.01)
    assert fit.unknown[0][0] == "\u0436" and "\u0436" in fit_line(fit)
    assert (fit.warning is not None and "unknown to it" in fit.warning) == warned


def test_no_name_of_a_text_decides_what_is_claimed(tmp_path, text):
    model = model_of(tmp_path / "model", text.read_text())
    found = []
    for name in ("train.py", "data.py"):
        (tmp_path / name).write_text(text.read_text())
        found.append(inspect(opened(model, Given("python", (tmp_path / name,))), controls=False))
    assert found[0].measured.claims == found[1].measured.claims
    assert read_texts([text], "python").grouped_by == "piece"
