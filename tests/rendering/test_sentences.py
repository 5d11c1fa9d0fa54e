"""Every sentence that the pages say of a shipped cell, held against a small grammar."""

import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from builder.core.cards import Grade
from builder.core.fit import Fit
from builder.core.labels import Tag
from builder.features import FEATURES, all_features
from builder.rendering import fitting, numbers, phrases, words
from builder.workspace.recipe import read_exhibit
from builder.workspace.shipped import read_shipped
from tests.make_cards import claim, exhibit

GALLERY = Path(__file__).parents[2] / "gallery"
EXHIBITS = sorted(path.parent for path in GALLERY.glob("*/exhibit.toml"))

UNIT = r"[a-z]+\d+\.\d+"
COLOUR, MORE, MOVES = r"(?:red|blue)", r"(?:redder|bluer)", r"(?:jumps? up|drops?)"
PLACE = r"(?:in|inside|on|between) (?!the|a|an\b)\S+.*|(?:in|on|inside|at) (?:the|a|an|every) \S+.*"
GROWTH = (r"the (?:more|further|longer|deeper) .*\b(?:open|left|line|word|nested|indented|ended"
          r"|goes on|come just before|come|was)|with (?:each|every) \S+.*")
MOMENT = r"whenever .* (?:opens|closes)|at the end of every line"
COMING = r"just before a .* (?:ends|closes)"
PHRASE = {Tag.STATE: PLACE, Tag.COUNT: GROWTH, Tag.EVENT: MOMENT}
LEADS = {
    Tag.STATE: rf"(?:is|tends to be|seems to be) {COLOUR} (?:{PLACE})",
    Tag.COUNT: rf"(?:gets|tends to get|seems to get) {MORE} (?:{GROWTH})",
    Tag.EVENT: rf"(?:tends to |seems to )?{MOVES} (?:{MOMENT})",
    Tag.FUTURE: rf"(?:tends|seems) to (?:be {COLOUR} (?:{COMING})|get {MORE} (?:{GROWTH}))",
}
"""What may follow the name of a unit."""

NUMBER = r"−?1?\.\d\d"
BEYOND = r"among places with the same last two characters"
NUMBERS = re.compile(
    rf"Correlation {NUMBER} on unseen text(?: {BEYOND}|(?: \(95% interval {NUMBER} to {NUMBER}\))?"
    rf"(?:; {NUMBER} {BEYOND})?)\.")

ENDINGS = r"(?:, but only weakly|, but this does not hold up)?"

PREPOSITION = r"(?:in|inside|on|at|after|before|between|of|with|to|from|by)"
NEVER = re.compile(
    rf"  | [,;:]| \.(?!\d)|\b{PREPOSITION} {PREPOSITION}\b|\bwhere an? \w+\.|\bas the\b|\bthe the\b"
    r"|\ba [aeio]\w+|\ban [^aeiou“]|\bgrows\b|\(red\)|\(blue\)|\bheld\b|\bletters b\b"
    r"|The change of|\bline end\b|\bblanks?\b(?! lines?\b)|[“”]{2}|\b(\w+) \1\b")
"""Two prepositions in a row, what cannot grow, a double space, and other ways to stumble."""


@cache
def said(folder):
    """Return the card of an exhibit and the features that its claims may name, by id."""
    found = read_shipped(folder)
    assert found is not None
    features = all_features(read_exhibit(folder).recipe.feature)
    return found.card, {id_: made.spec for id_, made in features.items()}


def stumbles(sentence):
    """Return where a sentence stumbles; empty where it does not."""
    found = NEVER.search(sentence)
    return found[0] if found else ""


@pytest.mark.parametrize("text", [
    "c0.1 is low (blue) at on a line.", "is blue at after return.", "c0.1 is red where a newline.",
    "goes up as the letters b still to come grows", "The change of c0.4 is low", "red  in strings",
    "held at its mean", "in the the line", "inside inside strings", "on a identifier",
    "after the last two blanks", "on an number"])
def test_the_grammar_finds_what_it_should(text):
    assert stumbles(text)


@pytest.mark.parametrize("folder", EXHIBITS, ids=lambda path: path.name)
def test_every_lead_of_every_cell_is_a_sentence(folder):
    card, features = said(folder)
    for cell in card.cells:
        feature = features[cell.claim.feature]
        lead = words.lead(cell.claim, feature)
        assert re.fullmatch(rf"{UNIT} (?:{LEADS[feature.tag]}){ENDINGS}\.", lead), lead
        unit, _, rest = lead.partition(" ")
        assert not stumbles(rest) and not re.search(r"\d", rest), lead
        assert unit == str(cell.claim.changing)
        short = words.short_lead(cell.claim, feature)
        assert short[0].isupper() and not short.endswith(".") and not stumbles(short), short


