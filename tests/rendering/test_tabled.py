"""Tables of what was put into words: whole, aligned, and nothing in them is obeyed."""

from builder.core.tabled import printable, said_in_words, word_tables
from builder.rendering.inspected import Inspected

HELD_OUT = {"r": 0.5, "ci": None, "r_within_bigram": 0.45, "ci_within_bigram": None,
            "r_beyond_reservoir": None, "ci_beyond_reservoir": None}
COUNTS = {"single": [3, 1], "formulas": [4, 2], "linear": None,
          "single_beyond_reservoir": None, "formulas_beyond_reservoir": [1]}


def formula(unit, text, share=0.2):
    return {"unit": unit, "text": text, "held_out": HELD_OUT, "explained": {"formula": share},
            "grade": "not_supported"}


def found(*formulas, conditions=(), untrained=None):
    return {"format": 1, "units": 2, "characters": 10, "claims": [], "formulas": list(formulas),
            "coverage": {"units": 9, "thresholds": [0.3, 0.4],
                         "thresholds_beyond_reservoir": [0.2], **COUNTS, "untrained": untrained},
            "conditions": list(conditions)}


def test_one_row_for_each_cell_and_a_dash_where_nothing_is_known():
    (formulas, coverage) = word_tables(found(
        formula("h0.1", "in_string"), formula("c0.1", "in_comment"),
        formula("h0.2", "in_parens", None)))
    assert [row[:2] for row in formulas.rows] == [("h0.1", "in_string"), ("h0.2", "in_parens")]
    assert formulas.rows[0][2:] == ("0.45", "—", "20%", "not supported")
    assert formulas.rows[1][4] == "—"
    assert coverage.rows == (("one feature", "3", "1", "—"), ("a formula", "4", "2", "1"),
                             ("a linear mix of all", "—", "—", "—"))


def test_what_is_not_supported_stands_there_where_nothing_is():
    none = [formula(f"h0.{i}", "in_string", -0.001) for i in range(9)]
    (alone, _) = word_tables(found(*none))
    assert len(alone.rows) == 3 and {row[4] for row in alone.rows} == {"0%"}
    (beside, _) = word_tables(found({**formula("h0.17", "in_comment"), "grade": "suggestive"},
                                    *none))
    assert [row[0] for row in beside.rows] == ["h0.17"]


def test_untrained_networks_stand_below_the_network():
    table = word_tables(found(formula("h0.1", "a"), untrained={
        "networks": 2, **COUNTS, "single": [2.5, 0]}))[1]
    assert table.rows[1] == ("one feature, untrained", "2.5", "0", "—")
    assert len({len(row) for row in (table.head, *table.rows)}) == 1


def test_claims_under_a_condition_have_a_table():
    condition = {"unit": "h0.1", "feature": "next_is_newline", "given": 'character==")"',
                 "held_out": {"r": -0.6, "auc": 0.81, "auprc": 0.72, "base_rate": 0.47},
                 "untrained_floor": None, "grade": "verified"}
    (row,) = word_tables(found(formula("h0.1", "a"), conditions=[condition]))[2].rows
    assert row == ("h0.1", "next_is_newline", 'character==")"', "-0.60", "0.81", "0.72", "0.47",
                   "—", "verified")


def test_sums_and_spread_have_a_table_each():
    several = {"weight": 0.5, "further": [{"text": "in_comment", "weight": -0.2}],
               "explained": 0.31}
    spread = [{"text": "opens", "units": ["h0.1", "h0.2"], "sizes": [1, 2],
               "explained": [0.1, None], "linear": 0.3, "reservoir": 0.4},
              {"text": "in_string", "units": ["c0.2"], "sizes": [1, 2], "explained": [0.4, 0.5],
               "linear": 0.6, "reservoir": None}]
    whole = {**found({**formula("h0.1", "in_string | opens"), "several": several}),
             "spread": spread}
    _, sums, _, spreads = word_tables(whole)
    assert sums.rows == (("h0.1", "+ (in_string | opens) − (in_comment)", "20%", "31%"),)
    assert spreads.rows == (("in_string", "c0.2", "40%", "50%", "60%", "—"),
                            ("opens", "h0.1", "10%", "—", "30%", "40%"))
    assert len(spreads.head) == 6


def test_columns_stand_below_each_other():
    lines = said_in_words(found(formula("h0.1", "in_string & ~in_comment"), formula("h0.2", "a")))
    assert lines[1].index("r′") == lines[2].index("0.45") == lines[3].index("0.45")


def test_where_it_was_not_asked_for_there_is_no_table():
    nothing = {"claims": [], "units": 0, "characters": 0, "formulas": None, "coverage": None,
               "conditions": None}
    assert said_in_words(nothing) == [] and "formula" not in repr(Inspected(nothing))


def test_nothing_of_a_text_is_obeyed():
    hostile = 'word=="<script>\u202e\x9b31m"'
    shown = Inspected(found(formula("h0.1", hostile)))
    assert "\x9b" not in repr(shown) and "\u202e" not in repr(shown)
    assert "\\x9b31m" in repr(shown) and "<script>" not in shown._repr_html_()
    assert printable("é→\n\u2028") == "é→\\n\\u2028"
