"""Files that were changed at random: they are read, or refused in lines that say why."""

from __future__ import annotations

import io
import json
import lzma
import os
import random
import re
import time
import traceback
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from safetensors.torch import save_file  # noqa: E402

from builder.cards.weighed import without_weights  # noqa: E402
from builder.cli import main  # noqa: E402
from builder.core.digests import digest  # noqa: E402
from builder.core.errors import UserError  # noqa: E402
from builder.models.folder import load_model, write_model  # noqa: E402
from builder.rendering import render_site  # noqa: E402
from builder.workspace import shipped, shipped_fit  # noqa: E402
from builder.workspace.connected import (  # noqa: E402
    CONNECTIONS,
    connected_of,
    connections_file,
)
from builder.workspace.lock import read_lock, write_lock  # noqa: E402
from builder.workspace.recipe import Exhibit, validate  # noqa: E402
from builder.workspace.worded import WORDS, worded_of, words_file  # noqa: E402
from builder.workspace.wording import without_words  # noqa: E402
from tests.features.hostile import within_patience  # noqa: E402
from tests.integration.projects import RECIPE  # noqa: E402
from tests.make_cards import FEATURES, worded  # noqa: E402
from tests.make_cards import exhibit as made_card  # noqa: E402
from tests.make_connected import connected  # noqa: E402
from tests.models.made_files import (  # noqa: E402
    CHARACTERS,
    arrays_of,
    network_of,
    of_keras,
    write_h5,
)
from tests.soak.mutations import (  # noqa: E402
    TOML_VALUES,
    mutated_archive,
    mutated_bytes,
    mutated_json,
    mutated_lines,
)
from tests.workspace.test_shipped_fit import FIT, MADE  # noqa: E402

pytestmark = pytest.mark.torch

MANY = int(os.environ.get("GALLERY_SOAK_MUTATIONS", "1000"))
FEW = 12
SHOWN = 3
"""Of so many files, pages are made of one, if it is read."""

HANGS = 10.0
"""Seconds of a processor that nothing may take, however busy the machine."""

CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@dataclass
class Kind:
    """A kind of file.

    Attributes:
        make: Makes one that is right, in a folder; returns the path of what is changed.
        change: Returns other bytes, given a source of chance and those that are right.
        use: Reads one, given its path; returns what makes pages of it, where there are any.
    """

    make: object
    change: object
    use: object


