"""Tokens from a package outside of this one: a text in words, a model folder, and its pages."""

import html
import json
import re

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builder.core.errors import ModelError, UserError
from builder.core.text import BURN_IN, Split
from builder.core.units import UnitId
from builder.corpora.kinds.synthetic import SyntheticCorpus, write_document
from builder.exhibits import card_of
from builder.exhibits.asked import code_of, made_of
from builder.features import features_for, label
from builder.pipeline import feature_specs, recipes
from builder.rendering import render_site
from builder.tokens.contract import TOKENS, Tokens, at_steps, check_tokens, of_steps
from builder.work import local
from builder.workspace.gallery import Workspace
from builder.workspace.results import key_of
from builder.workspace.texts import text_of
from tests.extension.installing import forget_after, install
from tests.tolerances import printed, recurrence

torch = pytest.importorskip("torch")

from builder.cards.weighed import with_weights, without_weights  # noqa: E402
from builder.models.folder import load_model, write_model  # noqa: E402
from builder.models.network import CharNetwork, initialise  # noqa: E402
from builder.models.spec import ModelSpec  # noqa: E402

pytestmark = pytest.mark.torch
TEXT = 'total = f("one two", b)\n'
KNOWN = ("total", "f", "one", "two", "b", " ", "=", "(", ")", '"', "\n")
fixtures_stay = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def words(tmp_path, monkeypatch):
    """The class, as an installed package brings it."""
    list(TOKENS.all())  # ours are to be remembered
    forget_after(TOKENS, monkeypatch)
    install("tokens", tmp_path, monkeypatch)
    return TOKENS.get("chunks")


@fixtures_stay
@given(text=st.text(max_size=80), known=st.sets(st.sampled_from(KNOWN)))
def test_words_keep_the_promises_of_tokens(words, text, known):
    check_tokens(words(tuple(sorted(known))), [text, TEXT])


@fixtures_stay
@given(st.lists(st.sampled_from(KNOWN), max_size=40))
def test_what_is_known_comes_back(words, parts):
    tokens, text = words(KNOWN), " ".join(parts)
    steps = tokens.steps(text)
    assert "".join(map(tokens.name, steps.ids)) == text
    assert tokens.unknown(steps.ids) == 0


def test_an_unknown_word_is_one_unknown_step(words):
    tokens = words(KNOWN)
    steps = tokens.steps("total = nothing")
    assert tokens.unknown(steps.ids) == 1 and steps.sizes.tolist()[-1] == len("nothing")


def test_a_feature_of_a_word_is_its_value_after_the_last_character(words):
    steps = words(KNOWN).steps(TEXT)
    features = features_for("python", ["in_string", "word_position"])
    labels = label(TEXT, "python", features).values
    parts = [TEXT[a:b] for a, b in zip(steps.starts, steps.ends, strict=True)]
    assert parts == ["total", " ", "=", " ", "f", "(", '"', "one", " ", "two", '"', ",", " ", "b",
                     ")", "\n"]
    in_string, position = at_steps(labels, steps)[:, [
        [f.spec.id for f in features].index(id_) for id_ in ("in_string", "word_position")]].T
    assert in_string.tolist() == [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0]
    assert position.tolist() == [5, 0, 0, 0, 1, 0, 0, 3, 0, 3, 0, 0, 0, 1, 0, 0]


def network_of(tokens: Tokens) -> CharNetwork:
    network = CharNetwork(ModelSpec("gru", 4, 6, 1, tokens))
    initialise(network, 1)
    return network.eval()


def test_a_model_folder_keeps_them(words, tmp_path):
    folder, network = tmp_path / "model", network_of(words(KNOWN))
    write_model(folder, network, {})
    written = json.loads((folder / "model.json").read_text("utf-8"))
    assert written["tokens"] == "chunks" and tuple(written["vocabulary"]) == KNOWN
    stored = load_model(folder).network
    assert stored.spec == network.spec and stored.embedding.weight.shape == (len(KNOWN) + 1, 4)


def test_a_text_is_coloured_by_a_network_that_reads_words(words, tmp_path):
    write_model(tmp_path / "model", network_of(words(KNOWN)), {})
    network = load_model(tmp_path / "model").network
    steps = network.spec.vocabulary.steps(TEXT)
    with torch.inference_mode():
        hidden, _ = network.rnn(network.embedding(torch.from_numpy(steps.ids)[:, None]))
    values = of_steps(hidden[:, 0].numpy(), steps)
    assert values.shape == (len(TEXT), 6)
    assert (values[:5] == values[0]).all() and not np.array_equal(values[4], values[5])
    assert (at_steps(values, steps) == hidden[:, 0].numpy()).all()


