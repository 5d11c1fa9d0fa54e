"""Tokens from a package outside of this one: a text in words, its labels, a model folder."""

import json

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builder.core.errors import ModelError, UserError
from builder.features import features_for, label
from builder.tokens.contract import TOKENS, Tokens, at_steps, check_tokens, of_steps
from tests.extension.installing import forget_after, install

torch = pytest.importorskip("torch")

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
    return TOKENS.get("words")


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
    assert written["tokens"] == "words" and tuple(written["vocabulary"]) == KNOWN
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
    ({"tokens": 3}, "model.json, tokens: not a kind of tokens; 3; one of characters, words"),
    ({"vocabulary": ["two words", 3]}, "model.json, vocabulary: not words; ['two words', 3]; "),
    ({"tokens": "characters"}, "model.json, vocabulary.0: String should have at most 1 character"),
])
def test_a_mistake_of_model_json(words, tmp_path, changes, says):
    folder = damaged(tmp_path / "model", words(KNOWN), **changes)
    with pytest.raises(ModelError) as caught:
        load_model(folder)
    assert says in str(caught.value)


def test_a_package_that_cannot_be_imported_is_named(words, tmp_path, monkeypatch):
    folder = damaged(tmp_path / "model", words(KNOWN))
    monkeypatch.setattr(TOKENS, "_things", {})
    monkeypatch.delitem(__import__("sys").modules, "gallery_words")
    (tmp_path / "gallery_words.py").write_text("import no_such_module\n", "utf-8")
    with pytest.raises(UserError, match="gallery-words: the kind of tokens cannot be loaded"):
        load_model(folder)