@pytest.mark.parametrize("folder", EXHIBITS, ids=lambda path: path.name)
def test_every_other_sentence_of_every_claim_reads_well(folder):
    card, features = said(folder)
    for one in (*card.claims, *(cell.claim for cell in card.cells)):
        feature = features[one.feature]
        sentences = [words.lead(one, feature), words.numbers_sentence(one, feature),
                     words.grade_sentence(one, feature), words.effect_sentence(one, feature),
                     words.counter_sentence(card, one, feature)]
        for sentence in filter(None, sentences):
            assert sentence[-1] == "." and "None" not in sentence, sentence
            assert not stumbles(sentence), (stumbles(sentence), sentence)
        numbers = words.numbers_sentence(one, feature)
        assert NUMBERS.fullmatch(numbers), numbers


@pytest.mark.parametrize("folder", EXHIBITS, ids=lambda path: path.name)
def test_a_passage_is_called_a_failure_only_where_it_speaks_against_the_claim(folder):
    for cell in said(folder)[0].cells:
        for excerpt in cell.excerpts:
            heading, rule = words.excerpt_heading(excerpt), words.excerpt_rule(excerpt)
            assert ("fail" in heading) == (excerpt.rule == "fails" and excerpt.contribution < 0)
            assert rule and not stumbles(heading) and not stumbles(rule)


def all_specs():
    specs = {id_: made.spec for id_, made in FEATURES.items()}
    for folder in EXHIBITS:
        own = read_exhibit(folder).recipe.feature
        specs |= {f.id: all_features(own)[f.id].spec for f in own}
    return specs


SPECS = all_specs()


@pytest.mark.parametrize("feature", SPECS.values(), ids=lambda spec: spec.id)
def test_every_feature_of_ours_has_its_phrases(feature):
    given = feature.phrases
    assert given.phrase and given.rise and given.fall
    if feature.tag is Tag.FUTURE:
        assert re.fullmatch(COMING if feature.is_binary else GROWTH, given.phrase)
    else:
        assert re.fullmatch(PHRASE[feature.tag], given.phrase), given.phrase
    assert bool(given.many) == bool(given.few) == (not feature.is_binary)
    for part in (given.phrase, given.many, given.few, given.rise, given.fall):
        assert not stumbles(part) and not re.search(r"\d|`|\.$", part), part
    for happening in (given.rise, given.fall):
        assert re.search(r"\b(?:ends?|ended|begins|opens|closes|comes|goes on|is|closed|reads)\b",
                         happening), happening


@pytest.mark.parametrize("feature", SPECS.values(), ids=lambda spec: spec.id)
@pytest.mark.parametrize("grade", Grade)
@pytest.mark.parametrize("r", [-0.8, 0.2, 0.8])
def test_whatever_is_found_can_be_said(feature, grade, r):
    lead = words.lead(claim("c0.1", feature.id, r, grade), feature).removeprefix("c0.1 ")
    assert re.fullmatch(rf"(?:{LEADS[feature.tag]}){ENDINGS}\.", lead), lead
    assert not stumbles(lead) and not re.search(r"\d", lead), lead


@pytest.mark.parametrize("feature", SPECS.values(), ids=lambda spec: spec.id)
def test_titles_and_labels_read_well(feature):
    here, there = phrases.contrast(feature)
    said = [feature.hypothesis.removeprefix("is on "), words.label_at(feature, 1.0)]
    said += [f"Around the moment {words.event(feature, kind)}" for kind in ("rise", "fall")]
    for text in (*said, feature.title, f"more {here} than {there}"):
        assert not stumbles(text), text


@pytest.mark.parametrize(("share", "said"), [
    (0.0, "100%"), (0.61, "39%"), (0.999, "<1%"), (1.0, "none"), (4.32, "none")])
def test_what_the_last_two_characters_explain_is_a_share(share, said):
    assert numbers.rest(share) == said


@pytest.mark.parametrize(("title", "said"), [
    ("An LSTM that counts", "an LSTM that counts"), ("A GRU", "a GRU"), ("The one", "the one"),
    ("Anna's network", "Anna's network"), ("LSTM", "LSTM")])
def test_a_title_inside_a_sentence_begins_small(title, said):
    assert phrases.inside(title) == said


@pytest.mark.parametrize(("fit", "said"), [
    (None, ""), (Fit(None, 4.5, None, None, (), None), ""),
    (Fit(1.62, 4.5, 6.6, 0.0, (), None),
     "On a sample of unseen text, of which it has read what comes before, the model needs 1.62 "
     "bits to predict a character; one that knows no more than "
     "how frequent each character is needs 4.50, and nothing in the text is unknown to it."),
    (Fit(1.62, 4.5, 6.6, 0.0002, (("é", 0.0002),), None), "less than 0.1% of the text is unknown"),
    (Fit(1.62, 4.5, 6.6, 0.021, (("é", 0.021),), "why"), "2.1% of the text is unknown to it."),
])
def test_how_well_a_model_predicts_its_text(fit, said):
    card = replace(exhibit(), fit=fit)
    sentence = fitting.fit_sentence(card)
    assert said in sentence and bool(said) == bool(sentence)
    assert fitting.fit_warning(card) == ("why" if fit and fit.warning else "")
    words_of = fitting.fit_sentence(replace(card, tokens="words"))
    assert ("how frequent its words are" in words_of) == bool(said)
