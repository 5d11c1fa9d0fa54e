"""Units that have no page for a single feature get one where words about them are sure."""

from dataclasses import replace

import pytest

from builder.core.grades import GOOD, Grade
from builder.core.units import UnitId
from builder.rendering import render_site
from builder.rendering.gallery import Gallery, page_of, said_in_words, sure_cells
from builder.rendering.spoken import about, spoken, title
from tests.make_cards import FEATURES, exhibit, formula_claim

BARE = exhibit()
SHOWN = {cell.claim.cell for cell in BARE.cells}
FREE = [u for u in BARE.table.units if u.cell not in SHOWN]
CONDITION = BARE.worded.conditions[0]


def with_formulas(*claims, conditions=()):
    return replace(BARE, worded=replace(BARE.worded, formulas=claims, conditions=conditions))


def sure(unit, value=0.6, grade=Grade.VERIFIED):
    return formula_claim(str(unit), "in_string & ~bracket_depth>=2", value, grade)


def test_only_what_is_sure_of_units_without_a_page_gets_one():
    first, second = FREE[0], UnitId.parse("c0.240")
    taken = BARE.cells[0].claim.unit
    claims = (sure(first, 0.5), sure(second, 0.7), sure(taken, 0.9),
              sure("c0.250", 0.8, Grade.SUGGESTIVE))
    one = with_formulas(*claims)
    assert [c.unit for c in said_in_words(one)] == [second, first]
    assert page_of(one, second) == f"cells/python-lstm/l{second.layer}-{second.index}"
    assert page_of(one, UnitId.parse("c0.250")) == ""
    assert page_of(one, taken) == page_of(BARE, taken) != ""
    assert said_in_words(replace(one, worded=None)) == []
    assert said_in_words(replace(one, explored=())) == []


def test_a_unit_of_whom_several_things_are_sure_counts_once():
    taken = next(c.unit for c in BARE.claims if c.grade in GOOD)
    before = len({c.cell for c in BARE.claims if c.grade in GOOD})
    assert sure_cells(with_formulas(sure(taken))) == before
    one = with_formulas(sure(taken), sure("c0.240"), sure("c0.241", grade=Grade.SUGGESTIVE),
                        conditions=(replace(CONDITION, unit=UnitId.parse("h0.240")),))
    assert sure_cells(one) == before + 1 and sure_cells(replace(one, worded=None)) == before


def test_no_more_of_an_exhibit_than_can_be_looked_at_and_conditions_come_last():
    many = [sure(f"c0.{n}", 0.3 + n / 1000) for n in range(100, 130)]
    others = tuple(replace(CONDITION, unit=UnitId.parse(f"h0.{n}")) for n in range(140, 150))
    found = said_in_words(with_formulas(*many, conditions=others))
    assert [c.unit.index for c in found] == [*range(129, 117, -1), *range(140, 144)]


def test_the_page_says_it_draws_it_and_leads_to_the_evidence():
    claim = sure(FREE[0])
    one = with_formulas(claim, conditions=(replace(CONDITION, unit=FREE[0]),))
    site = render_site([one], FEATURES)
    name = f"cells/python-lstm/l{FREE[0].layer}-{FREE[0].index}"
    page = next(p.content for p in site.fragments if name in p.path)
    assert "inside a string" in page and '<span class="grade grade-verified">' in page
    assert page.count("<figure") >= 2 and 'id="in-words"' in page and 'id="given"' in page
    assert f"#{FREE[0]}" in page and 'id="compared"' in page
    alias = next(p.content for p in site.downloads
                 if p.path.endswith(f"cells/python-lstm/{FREE[0].name}/index.html"))
    assert f'href="../{name.split("/")[-1]}/"' in alias


def test_a_unit_of_whom_there_is_but_a_condition_is_told_by_it():
    claim = replace(CONDITION, unit=FREE[0])
    one = with_formulas(conditions=(claim,))
    gallery = Gallery((one,), FEATURES)
    assert spoken(gallery, one, claim).lead == about(claim, gallery)
    assert "Among all “)”" in about(claim, gallery) and "all “)”" in title(one, claim, gallery)
    site = render_site([one], FEATURES)
    page = next(p.content for p in site.fragments
                if f"cells/python-lstm/l{FREE[0].layer}-{FREE[0].index}" in p.path)
    assert "AUC .85" in page and 'id="in-words"' not in page


def test_features_are_those_of_the_table_by_the_size_of_what_is_left():
    one = with_formulas(sure(FREE[0]))
    rows = spoken(Gallery((one,), FEATURES), one, sure(FREE[0])).features
    u = one.table.units.index(FREE[0])
    assert rows and [abs(within) for *_, within in rows] == sorted(
        (abs(within) for *_, within in rows), reverse=True)
    for feature, r, within in rows:
        k = one.table.features.index(feature.id)
        assert (r, within) == pytest.approx((one.table.r[u][k] / 1000,
                                             one.table.r_within[u][k] / 1000))