def command(*arguments):
    """Run a command in this process; a complaint is a UserError, as it is without a command."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main([str(a) for a in arguments])
    assert code in (0, 2) and "Traceback" not in err.getvalue()
    assert CONTROL.search(out.getvalue() + err.getvalue()) is None
    if code:
        assert err.getvalue().count("\n") <= 21
        raise UserError([])


def as_json(change_whole=0.15):
    def change(chance, raw):
        if chance.random() < change_whole:
            return mutated_bytes(chance, raw)
        return mutated_json(chance, json.loads(raw))
    return change


def as_xz(finish=lambda content: content):
    def change(chance, raw):
        if chance.random() < 0.1:
            return mutated_bytes(chance, raw)
        content = lzma.decompress(raw)
        changed = mutated_bytes(chance, content) if chance.random() < 0.1 else finish(
            mutated_json(chance, json.loads(content)))
        return lzma.compress(changed, preset=0)
    return change


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


def exhibit_in(folder):
    return Exhibit(name="tiny", folder=folder, recipe=validate(
        {"title": "T", "language": "python",
         "corpus": {"kind": "synthetic", "source": "a", "license": "none"}}, folder))


def show_words(path):
    card = small_card()
    found = worded_of(exhibit_in(path.parent), card)
    return found and partial(render_site, [replace(card, worded=found)], FEATURES)


def some_connections(folder):
    return CONNECTIONS.write(folder, connections_file("w", "t", connected()))


def show_connections(path):
    card = small_card()
    found = connected_of(exhibit_in(path.parent), card)
    return found and partial(render_site, [replace(card, connected=found)], FEATURES)


def a_fit(folder):
    shipped_fit.write_fit(folder, FIT, MADE)
    return folder / "fit.json"


def show_fit(path):
    found = shipped_fit.read_fit(path.parent, MADE)
    return found and partial(render_site, [replace(small_card(), fit=found)], FEATURES)


# Somebody's files


def from_elsewhere(name):
    network = network_of("lstm")
    weights = {n: t.contiguous() for n, t in arrays_of(network).items()}

    def make(folder):
        path = folder / name
        (folder / "vocabulary.json").write_text(json.dumps(list(CHARACTERS)), "utf-8")
        if name.endswith(".pt"):
            torch.save({"net": weights, "chars": list(CHARACTERS)}, path)
        elif name.endswith(".npz"):
            np.savez(path, **{n: t.numpy() for n, t in weights.items()})
        elif name.endswith(".h5"):
            pytest.importorskip("h5py")
            write_h5(path, "LSTM", *of_keras(network, (0, 1, 2, 3)))
        else:
            save_file(weights, path, {"vocab": json.dumps(list(CHARACTERS))})
        return path
    return make


def import_it(path):
    folder = path.parent
    command("import", path, "--vocabulary", folder / "vocabulary.json",
            "--out", folder / f"out{time.monotonic_ns()}")


def some_states(folder):
    draw, text = np.random.default_rng(0), "def f(x): return 'a'  # b\n" * 800
    np.savez(folder / "states.npz", h0=draw.normal(size=(len(text), 3)).astype(np.float32),
             text=np.array(text), documents=np.arange(0, len(text), 260),
             log_probs=np.full(len(text), -1.0), names=np.array(["a", "b", "c"]))
    return folder / "states.npz"


def inspect_states(path):
    command("inspect", "--states", path, "--language", "python", "--controls", "none",
            "--workers", "1", "--json", path.with_name("out.json"))


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
    "import of .pt": Kind(from_elsewhere("x.pt"), mutated_archive, import_it),
    "import of .h5": Kind(from_elsewhere("x.h5"), mutated_bytes, import_it),
    "import of .npz": Kind(from_elsewhere("x.npz"), mutated_archive, import_it),
    "import of .safetensors": Kind(from_elsewhere("x.safetensors"), mutated_bytes, import_it),
    "states": Kind(some_states, mutated_archive, inspect_states),
}


def fault_of(kind, path, *, show=True):
    """Use a file; return what must not happen, or nothing, and whether the file was refused."""
    begun, refused = time.process_time(), False
    try:
        with within_patience():
            pages = kind.use(path)
            if pages and show:
                pages()
    except UserError as error:
        refused = True
        for problem in error.problems:
            if "\n" in str(problem) or CONTROL.search(str(problem)):
                return f"raw on the terminal: {str(problem)!r:.200}", refused
    except Exception:
        return traceback.format_exc(limit=-4), False
    took = time.process_time() - begun
    return f"took {took:.0f} seconds" if took > HANGS else "", refused


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("count", [FEW, pytest.param(MANY, marks=pytest.mark.soak)])
@pytest.mark.parametrize("name", KINDS)
def test_a_file_that_was_changed_at_random(tmp_path, name, count):
    kind = KINDS[name]
    path = kind.make(tmp_path)
    right, faults, refused = path.read_bytes(), {}, 0
    assert fault_of(kind, path) == ("", False)
    for seed in range(count):
        path.write_bytes(kind.change(random.Random(f"{name} {seed}"), right))
        fault, was_refused = fault_of(kind, path, show=seed % SHOWN == 0)
        refused += was_refused
        if fault:
            faults[seed] = fault
    print(f"{name}: {count} changed, {refused} refused, {len(faults)} faults")
    assert not faults, "\n".join(f"{seed}: {fault}" for seed, fault in faults.items())
