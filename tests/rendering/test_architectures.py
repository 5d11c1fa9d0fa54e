"""Networks that differ by their architecture alone, side by side."""

from dataclasses import replace

import pytest

from builder.core.cards import Grade
from builder.core.runs import runs
from builder.core.scores import Estimate, HeldOut
from builder.core.shown import Keeping
from builder.core.units import UnitId
from builder.features import FEATURES
from builder.rendering import render_site
from builder.rendering.architectures import differences, shown_on_one_text, side_by_side
from builder.rendering.charts import Group, boxes_chart
from builder.rendering.classics import CLASSICS, show
from builder.rendering.compared import findings, topic_sentence
from builder.rendering.gallery import Gallery, causal_cells
from builder.rendering.holding import held_rows, held_sentences
from builder.rendering.lasting import by_feature, lasting, sentences, steps
from builder.workspace.recipe import Exhibit, budget_of, validate
from tests.make_cards import UNITS, cell, claim, exhibit

SPECS = tuple(f.spec for f in FEATURES.values())


def network(name, architecture, grade, value=0.8, **more):
    card = cell(name, "h0.1", "in_string", value, grade)
    blocks, title = {"rnn": (1, "an RNN"), "gru": (3, "a GRU"),
                     "lstm": (4, "an LSTM")}[architecture]
    return replace(exhibit(name), cells=(card,), claims=(card.claim,), architecture=architecture,
                   architecture_title=title,
                   **{"budget": "one", "parameters": 90_000 * blocks, **more})


@pytest.fixture
def shown():
    return Gallery((network("a", "lstm", Grade.CAUSAL), network("b", "gru", Grade.SUGGESTIVE),
                    network("c", "rnn", Grade.NOT_SUPPORTED), network("d", "lstm", Grade.CAUSAL),
                    network("e", "gru", Grade.CAUSAL, budget="two"),
                    network("f", "rnn", Grade.CAUSAL, budget="")), SPECS)


def test_one_of_each_architecture_the_smallest_first(shown):
    (group,) = side_by_side(shown)
    assert [e.name for e in group.exhibits] == ["c", "b", "a"]
    assert [row.feature.id for row in group.rows] == ["in_string"]
    assert [c.grade for c in group.rows[0].claims] == [
        Grade.NOT_SUPPORTED, Grade.SUGGESTIVE, Grade.CAUSAL]
    assert [causal_cells(e) for e in group.exhibits] == [0, 0, 1]


def test_the_page_has_a_column_each(shown):
    found = {p.path: p.content for p in render_site(shown.exhibits, SPECS).fragments}
    page = found["architectures/index.html"]
    heads = page.partition("<thead>")[2].partition("</thead>")[0]
    assert [heads.index(name) for name in (">RNN<", ">GRU<", ">LSTM<")] == sorted(
        heads.index(name) for name in (">RNN<", ">GRU<", ">LSTM<"))
    every = page.partition('id="c-numbers"')[2]
    assert every.count("<table>") == 1 and every.count(".76") == 3


def test_the_pictures_are_open_and_every_table_is_folded(shown):
    page = page_of(shown)
    before, _, folded = page.partition('<div class="folds">')
    assert "<table" not in before and folded.count("<table") == page.count("<table") > 2
    assert folded.count('<details class="fold"') == folded.count('<span class="result">')
    for anchor in ("c-best", "c-networks", "c-numbers", "read"):
        assert f'<details class="fold" id="{anchor}">' in page


def test_without_such_networks_the_page_says_so():
    found = {p.path: p.content for p in render_site([exhibit()], SPECS).fragments}
    assert "No two networks" in found["architectures/index.html"]


def test_a_made_text_is_a_classic_picture_only_where_no_other_is_verified():
    quotes = CLASSICS[0]
    made = network("made", "rnn", Grade.CAUSAL, 0.99, made=True)
    for grade, name in ((Grade.VERIFIED, "real"), (Grade.SUGGESTIVE, "made")):
        gallery = Gallery((made, network("real", "lstm", grade, 0.5)), SPECS)
        assert show(gallery, quotes).cell.exhibit == name


def recipe(model, training):
    made = {"title": "x", "corpus": {"kind": "stdlib"}, "model": model, "training": training}
    return Exhibit(name="x", folder=".", recipe=validate(made, "here"))


def test_architecture_seed_and_step_size_may_differ():
    one = recipe({"architecture": "rnn"}, {"seed": 1, "learning_rate": 0.001})
    assert budget_of(one) == budget_of(recipe({"architecture": "gru"}, {"seed": 2}))
    assert budget_of(one) != budget_of(recipe({"hidden_size": 9}, {}))
    assert budget_of(one) != budget_of(recipe({}, {"characters": 9}))


