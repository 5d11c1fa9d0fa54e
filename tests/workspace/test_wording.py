"""Which networks are of one recipe, and which had one budget."""

from dataclasses import replace

import pytest

from builder.workspace.recipe import Exhibit, validate
from builder.workspace.wording import BEFORE_THE_END, with_words
from tests.make_cards import exhibit as made_card
from tests.workspace.beside import CORPUS

ASKED, STREAMS, WINDOW = 100_000, 10, 20
LEAST = round((1 - BEFORE_THE_END) * ASKED)


def groups(tmp_path, seed=1, read=ASKED, **more):
    training = {"seed": seed, "characters": ASKED, "streams": STREAMS, "window": WINDOW, **more}
    recipe = validate({"title": "T", "language": "python", "corpus": CORPUS,
                       "training": training}, tmp_path)
    card = replace(made_card(), training={"seed": seed, "characters": read, "corpus": "c"})
    card = with_words(card, Exhibit(name="e", folder=tmp_path, recipe=recipe))
    return card.seed_group, card.budget


@pytest.mark.parametrize("read", [ASKED, ASKED + STREAMS * WINDOW - 1, LEAST])
def test_weights_from_the_end_or_shortly_before_are_of_one_recipe(tmp_path, read):
    assert groups(tmp_path, 2, read) == groups(tmp_path)


@pytest.mark.parametrize("read", [ASKED + STREAMS * WINDOW, LEAST - 1])
def test_those_that_read_more_or_much_less_are_not(tmp_path, read):
    assert not {*groups(tmp_path, 2, read)} & {*groups(tmp_path)}


def test_a_step_size_is_of_the_recipe_and_not_of_the_budget(tmp_path):
    (seeds, budget), (other, same) = groups(tmp_path), groups(tmp_path, learning_rate=0.1)
    assert seeds != other and budget == same
