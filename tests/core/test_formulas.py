"""Formulas are written, read back and evaluated; what is no formula is refused in one line."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.core.errors import UserError
from builder.core.formulas import (
    LONGEST,
    Atom,
    atoms_of,
    both,
    either,
    negated,
    of_atom,
    parsed,
)

A, B, C, D = (of_atom(Atom(name)) for name in "abcd")
NAMES = st.sampled_from(["a", "in_string", "größe", "x1"])
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=4)
NUMBERS = st.one_of(st.integers(-10**6, 10**6).map(float),
                    st.floats(-1e9, 1e9, allow_nan=False, allow_infinity=False))
ATOMS = st.one_of(st.builds(Atom, NAMES), st.builds(Atom, NAMES, NUMBERS),
                  st.builds(Atom, NAMES, st.none(), WORDS))
FORMULAS = st.recursive(
    ATOMS.map(of_atom),
    lambda part: st.one_of(part.map(negated), st.builds(both, part, part),
                           st.builds(either, part, part)), max_leaves=5)


def truths(formula, seed=0):
    """Return every atom at random, and where the formula then holds."""
    random = np.random.default_rng(seed)
    on = {atom: random.random(64) < 0.5 for atom in sorted(formula.atoms, key=str)}
    return on, formula.holds(on)


@given(FORMULAS)
def test_what_is_written_is_read_back(formula):
    if len(str(formula)) <= LONGEST:
        assert parsed(str(formula)) == formula
        assert str(parsed(str(formula))) == str(formula)


@given(FORMULAS)
def test_a_negation_holds_where_the_formula_does_not(formula):
    on, holds = truths(formula)
    assert np.array_equal(negated(formula).holds(on), ~holds)
    assert np.array_equal(negated(negated(formula)).holds(on), holds)


@given(FORMULAS, FORMULAS)
def test_two_formulas_are_joined(f, g):
    on, holds = truths(both(f, g))
    assert np.array_equal(holds, f.holds(on) & g.holds(on))
    on, holds = truths(either(f, g))
    assert np.array_equal(holds, f.holds(on) | g.holds(on))


@pytest.mark.parametrize(("text", "formula"), [
    ("a | b & c", either(A, both(B, C))), ("a & b | c", either(both(A, B), C)),
    ("~a & b", both(B, negated(A))), ("~(a & b)", either(negated(A), negated(B))),
    ("(a | b) & c", both(either(A, B), C)), ("~~a", A), ("((a))", A),
    ("  a\n&\tb ", both(A, B)), ("~(a | b) | c & ~~d",
                                 either(both(negated(A), negated(B)), both(C, D)))])
def test_not_binds_most_then_and_then_or(text, formula):
    assert parsed(text) == formula


@pytest.mark.parametrize(("text", "atom"), [
    ("line_position>=10", Atom("line_position", 10.0)), ("depth >= -1.5", Atom("depth", -1.5)),
    ("n>=1e-05", Atom("n", 1e-05)), ('first_word=="import"', Atom("first_word", None, "import")),
    (r'last_mark == "\""', Atom("last_mark", None, '"')),
    ('word=="a & (b | ~c)"', Atom("word", None, "a & (b | ~c)")),
    ('character=="\\n"', Atom("character", None, "\n"))])
def test_atoms(text, atom):
    assert parsed(text) == of_atom(atom)
    assert parsed(str(atom)) == of_atom(atom)


@pytest.mark.parametrize("text", [
    "", " ", "a b", "a &", "| a", "a && b", "a)", "(a", "()", "~", "a ~b", "a(b)", "1a", "a<3",
    "a>=", "a>=x", "a==b", "a=='b'", 'a=="b', 'a=="\\q"', 'a=="\n"', 'a=="\\ud800"', "a>=1e999",
    "a>=" + "9" * 400, "a;b", "a\0", "a>=nan", '"a"', "__import__('os')", "a" * (LONGEST + 1),
    "~" * LONGEST, "(" * LONGEST, "(" * 200 + "a" + ")" * 200, "~(" * 150 + "a" + ")" * 150,
    "a&" * 249, "a|(" * 160])
def test_what_is_no_formula_is_refused_in_one_line(text):
    with pytest.raises(UserError) as error:
        parsed(text)
    message = str(error.value)
    assert message.startswith("formula: ") and "\n" not in message and len(message) < 250


def test_the_place_of_the_mistake_is_named():
    with pytest.raises(UserError, match=r"expected & or \| here; at 'c d'"):
        parsed("a & b c d")


def test_many_negations_are_one_or_none():
    assert parsed("~" * (LONGEST - 1) + "a") == negated(A)
    assert parsed("~" * (LONGEST - 2) + "a") == A


def test_what_is_not_so_is_written_last():
    assert str(both(negated(A), B)) == "b & ~a"


def test_size_counts_every_mention_and_atoms_each_once():
    formula = parsed("a & b | a & ~c")
    assert formula.size == 4
    assert [str(atom) for atom in formula.atoms] == ["a", "b", "c"]
    assert [str(atom) for atom in atoms_of([formula, D])] == ["a", "b", "c", "d"]


def test_a_tree_of_plain_values():
    tree = parsed('in_indent & ~line_position>=4 | first_word=="if"').as_json()
    assert tree == {"or": [
        {"and": [{"feature": "in_indent"}, {"not": {"feature": "line_position", "least": 4.0}}]},
        {"feature": "first_word", "word": "if"}]}