def row_for(group, title):
    return next(row for row in group.topics if row.topic.title == title)


def test_about_the_same_budget_is_compared_too_and_another_one_is_named():
    training = exhibit().training
    more = {"characters": 300_000_000}
    found = Gallery((
        network("a", "lstm", Grade.CAUSAL), network("b", "gru", Grade.CAUSAL),
        network("near", "rnn", Grade.CAUSAL, budget="near"),
        network("far", "rnn", Grade.CAUSAL, budget="far", training={**training, **more}),
        network("large", "lstm", Grade.CAUSAL, budget="large", parameters=10**6,
                tokens="subwords"),
        network("elsewhere", "rnn", Grade.CAUSAL, budget="x", corpus_digest="b" * 64)), SPECS)
    (group,) = side_by_side(found)
    assert [e.name for e in group.exhibits] == ["near", "b", "a"]
    assert [e.name for e in group.others] == ["far", "large"]
    assert [differences(e, group.exhibits) for e in group.others] == [
        ["read more in training"], ["reads subwords", "more weights"]]
    unknown = replace(group.others[0], training={})
    assert differences(unknown, group.exhibits) == ["characters read in training not recorded"]
    page = page_of(found)
    assert "reads subwords; more weights" in page
    assert "2 networks with another budget" in page


def test_another_seed_is_no_other_budget_and_no_second_comparison():
    """Two architectures twice over, and arithmetic of fewer digits, which is a difference."""
    training, more = exhibit().training, {"characters": exhibit().training["characters"] + 900}
    found = Gallery((
        *(network(n, n, Grade.CAUSAL) for n in ("lstm", "gru", "rnn")),
        *(network(f"{n}-2", n, Grade.CAUSAL, budget="two", training={**training, **more})
          for n in ("lstm", "gru")),
        network("rough", "lstm", Grade.CAUSAL, budget="rough",
                training={**training, "precision": "bfloat16"})), SPECS)
    (group,) = side_by_side(found)
    assert [e.name for e in group.exhibits] == ["rnn", "gru", "lstm"]
    assert [(e.name, differences(e, group.exhibits)) for e in group.others] == [
        ("rough", ["trained in bfloat16"])]
    elsewhere = [replace(e, corpus_digest="b" * 64, budget="far") for e in found.exhibits[:2]]
    assert len(side_by_side(replace(found, exhibits=(*found.exhibits, *elsewhere)))) == 2


def page_of(gallery):
    found = {p.path: p.content for p in render_site(gallery.exhibits, SPECS).fragments}
    return found["architectures/index.html"]


def with_number(name, architecture, value, low, high, grade=Grade.CAUSAL, **more):
    card = network(name, architecture, grade, value, **more)
    one = replace(card.claims[0], held_out=HeldOut(Estimate(value), Estimate(value, low, high)))
    return replace(card, claims=(one,))


@pytest.mark.parametrize(("low", "tied"), [(-0.95, True), (-0.85, False)])
def test_what_came_out_is_said_from_the_numbers(low, tied):
    """The second is below 0: what counts is the size."""
    second = with_number("b", "gru", -0.8, low, -0.7, bits_per_character=1.2)
    (group,) = side_by_side(Gallery(
        (with_number("a", "lstm", 0.9, 0.87, 0.93), second), SPECS))
    said = list(findings(group))
    assert said[0].startswith("Of the 2 networks, the LSTM has the best unit for everything")
    assert ("cannot be told apart" in said[1]) == tied
    assert "the GRU (1.20 bits per character), has the best unit for none" in " ".join(said)
    assert topic_sentence(row_for(group, "strings")) == (
        "Strings: 2 of 2 have a verified unit; best LSTM (.90), then GRU (.80).")


def test_a_thing_that_none_has_is_said_to_be_missing():
    (group,) = side_by_side(Gallery(
        (with_number("a", "lstm", 0.4, 0.3, 0.5, Grade.SUGGESTIVE),
         with_number("b", "gru", 0.2, 0.1, 0.3, Grade.SUGGESTIVE)), SPECS))
    said = list(findings(group))
    assert len(said) == 1 and said[0].startswith("No network has a verified unit for")
    assert topic_sentence(row_for(group, "strings")) == (
        "Strings: none has a verified unit; the closest is that of the LSTM (.40).")


