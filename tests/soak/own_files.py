"""Files of a gallery itself: recipes, locks, models, and what was measured."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial

import torch

from builder.cards.weighed import without_weights
from builder.core.digests import digest
from builder.models.folder import load_model, write_model
from builder.rendering import render_site
from builder.workspace import shipped, shipped_fit
from builder.workspace.connected import CONNECTIONS, connections_file
from builder.workspace.lock import read_lock, write_lock
from builder.workspace.worded import WORDS, words_file
from builder.workspace.wording import without_words
from tests.integration.projects import RECIPE
from tests.make_cards import FEATURES, worded
from tests.make_cards import exhibit as made_card
from tests.make_connected import connected
from tests.models.made_files import network_of
from tests.soak.kinds import Kind, as_json, as_xz, command
from tests.soak.mutations import TOML_VALUES, mutated_bytes, mutated_lines
from tests.workspace.test_shipped_fit import FIT, MADE


def small_card():
    """Return a card of which all pages are made in a moment."""
    card = made_card("tiny")
    return replace(card, film=None, cells=card.cells[:2], explored=card.explored[:1],
                   model_digest="w")


# Recipes and lock files


def a_recipe(folder):
    path = folder / "gallery" / "tiny" / "exhibit.toml"
    path.parent.mkdir(parents=True)
    path.write_text(RECIPE, "utf-8")
    return path


def a_lock(folder):
    write_lock(folder, made_card().claims[:6])
    return folder / "cells.lock.json"


def use_lock(path):
    read_lock(path.parent)


# Model folders


def a_model(name):
    def make(folder):
        write_model(folder, network_of("lstm"), {"characters": 1_000})
        return folder / name
    return make


def load_and_read(path):
    network = load_model(path.parent).network
    with torch.no_grad():
        ids = torch.ones((5, 1), dtype=torch.long)
        network.architecture.run(network.rnn, network.embedding(ids), network.initial_state(1))


# What was measured


def some_results(folder):
    card = without_words(without_weights(replace(small_card(), worded=None)))
    folder = folder / "tiny"
    folder.mkdir()
    return shipped.write_shipped(folder, card, MADE)


def with_its_digest(content):
    """Return results that say that nobody has changed them."""
    try:
        data = json.loads(content)
        data["digest"] = digest(json.dumps(data["card"], sort_keys=True, separators=(",", ":")))
        return json.dumps(data).encode("utf-8", "surrogatepass")
    except (ValueError, KeyError, TypeError, RecursionError):
        return content


def show_results(path):
    found = shipped.read_shipped(path.parent)

    def show():
        whole = small_card()
        units = len(found.card.table.units)
        explored = tuple(replace(one, activations=bytes(len(one.text) * units)) if one.before
                         else one for one in found.card.explored)
        render_site([replace(found.card, in_browser=whole.in_browser, training=whole.training,
                             explored=explored)], FEATURES)

    return show if found.is_untouched else None


def some_words(folder):
    return WORDS.write(folder, words_file("w", "t", worded()))


def show_words(path):
    card = small_card()
    there = WORDS.fitting(path.parent, card)
    return there and partial(render_site, [replace(card, worded=there.found)], FEATURES)


def some_connections(folder):
    return CONNECTIONS.write(folder, connections_file("w", "t", connected()))


def show_connections(path):
    card = small_card()
    there = CONNECTIONS.fitting(path.parent, card)
    return there and partial(render_site, [replace(card, connected=there.found)], FEATURES)


def a_fit(folder):
    shipped_fit.write_fit(folder, FIT, MADE)
    return folder / "fit.json"


def show_fit(path):
    found = shipped_fit.read_fit(path.parent, MADE)
    return found and partial(render_site, [replace(small_card(), fit=found)], FEATURES)


KINDS = {
    "recipe": Kind(a_recipe, lambda chance, raw: mutated_lines(
        chance, raw.decode(), TOML_VALUES), lambda path: command(
            "--root", path.parents[2], "list")),
    "lock": Kind(a_lock, as_json(), use_lock),
    "model.json": Kind(a_model("model.json"), as_json(), load_and_read),
    "model.safetensors": Kind(a_model("model.safetensors"), mutated_bytes, load_and_read),
    "results": Kind(some_results, as_xz(with_its_digest), show_results),
    "words": Kind(some_words, as_xz(), show_words),
    "connections": Kind(some_connections, as_xz(), show_connections),
    "fit": Kind(a_fit, as_json(), show_fit),
}
