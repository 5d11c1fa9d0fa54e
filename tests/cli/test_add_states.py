"""`gallery add --states`: an exhibit of a model of which nothing but its states is known."""

import json
import re

import numpy as np
import pytest

pytest.importorskip("torch")

from builder import save_states
from builder.cli import main
from builder.core.cards import Grade
from builder.core.errors import CorpusError
from builder.exhibits import (
    Measured,
    feature_specs,
    known_card,
    recipes,
    shipped_card,
    stamp_of,
)
from builder.site.pages import write_cards
from builder.work import local
from builder.workspace.gallery import Workspace
from builder.workspace.shipped import write_shipped
from builder.workspace.shipped_fit import write_fit
from builder.workspace.wording import with_words
from tests.cli.conftest import program
from tests.sources_of_states import (
    NOISE,
    PLANTED,
    planted_states,
    starts_of,
    words_of,
)

pytestmark = pytest.mark.torch
TEXTS = [program(seed) for seed in range(64)]
WHOLE, STARTS, SCALE = "".join(TEXTS), starts_of(TEXTS), 3.0
SAID_OF_A_NETWORK = re.compile(
    r"What it writes|What the network writes|How .{3,30} works|<dt>weights|data-network|"
    r"Your own text|Used by the network|Predictions of the next|freezing it|Freezing the unit|"
    r"Gates|output weight|\{Weights ")


def write_files(folder):
    save_states(folder / "states.npz", SCALE * planted_states(TEXTS, 1), text=WHOLE,
                documents=STARTS)
    np.savez(folder / "bare.npz", h0=planted_states(TEXTS, 1))
    save_states(folder / "untrained.npz", planted_states(TEXTS, 2, learned=False), text=WHOLE,
                documents=STARTS)
    words, states, starts = words_of(TEXTS, planted_states(TEXTS, 1))
    save_states(folder / "words.npz", {"h0": states[:, :6], "h1": states[:, 6:]}, tokens=words,
                documents=starts, log_probs=np.full(len(words), -2.0))
    (folder / "text.py").write_text(WHOLE)
    (folder / "gallery").mkdir()


@pytest.fixture
def project(here):
    write_files(here)
    return here


def add(*arguments):
    return ["add", "--states", *map(str, arguments), "--language", "python", "mine"]


def measured(project):
    """Measure the exhibit, keep its results beside it, and return its card as pages show it."""
    workspace = Workspace(project)
    (exhibit,) = recipes(workspace)
    measured = Measured(workspace, exhibit, None, local(1))
    found, made = measured.to_ship()
    write_fit(exhibit.folder, found.fit, made)
    write_shipped(exhibit.folder, found, made)
    assert "no connections; " in measured.connections()
    card = known_card(workspace, exhibit)
    assert card is not None
    return workspace, exhibit, card


def pages(workspace, exhibit, card):
    """Write all pages; return what is on those of the exhibit and of its units."""
    write_cards([(with_words(card, exhibit), card, stamp_of(card))], feature_specs([exhibit]),
                workspace.root, workspace.made / "rendered.sqlite")
    found = sorted((workspace.made / "fragments").rglob("*.html"))
    return {path.relative_to(workspace.made / "fragments").as_posix(): path.read_text("utf-8")
            for path in found if "mine" in path.as_posix()}


def test_an_exhibit_of_states_in_one_line(project, capsys):
    assert main(add("states.npz")) == 0
    said = capsys.readouterr().out
    assert "no claim is better than suggestive; give one with --untrained-states" in said
    assert "gallery measure mine" in said
    folder = project / "gallery/mine"
    assert {path.name for path in folder.iterdir()} == {"exhibit.toml", "states.json"}
    assert main(["--root", str(project), "list"]) == 0
    assert "has states" in capsys.readouterr().out


@pytest.fixture(scope="module")
def with_a_floor(tmp_path_factory):
    """An exhibit with states of an untrained network, measured; and its pages."""
    root = tmp_path_factory.mktemp("stated")
    write_files(root)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        assert main(add("states.npz", "--untrained-states", "untrained.npz")) == 0
        found = measured(root)
    return *found, pages(*found)


def test_planted_units_are_found_and_verified(with_a_floor):
    card = with_a_floor[2]
    found = {cell.claim.unit.index: cell.claim for cell in card.cells}
    assert {index: found[index].feature for index in PLANTED} == PLANTED
    assert {found[index].grade for index in PLANTED} == {Grade.VERIFIED}
    assert not set(found) & set(NOISE)
    assert all(claim.effect is None and claim.grade is not Grade.CAUSAL for claim in card.claims)