def kept(card, share, where_on=None, others=0.5):
    units = tuple(Keeping(UnitId("c", 0, n), share if n == 1 else others,
                          {"in_string": where_on or share} if n == 1 else {}) for n in range(4))
    return replace(card, keeping=units)


def test_units_that_keep_longer_than_the_others():
    one = lasting(kept(network("a", "lstm", Grade.CAUSAL), 2 ** -0.1))
    assert (one.middle, one.middle_of_others) == (pytest.approx(10), pytest.approx(1))
    assert one.spread == pytest.approx((1,) * 5)
    other = lasting(kept(network("b", "gru", Grade.CAUSAL), 2 ** -0.8))
    assert list(sentences([one, other])) == [
        "Units with a verified claim keep what they have for longer than the others of their "
        "network in the LSTM (10 against 1.0).",
        "In the GRU (1.2 against 1.0) they do not: there the gate alone does not tell which "
        "units stand for something."]
    assert by_feature([one, other]) == [("in_string", [[pytest.approx(10)], [pytest.approx(1.25)]])]
    assert lasting(network("c", "rnn", Grade.CAUSAL)) is None
    assert [steps(life) for life in (0.44, 9.96, 1234.5, 1e6)] == [
        "0.4", "10", "1,234", "over 100,000"]


@pytest.mark.parametrize(("where_on", "said"), [(2 ** -0.1, "holds all"), (0.5, "holds none")])
def test_a_gate_is_held_against_what_it_would_have_to_hold(where_on, said):
    """What is on for 4 and for 8 characters lasts 6: a half-life of 10 outlasts it, 1 does not."""
    cards = []
    for name, architecture in (("a", "lstm"), ("b", "gru"), ("c", "rnn")):
        card = network(name, architecture, Grade.CAUSAL)
        text = replace(card.explored[0], text="x" * 20,
                       activations=bytes(20 * len(UNITS)), labels={
            "in_string": runs([0] * 2 + [1] * 4 + [0] * 6 + [1] * 8)})
        card = replace(card, explored=(text,))
        cards.append(card if architecture == "rnn" else kept(card, 0.5, where_on))
    (group,) = side_by_side(Gallery(tuple(cards), SPECS))
    (row,) = held_rows(group.topics)
    assert (row.topic.title, row.lasts, len(row.held)) == ("strings", 6, 2)
    assert [line.split(": the gate ")[1] for line in held_sentences([row])] == [
        f"{said} of these to their end: strings."] * 2
    assert ("<strong>10" in page_of(Gallery(tuple(cards), SPECS))) == (said == "holds all")


def test_the_text_has_comments_strings_and_neither():
    """The second text has all three within a few lines, the first has no comment."""
    def shown(name, architecture):
        card = exhibit(name)
        on = claim("h0.2", "comment_or_string", 0.8, Grade.CAUSAL)
        text = "plain code\n" * 12
        first, second = (replace(card.explored[0], document=d, text=text,
                                 activations=bytes(len(text) * len(UNITS)), labels=labels)
                         for d, labels in (("no comment", marks(text, 0, 0)),
                                           ("all", marks(text, 60, 70))))
        return replace(network(name, architecture, Grade.CAUSAL), claims=(on,),
                       explored=(first, second))

    def marks(text, start, stop):
        comment = [float(start <= n < stop) for n in range(len(text))]
        string = [float(80 <= n < 90) for n in range(len(text))]
        either = [max(pair) for pair in zip(comment, string, strict=True)]
        return {"in_comment": runs(comment), "in_string": runs(string),
                "comment_or_string": runs(either)}

    (group,) = side_by_side(Gallery((shown("a", "lstm"), shown("b", "gru")), SPECS))
    on = shown_on_one_text(group)
    assert on.feature.id == "comment_or_string"
    assert {excerpt.document for _, excerpt in on.units} == {"all"}
    (_, excerpt), _ = on.units
    assert excerpt.start <= 60 and excerpt.start + len(excerpt.text) >= 90
    assert sum(excerpt.labels) == 20 and len(excerpt.values) == len(excerpt.text)


def test_a_chart_of_groups_keeps_what_is_beyond_its_scale_inside():
    drawn = boxes_chart("<all>", "half-life", [
        Group("<one>", (0.1, 1, 2, 3, 10**9), [("<dot>", 0.0), ("b", 10**9)]),
        Group("two", (), [])], 0, 2)
    assert "<one>" not in drawn and "&lt;one&gt;" in drawn and "&lt;dot&gt;" in drawn
    assert drawn.count("<circle") == 2 and drawn.count("<rect") == 1
    assert 'cx="8.0"' in drawn and 'cx="406.0"' in drawn
