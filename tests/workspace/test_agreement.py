"""A recipe and the model beside it must say the same."""

import json

import pytest

from builder.core.errors import RecipeError
from builder.workspace.gallery import Workspace, exhibits

RECIPE = """title = "Mine"
[corpus]
kind = "stdlib"
"""
MODEL = json.dumps({
    "format": 1, "architecture": "lstm", "embedding_size": 98, "hidden_size": 101,
    "num_layers": 1, "vocabulary": ["a"], "training": {"seed": 3}})


@pytest.fixture
def project(tmp_path):
    """Make an exhibit with a model that says something, and return what reads it."""
    def made(recipe, model=MODEL, name="mine"):
        folder = tmp_path / "gallery" / name
        folder.mkdir(parents=True)
        (folder / "exhibit.toml").write_text(RECIPE + recipe)
        (folder / "model.json").write_text(model)
        (folder / "model.safetensors").touch()
        return Workspace(tmp_path)

    return made


def test_every_key_that_differs_is_named_at_once(project):
    project("[model]\nhidden_size = 101\nnum_layers = 2\n", name="other")
    workspace = project("[model]\narchitecture = 'gru'\nembedding_size = 7\nhidden_size = 999\n"
                        "[training]\nseed = 1\nwindow = 7\n")
    with pytest.raises(RecipeError) as caught:
        exhibits(workspace)
    said = [str(problem) for problem in caught.value.problems]
    path = workspace.gallery / "mine" / "exhibit.toml"
    assert [line.split(": ")[0].split(", ")[1] for line in said] == [
        "model.architecture", "model.embedding_size", "model.hidden_size", "training.seed",
        "model.num_layers"]
    assert said[2] == (f"{path}, model.hidden_size: differs from model.json; 999 against 101; "
                       "take it out, or train again under another name")


@pytest.mark.parametrize("recipe", ["", "[model]\nhidden_size = 101\n"])
def test_what_a_recipe_does_not_say_is_the_models(project, recipe):
    (exhibit,) = exhibits(project(recipe))
    model = exhibit.recipe.model
    assert (model.architecture, model.embedding_size, model.hidden_size) == ("lstm", 98, 101)


@pytest.mark.parametrize("model", ["{", "[]", "{}"])
def test_a_model_that_is_not_right_is_left_to_who_loads_it(project, model):
    (exhibit,) = exhibits(project("[model]\nhidden_size = 7\n", model))
    assert exhibit.recipe.model.hidden_size == 7


def test_tokens_differ_from_a_vocabulary_of_characters(project):
    model = '{"format": 1, "vocabulary": ["a", "b"]}'
    with pytest.raises(RecipeError, match=r"model\.tokens: differs .*; bytes against characters"):
        exhibits(project("[model]\ntokens = 'bytes'\n", model))


def test_tokens_of_a_vocabulary_of_words_are_not_known(project):
    model = '{"format": 1, "vocabulary": ["ab", "b"]}'
    assert exhibits(project("[model]\ntokens = 'words'\n", model))