def test_characters_are_written_as_they_were(tmp_path):
    from builder.tokens.characters import Vocabulary

    write_model(tmp_path, network_of(Vocabulary(("a", "b"))), {"seed": 1})
    written = json.loads((tmp_path / "model.json").read_text("utf-8"))
    assert list(written) == ["format", "architecture", "embedding_size", "hidden_size",
                             "num_layers", "vocabulary", "training"]


def damaged(folder, theirs, **changes):
    write_model(folder, network_of(theirs), {})
    path = folder / "model.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | changes), "utf-8")
    return folder


@pytest.mark.parametrize(("changes", "says"), [
    ({"tokens": "wrods"}, "model.json, tokens: not a kind of tokens; 'wrods'; did you mean "),
    ({"tokens": 3}, "model.json, tokens: not a kind of tokens; 3; one of bytes, characters, "),
    ({"vocabulary": ["two words", 3]}, "model.json, vocabulary: not chunks; ['two words', 3]; "),
    ({"tokens": "characters"},
     "model.json, vocabulary: not single characters; 'total', 'one', 'two'; name them"),
])
def test_a_mistake_of_model_json(words, tmp_path, changes, says):
    folder = damaged(tmp_path / "model", words(KNOWN), **changes)
    with pytest.raises(ModelError) as caught:
        load_model(folder)
    assert says in str(caught.value)


def test_a_package_that_cannot_be_imported_is_named(words, tmp_path, monkeypatch):
    folder = damaged(tmp_path / "model", words(KNOWN))
    monkeypatch.setattr(TOKENS, "_things", {})
    monkeypatch.delitem(__import__("sys").modules, "gallery_chunks")
    (tmp_path / "gallery_chunks.py").write_text("import no_such_module\n", "utf-8")
    with pytest.raises(UserError, match="gallery-chunks: the kind of tokens cannot be loaded"):
        load_model(folder)


RECIPE = """
title = "A network that reads words"
language = "python"
[corpus]
kind = "directory"
path = "texts"
source = "a grammar"
license = "none"
[split]
discover = 0.3
held_out_share = 0.3
[selection]
features = ["bracket_depth", "in_string", "opens", "next_is_newline"]
cells = 3
minimum_r = 0.05
"""
DOCUMENTS, HIDDEN, PLANTED = 80, 7, UnitId("c", 0, 0)
CLOSE = recurrence(1_500, 2 * HIDDEN + 2)
OPENING, CLOSING = "([{", ")]}"


def parts_of(text):
    return re.findall(r"\w+|\W", text)


def without_brackets(string):
    return re.sub(r" ?[()\[\]{}] ?", "", string[0]).replace('""', '"bed"')


def planted(tokens):
    """Return a network whose first cell adds .15 at an opening bracket, and takes it away again."""
    network = CharNetwork(ModelSpec("lstm", 6, HIDDEN, 1, tokens))
    initialise(network, 3)
    with torch.no_grad():
        network.embedding.weight[:, 0] = torch.tensor(
            [float(name in [*OPENING]) - float(name in [*CLOSING])
             for name in map(tokens.name, range(tokens.size))])
        rnn = network.rnn
        for gate, bias in enumerate((20.0, 20.0, 0.0, 20.0)):
            rnn.weight_ih_l0[gate * HIDDEN] = 0.0
            rnn.weight_hh_l0[gate * HIDDEN] = 0.0
            rnn.bias_ih_l0[gate * HIDDEN], rnn.bias_hh_l0[gate * HIDDEN] = bias, 0.0
        rnn.weight_ih_l0[2 * HIDDEN, 0] = 0.15
    return network.eval()


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    """An exhibit of texts with brackets, whose model folder says that it reads words."""
    root, made = tmp_path_factory.mktemp("project"), SyntheticCorpus(
        kind="synthetic", documents=DOCUMENTS, characters=1500, seed=5)
    texts = [re.sub(r'"[^"\n]*"', without_brackets, write_document(made, i))
             for i in range(DOCUMENTS)]
    seen = [part for text in texts for part in parts_of(text)]
    folder = root / "gallery" / "own"
    (folder / "texts").mkdir(parents=True)
    for number, text in enumerate(texts):
        (folder / "texts" / f"{number:02}.py").write_text(text, "utf-8")
    (folder / "exhibit.toml").write_text(RECIPE, "utf-8")
    with pytest.MonkeyPatch.context() as until_built:
        list(TOKENS.all())
        forget_after(TOKENS, until_built)
        install("tokens", tmp_path_factory.mktemp("package"), until_built)
        known = sorted(word for word in set(seen) if seen.count(word) >= 5)
        write_model(folder, planted(TOKENS.get("chunks")(tuple(known))), {})
        yield Workspace(root)


