"""Networks that read something else than characters are trained as others are."""

import json

import pytest

torch = pytest.importorskip("torch")

from builder.core.errors import ModelError, RecipeError  # noqa: E402
from builder.core.text import Corpus, Document, Piece, Split  # noqa: E402
from builder.models.evaluate import bits_per_character  # noqa: E402
from builder.models.folder import load_model  # noqa: E402
from builder.models.training.train import make_plan, train  # noqa: E402
from builder.workspace.recipe import ModelSettings, TrainingSettings, validate  # noqa: E402
from tests.cli.networks import TOKENIZER  # noqa: E402

pytestmark = pytest.mark.torch
TEXT = "ton to no noot\nnot on\n" * 60
SETTINGS = TrainingSettings(characters=3_000, streams=2, window=16, minimum_count=5, threads=1)


def corpus():
    documents = [Document(f"{n}.txt", TEXT[n:], (Piece(0, len(TEXT) - n, split, n),))
                 for n, split in enumerate((Split.TRAIN, Split.TRAIN, Split.DISCOVER))]
    return Corpus(tuple(documents), (), "", "")


def settings(tokens):
    return ModelSettings(architecture="rnn", embedding_size=4, hidden_size=8, tokens=tokens)


@pytest.mark.parametrize("tokens", ["characters", "bytes", "words", "subwords"])
def test_a_network_of_other_tokens(tmp_path, tokens):
    if tokens == "subwords":
        pytest.importorskip("tokenizers")
        (tmp_path / "tokenizer.json").write_text(TOKENIZER, "utf-8")
    folder = tmp_path / "m"
    train(corpus(), settings(tokens), SETTINGS, folder, tmp_path / "checkpoint", device="cpu",
          beside=tmp_path)
    stored = load_model(folder)
    spec = stored.network.spec
    assert spec.vocabulary.kind == tokens
    assert (folder / "tokenizer.json").is_file() == (tokens == "subwords")
    text = corpus().documents[-1].text
    steps = spec.vocabulary.steps(text)
    bits = bits_per_character(stored.network, [steps.ids]) * (len(steps) - 1) / (len(text) - 1)
    assert stored.training["bits_per_character"] == pytest.approx(bits, abs=1e-3)
    again = json.loads((folder / "model.json").read_text("utf-8"))
    assert again.get("tokens", "characters") == tokens


def test_words_are_the_frequent_ones_of_the_text():
    plan = make_plan(corpus(), settings("words"), SETTINGS)
    assert plan.spec.vocabulary.characters == (" ", "\n", "on", "no", "noot", "not", "to", "ton")


def test_subwords_need_their_tokenizer(tmp_path):
    with pytest.raises(ModelError, match=r"tokenizer.json: there is no tokenizer"):
        make_plan(corpus(), settings("subwords"), SETTINGS, tmp_path)


def test_a_recipe_names_tokens_that_can_be_trained_on():
    recipe = {"title": "t", "corpus": {"kind": "stdlib", "source": "s", "license": "l"}}
    assert validate(recipe | {"model": {"tokens": "bytes"}}, "r").model.tokens == "bytes"
    with pytest.raises(RecipeError, match=r"r, model\.tokens: not tokens that can be trained on; "
                                          "found 'wrods'; did you mean 'words'"):
        validate(recipe | {"model": {"tokens": "wrods"}}, "r")
