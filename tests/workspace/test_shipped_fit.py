"""The fit beside the weights: what is written comes back, and what is not right is refused."""

import json
from dataclasses import replace

import jsonschema
import pytest

from builder.core.errors import UserError
from builder.core.fit import Fit
from builder.workspace import shipped, shipped_fit
from tests.sources import PROJECT

FIT = Fit(1.6251, 4.5, 6.58, 0.0004, (("é", 0.0003), ("\0", 0.0001)), None)
MADE = shipped.MadeOf(shipped.MEASUREMENT, "w", "m", "t", "", {}, (), (), "")
SHIPPED = sorted((PROJECT / "gallery").glob(f"*/{shipped_fit.FIT_FILE}"))


def refused(folder):
    with pytest.raises(UserError) as caught:
        shipped_fit.read_fit(folder, MADE)
    (problem,) = caught.value.problems
    assert problem.where == str(folder / "fit.json") and "gallery measure" in problem.remedy
    return f"{problem.wrong}; {problem.found}"


@pytest.mark.parametrize("fit", [FIT, replace(FIT, bits=None, uniform_bits=None,
                                              unknown_share=None, unknown=(), warning="why")])
def test_what_is_written_comes_back(tmp_path, fit):
    shipped_fit.write_fit(tmp_path, fit, MADE)
    assert shipped_fit.read_fit(tmp_path, MADE) == fit
    jsonschema.validate(json.loads((tmp_path / "fit.json").read_text("utf-8")),
                        shipped_fit.schema())
    shipped_fit.write_fit(tmp_path, None, MADE)
    assert shipped_fit.read_fit(tmp_path, MADE) is None and not list(tmp_path.iterdir())


@pytest.mark.parametrize("other", [{"weights": "x"}, {"text": "x"}])
def test_that_of_other_weights_or_another_text_is_not_taken(tmp_path, other):
    shipped_fit.write_fit(tmp_path, FIT, MADE)
    assert shipped_fit.read_fit(tmp_path, replace(MADE, **other)) is None


@pytest.mark.parametrize(("content", "says"), [
    (b"", "not the fit of a model"), (b"{}", "format"), (b'{"format": 2}', "format"),
    (b"[" * 70_000, "too large"), (b"\xff", "not the fit of a model")])
def test_what_is_not_right_is_said(tmp_path, content, says):
    (tmp_path / "fit.json").write_bytes(content)
    assert says in refused(tmp_path)


def test_a_number_that_is_none_is_said(tmp_path):
    shipped_fit.write_fit(tmp_path, FIT, MADE)
    path = tmp_path / "fit.json"
    path.write_text(path.read_text("utf-8").replace("4.5", '"many"'))
    assert "fit.unigram_bits" in refused(tmp_path)


def test_the_schema_on_the_site_is_that_of_the_types():
    published = PROJECT / "site_src" / "docs" / "fit.schema.json"
    assert json.loads(published.read_text("utf-8")) == shipped_fit.schema()


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.parent.name)
def test_a_shipped_fit_is_that_of_the_results(path):
    jsonschema.validate(json.loads(path.read_text("utf-8")), shipped_fit.schema())
    results = shipped.read_shipped(path.parent)
    fit = shipped_fit.read_fit(path.parent, results.made_of)
    assert fit is not None and fit.warning is None
    # both are of unseen text: one of discover and held-out text, one of held-out text alone
    assert fit.bits == pytest.approx(results.card.bits_per_character, rel=0.15)
    assert fit.bits < fit.unigram_bits < fit.uniform_bits


def test_there_are_shipped_ones():
    assert len(SHIPPED) > 5
