"""`gallery count`: what is there is not trained again, and mistakes are named."""

import pytest

pytest.importorskip("torch")

from builder.cli import main
from builder.models.counting.running import both_versions
from builder.workspace.counted import read_counted

pytestmark = pytest.mark.torch


def command(path, *more):
    return ["count", "--seeds", "1", "--effort", "0.001", "--workers", "1", "--out", str(path),
            "--languages", "toggle", "--architectures", *more]


def test_it_goes_on_where_it_was_stopped(tmp_path, capsys):
    path = tmp_path / "c.json"
    assert main(command(path, "mingru")) == 0
    first = read_counted(path)
    assert [run.name for run in first.runs] == [("mingru", "toggle", seed) for seed in range(5)]
    assert first.made_by == "gallery count --seeds 1 --effort 0.001"
    assert first.titles == {"mingru": "a minGRU"} and "torch" in first.versions
    before = path.read_bytes()
    assert main(command(path, "mingru")) == 0
    assert "0 networks were trained" in capsys.readouterr().out
    assert path.read_bytes() == before
    assert main(command(path, "mingru", "lstm")) == 0
    assert "5 networks were trained" in capsys.readouterr().out
    second = read_counted(path)
    assert len(second.runs) == 10
    assert [run for run in second.runs if run.architecture == "mingru"] == list(first.runs)
    assert second.versions == first.versions


def test_versions_of_all_runs_are_named():
    here = {"Python": "3.11", "numpy": "2.4", "torch": "2.13", "regex": "1"}
    named = {"Python": "3.11", "numpy": "2.4", "torch": "2.13"}
    assert both_versions({}, here) == both_versions(named, here) == named
    assert both_versions({**named, "torch": "1.0"}, here)["torch"] == "1.0 and 2.13"


def test_the_same_seeds_give_the_same_results(tmp_path):
    for name in ("a", "b"):
        assert main(command(tmp_path / name, "mingru")) == 0
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


@pytest.mark.parametrize(("more", "said"), [
    (("mingur",), "mingur: no architecture has this name; did you mean 'mingru'?"),
    (("lstm", "--languages", "togle"), "togle: no toy language has this name"),
    (("lstm", "--seeds", "0"), "--seeds: not a number of seeds; 0"),
    (("lstm", "--effort", "0"), "--effort: not a number above 0"),
    (("lstm", "--effort", "nan"), "--effort: not a number above 0"),
])
def test_a_mistake_is_named(tmp_path, capsys, more, said):
    path = tmp_path / "c.json"
    assert main(command(path, *more)) == 2
    assert said in capsys.readouterr().err
    assert not path.exists()


def test_results_of_another_effort_are_left_alone(tmp_path, capsys):
    path = tmp_path / "c.json"
    assert main(command(path, "mingru")) == 0
    before = path.read_bytes()
    assert main(command(path, "mingru", "--effort", "1")) == 2
    assert "made with another effort; 0.001; say --effort 0.001" in capsys.readouterr().err
    assert path.read_bytes() == before


def test_a_file_that_is_no_results_is_left_alone(tmp_path, capsys):
    path = tmp_path / "c.json"
    path.write_text("mine", "utf-8")
    assert main(command(path, "mingru")) == 2
    assert "not results of counting" in capsys.readouterr().err
    assert path.read_text("utf-8") == "mine"