def test_values_are_scaled_for_pages_and_the_page_says_how(with_a_floor):
    card, found = with_a_floor[2:]
    values = [v for cell in card.cells for e in cell.excerpts for v in e.values]
    assert 0.3 < max(map(abs, values)) < 1.1
    high = next(s.high for s in card.signals if s.name == "h")
    assert SCALE < high < 2 * SCALE
    assert re.search(rf"{high:.3f}".rstrip("0") + r"\d* in the file", found["exhibits/mine.html"])


def test_pages_leave_out_what_is_not_known(with_a_floor):
    found = with_a_floor[3]
    assert {"exhibits/mine.html", "units/mine.html", "explore/mine.html",
            "cells/mine/l0-1.html"} <= found.keys()
    said = {place: SAID_OF_A_NETWORK.search(text) for place, text in found.items()}
    assert {place: match[0] for place, match in said.items() if match} == {}
    assert "its states were stored, and nothing else of it" in found["exhibits/mine.html"]
    assert "untrained networks reach" in found["cells/mine/l0-1.html"]


def test_results_are_enough_where_the_states_are_not(with_a_floor):
    workspace, exhibit, card, _ = with_a_floor
    states = workspace.root / "states.npz"
    aside = states.rename(workspace.root / "aside.npz")
    try:
        there = shipped_card(workspace, exhibit)
        assert there is not None and there.cells == card.cells
        with pytest.raises(CorpusError, match="the values of an exhibit of stored states"):
            Measured(workspace, exhibit, None, local(1))
        assert Measured(workspace, exhibit, aside, local(1)).card().cells == card.cells
    finally:
        aside.rename(states)


def test_without_an_untrained_network_nothing_is_verified(project):
    assert main(add("states.npz")) == 0
    found = measured(project)
    assert {c.grade for c in found[2].claims} == {Grade.SUGGESTIVE, Grade.NOT_SUPPORTED}
    assert all(cell.untrained is None and not any(a.untrained for a in cell.around.values())
               for cell in found[2].cells)
    written = pages(*found)
    assert not [place for place, text in written.items() if "dashed, the best unit" in text]
    assert "so none is better than <em>suggestive" in written["exhibits/mine.html"]


def test_steps_and_layers_of_any_kind(project, capsys):
    assert main(add("words.npz")) == 0
    assert capsys.readouterr().out.startswith("fit: ")
    card = measured(project)[2]
    assert (card.num_layers, card.hidden_size, card.size, card.units) == (2, 6, 10, 10)
    assert card.fit is not None and card.bits_per_character is not None
    best = {cell.claim.feature: str(cell.claim.unit) for cell in card.cells}
    assert (best["line_position"], best["round_depth"]) == ("h0.2", "h0.1")


def test_a_text_that_is_given_beside(project):
    assert main(add("bare.npz", "--text", "text.py")) == 0
    _, exhibit, card = measured(project)
    assert exhibit.recipe.corpus.text == ("../../text.py",) and card.source == ""
    assert {c.unit.index for c in card.claims if c.grade is Grade.SUGGESTIVE} >= set(PLANTED)


OPTIONS = {
    "no text": (["bare.npz"], "bare.npz: there is no text; neither text nor tokens; give it with"),
    "no file": (["none.npz"], "none.npz: there is no such file; look at --states"),
    "no twin": (["states.npz", "--untrained-states", "none.npz"], "none.npz: there is no such"),
    "vocabulary": (["states.npz", "--vocabulary", "text.py"], "--vocabulary: goes with --model"),
    "no states": (["text.py"], "text.py: not a whole .npz file"),
}


@pytest.mark.parametrize("way", OPTIONS)
def test_what_cannot_be_added_leaves_nothing(project, complaint, way):
    arguments, message = OPTIONS[way]
    assert message in complaint(*add(*arguments))


def test_flags_that_go_together(project, complaint):
    said = complaint("add", "--model", "gallery", "--untrained-states", "untrained.npz",
                     "--language", "python", "mine", lines=2)
    assert "--text: is missing" in said and "--untrained-states: goes with --states" in said


def test_other_states_are_not_taken_for_those_of_an_exhibit(project, complaint, capsys):
    assert main(add("states.npz")) == 0
    save_states("states.npz", planted_states(TEXTS, 3), text=WHOLE, documents=STARTS)
    said = complaint("measure", "mine")
    assert "not the files that the exhibit was made of" in said and "gallery add" in said
    (project / "gallery/mine/states.json").write_text(json.dumps({"format": 2}))
    assert "not a record of states" in complaint("measure", "mine")


def test_nothing_is_trained_on_them(project, complaint, capsys):
    assert main(add("states.npz")) == 0
    assert "no model is trained on it" in complaint("train", "mine")