@pytest.fixture(scope="module")
def card(workspace):
    """Measure it in two processes, with all controls, and cut its pictures."""
    with local(2) as workers:
        return card_of(workspace, *recipes(workspace), None, workers, required=True)


@pytest.fixture(scope="module")
def network(workspace):
    return load_model(workspace.gallery / "own").network


class Slow:
    """A document read by its words, one after the other in float64, and labelled by hand."""

    def __init__(self, network, text):
        words = {network.spec.vocabulary.name(i): i for i in range(1, network.spec.vocabulary.size)}
        w = {name: p.detach().double().numpy() for name, p in network.named_parameters()}
        h = c = np.zeros(HIDDEN)
        self.ends, self.cells, self.guesses, self.depth, end = [], [], [], [], 0
        for part in parts_of(text):
            x = w["embedding.weight"][words.get(part, 0)]
            i, f, g, o = np.split(w["rnn.weight_ih_l0"] @ x + w["rnn.bias_ih_l0"]
                                  + w["rnn.weight_hh_l0"] @ h + w["rnn.bias_hh_l0"], 4)
            c = c / (1 + np.exp(-f)) + np.tanh(g) / (1 + np.exp(-i))
            h = np.tanh(c) / (1 + np.exp(-o))
            scores = np.exp(w["decoder.weight"] @ h + w["decoder.bias"])
            end += len(part)
            self.ends.append(end)
            self.cells.append(np.tanh(c))
            self.guesses.append(scores / scores.sum())
            self.depth.append(open_brackets(text[:end]))


def open_brackets(text):
    depth, string = 0, False
    for character in text:
        if character == '"':
            string = not string
        elif not string:
            depth += (character in OPENING) - (character in CLOSING)
    return depth


@pytest.fixture(scope="module")
def slow(workspace, network):
    (exhibit,) = recipes(workspace)
    corpus = text_of(exhibit, workspace)
    return corpus, {d.name: Slow(network, d.text) for d in corpus.documents}


@pytest.mark.parametrize("split", [Split.DISCOVER, Split.HELD_OUT])
def test_a_feature_is_read_where_words_end(card, slow, split):
    corpus, read = slow
    values, labels = [], []
    for document, piece in corpus.pieces(split):
        one = read[document.name]
        for end, cell, depth in zip(one.ends, one.cells, one.depth, strict=True):
            if piece.start + BURN_IN < end <= piece.stop:
                values.append(cell[0])
                labels.append(depth)
    claim = next(c for c in card.claims if c.unit == PLANTED and c.feature == "bracket_depth")
    r = claim.r if split is Split.DISCOVER else claim.held_out.r.value
    assert r == pytest.approx(np.corrcoef(values, labels)[0, 1], abs=1e-5) and r > 0.9
    assert card.characters[split.value] == len(values)


def test_the_planted_unit_is_a_cause(card):
    best = card.cells[0].claim
    assert best.cell == PLANTED.cell and best.feature == "bracket_depth"
    assert best.effect is not None and best.untrained_floor < best.held_out.r_within.low
    # the unit is planted in a network that predicts nothing, so no claim is above suggestive
    assert best.grade == "suggestive" and "worse than one that knows" in card.fit.warning
    future = [c for c in card.claims if c.feature == "next_is_newline"]
    assert [c for c in future if c.ceiling is not None]


def test_excerpts_have_the_value_of_each_word_at_all_its_characters(card, slow):
    for cell in card.cells:
        unit = cell.claim.unit
        for excerpt in cell.excerpts if unit.signal == "c" else ():
            one, start = slow[1][excerpt.document], 0
            values, labels = [], []
            for end, states, depth in zip(one.ends, one.cells, one.depth, strict=True):
                values += [states[unit.index]] * (end - start)
                labels += [depth] * (end - start)
                start = end
            there = slice(excerpt.start, excerpt.start + len(excerpt.text))
            assert excerpt.values == pytest.approx(values[there], abs=printed(3) + CLOSE)
            if cell.claim.feature == "bracket_depth":
                assert list(excerpt.labels) == labels[there]
    assert [cell for cell in card.cells if cell.claim.unit.signal == "c"]


def test_guesses_stand_where_words_end(card, slow, network):
    name, first = network.spec.vocabulary.name, card.cells[0].excerpts[0]
    one = slow[1][first.document]
    ends = {end - 1 - first.start: s for s, end in enumerate(one.ends)}
    assert {at for at, guesses in enumerate(first.inside.guesses) if guesses} == {
        at for at in ends if 0 <= at < len(first.text)}
    for at, guesses in enumerate(first.inside.guesses):
        if guesses:
            likely = one.guesses[ends[at]]
            best = sorted(range(1, len(likely)), key=lambda i: -likely[i])[:5]
            assert [p for _, p in guesses] == pytest.approx(likely[best], abs=printed(3) + CLOSE)
            if np.diff(-likely[best]).min() > 1e-4:
                assert [guess for guess, _ in guesses] == [name(i) for i in best]


