"""Does a model fit a text? Said first, and claims are capped where it does not."""

import json
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
from builder.models.folder import load_model
from builder.models.losses import character_losses
from builder.models.said import Said

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


def counting_lines(folder):
    """Write a network whose only unit counts the characters of a line and never forgets."""
    v = len(CHARACTERS)
    embedding, rnn, head = torch.nn.Embedding(v, 1), torch.nn.RNN(1, 1), torch.nn.Linear(1, v)
    with torch.no_grad():
        embedding.weight.fill_(0.02)
        for part in rnn.parameters():
            part.zero_()
        rnn.weight_ih_l0.fill_(1.0)
        rnn.weight_hh_l0.fill_(1.0)
        head.weight.copy_(torch.linspace(-1, 1, v)[:, None])
    save_model(folder, rnn, embedding, head, CHARACTERS)
    return folder


def test_a_reset_is_read_and_measured_and_said(tmp_path, text):
    model = counting_lines(tmp_path / "model")
    whole = opened(model, Given("python", (text,)))
    by_line = opened(model, Given("python", (text,), said=Said.of("line", "")))
    assert by_line.corpus.notes[0] == ("reset is 'line', as --reset says; the model folder says "
                                       "'document'")
    best = {}
    for name, subject in (("whole", whole), ("by line", by_line)):
        found = inspect(subject, controls=False).measured
        best[name] = max((abs(c.held_out.r.value) for c in found.claims
                          if c.feature == "line_position" and c.held_out.r.value is not None),
                         default=0)
    assert best["by line"] > 0.8 and best["whole"] < 0.3


def test_the_bits_of_a_model_that_is_read_line_by_line(tmp_path, text):
    model = counting_lines(tmp_path / "model")
    fit = fit_of(opened(model, Given("python", (text,), said=Said.of("line", ""))))
    network, lines = load_model(model).network, text.read_text().splitlines(keepends=True)[:400]
    losses = character_losses(network, [network.spec.vocabulary.encode(line) for line in lines])
    alone = np.concatenate([loss[:-1] for loss in losses]).mean() / np.log(2)
    assert fit.bits == pytest.approx(alone, abs=0.02)


def test_windows_are_scored_after_their_burn_in(tmp_path, text):
    subject = opened(counting_lines(tmp_path / "model"),
                     Given("python", (text,), said=Said.of("40", "")))
    whole = opened(tmp_path / "model", Given("python", (text,)))
    scored = [sum(inspect(s, controls=False).measured.characters.values())
              for s in (subject, whole)]
    assert scored[0] / scored[1] == pytest.approx(3 / 4, abs=0.01)


def test_special_rows_leave_a_fit_as_it_was(tmp_path, text):
    known, special = text.read_text(), ["<pad>", "<unk>", "<s>"]
    plain = fit_on(model_of(tmp_path / "plain", known), text)
    stored = load_model(tmp_path / "plain").network
    wide = torch.nn.Embedding(len(CHARACTERS) + 3, len(CHARACTERS))
    rnn, head = torch.nn.RNN(len(CHARACTERS), len(CHARACTERS)), torch.nn.Linear(
        len(CHARACTERS), len(CHARACTERS) + 3)
    with torch.no_grad():
        rnn.load_state_dict(stored.rnn.state_dict())
        wide.weight[3:] = stored.embedding.weight[1:]
        head.weight[3:], head.bias[3:] = stored.decoder.weight[1:], stored.decoder.bias[1:]
        head.weight[:3], head.bias[:3] = 0.0, -30.0
    save_model(tmp_path / "special", rnn, wide, head, [*special, *CHARACTERS])
    subject = opened(tmp_path / "special", Given("python", (text,)))
    fit = fit_of(subject)
    assert fit.bits == pytest.approx(plain.bits, abs=1e-3) and fit.unknown_share == 0
    assert fit.uniform_bits == plain.uniform_bits
    assert subject.corpus.notes[0] == ("special entries, which never match a text: <pad>, <s>")
    assert "say --begin '<s>'" in subject.corpus.notes[1]


def test_a_folder_whose_entries_are_words_is_cut_into_the_longest(tmp_path, text):
    rows = ["ab", "bc", "abc", *CHARACTERS]
    torch.manual_seed(0)
    save_model(tmp_path / "m", torch.nn.GRU(3, 4), torch.nn.Embedding(len(rows), 3),
               torch.nn.Linear(4, len(rows)), rows, tokens="pieces")
    path = tmp_path / "m" / "model.json"
    written = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps({k: v for k, v in written.items() if k != "tokens"}), "utf-8")
    assert load_model(tmp_path / "m").network.spec.vocabulary.kind == "pieces"
    fit = fit_on(tmp_path / "m", text)
    assert fit.unknown_share == 0 and fit.bits is not None