def test_words_are_what_it_is_said_to_read_and_write(card, network):
    known = set(map(network.spec.vocabulary.name, network.spec.vocabulary.known().tolist()))
    assert card.vocabulary_size == len(known) and card.in_browser is None
    first = card.cells[0]
    assert {word for word, _ in first.weights} == known
    changes = dict((word, mean) for word, mean, _ in first.deltas)
    assert [w for w in changes if len(w) > 1] and set(changes) <= known
    assert changes["("] > 0.1 and changes[")"] < -0.1 and abs(changes["bed"]) < 0.01
    assert first.same and all(len(parts_of(s.pair)) == 2 for s in first.same)
    assert 600 <= len(card.sample) < 700 and set(parts_of(card.sample)) & known


def test_the_explorer_has_whole_words_also_of_results_that_travel(card, workspace, slow):
    stored = load_model(workspace.gallery / "own")
    assert with_weights(without_weights(card), stored) == card
    for excerpt in card.explored:
        (text,) = [d.text for d in slow[0].documents if d.name == excerpt.document]
        start, at = text.index(excerpt.text), 0
        values = np.frombuffer(excerpt.activations, np.int8).reshape(len(excerpt.text), -1)
        for end, cell in zip(*(getattr(slow[1][excerpt.document], n) for n in ("ends", "cells")),
                             strict=True):
            there = values[max(0, at - start) : max(0, end - start), HIDDEN:]
            assert (np.abs(there - 127 * cell) <= 0.5 + 127 * CLOSE).all()
            at = end
    assert card.explored


@pytest.fixture(scope="module")
def site(card, workspace):
    return render_site([card], feature_specs(recipes(workspace)))


def test_whole_words_are_coloured_on_the_page(card, site):
    page = {p.path: p.content for p in site.fragments}["cells/own/l0-0.html"]
    excerpt = card.cells[0].excerpts[0]
    levels, text = [], ""
    coloured = re.search(r'<pre class="x[^>]*>(.*?)</pre>', page, re.DOTALL)[1]
    level = ""
    for tag, plain in re.findall(r"<([^>]*)>|([^<]+)", coloured):
        level = "" if tag == "/b" else tag.removeprefix("b class=") if tag[:2] == "b " else level
        text += html.unescape(plain)
        levels += [level] * len(html.unescape(plain))
    assert text == excerpt.text
    end = 0
    for part in parts_of(text):
        start, end = end, end + len(part)
        assert len(set(levels[start:end])) == 1
    assert len(set(levels)) > 2


def test_pages_say_what_the_network_reads(card, site):
    pages = {p.path: p.content for p in site.fragments}
    size = f"<dt>vocabulary</dt><dd>{card.vocabulary_size} chunks</dd>"
    assert size in pages["exhibits/own.html"]
    for path in ("cells/own/l0-0.html", "exhibits/own.html"):
        assert "The network reads chunks: " in pages[path]
        assert f"{card.characters['held_out']:,} chunks" in pages[path].replace("\u202f", ",")
    record = next(p.content for p in site.downloads if p.path == "exhibits/own.json")
    assert json.loads(record)["tokens"] == "chunks"


def test_there_is_no_box_to_type_in(site):
    pages = {p.path: p.content for p in site.fragments}
    for path in ("cells/own/l0-0.html", "exhibits/own.html"):
        assert 'id="type"' not in pages[path] and "#type" not in pages[path]
        assert "textarea" not in pages[path]
    assert [p.path for p in site.downloads if "galleryModels" in str(p.content)] == []


def test_the_code_of_tokens_decides_the_numbers(workspace, tmp_path, monkeypatch):
    (exhibit,) = recipes(workspace)
    corpus, keys = text_of(exhibit, workspace), []
    for number, more in enumerate(("", "", "# another way\n")):
        with monkeypatch.context() as installed:
            forget_after(TOKENS, installed)
            installed.delitem(TOKENS._things, "chunks", raising=False)
            folder = tmp_path / str(number)
            install("tokens", folder, installed)
            path = folder / "gallery_chunks.py"
            path.write_text(path.read_text("utf-8") + more, "utf-8")
            keys.append((key_of(exhibit, corpus, None, code_of(exhibit)),
                         made_of(exhibit, None, "", "")))
    assert keys[0] == keys[1]
    assert keys[2][0] != keys[1][0] and keys[2][1] != keys[1][1]
