"""Options that take several values stand before or after the argument of a command."""

from pathlib import Path

import pytest

from builder.cli import _parser

ADD = "add --states s.npz --language python"
IMPORT = "import --out m"
CASES = [
    (f"{ADD} --untrained-states u.npz NAME", "NAME", {"untrained_states": "u.npz"}),
    (f"{ADD} --untrained-states u.npz v.npz NAME", "NAME", {"untrained_states": "u.npz v.npz"}),
    (f"{ADD} NAME --untrained-states u.npz v.npz", "NAME", {"untrained_states": "u.npz v.npz"}),
    ("add --untrained-states u.npz NAME --states s.npz --language c", "NAME",
     {"untrained_states": "u.npz"}),
    ("add --untrained-states u.npz --states s.npz --untrained-states v.npz NAME --language c",
     "NAME", {"untrained_states": "u.npz v.npz"}),
    (f"{ADD} --untrained-states u.npz -- NAME", "NAME", {"untrained_states": "u.npz"}),
    (f"{IMPORT} --text a.txt x.pt", "x.pt", {"text": "a.txt"}),
    (f"{IMPORT} x.pt --text a.txt b.txt --text c.txt", "x.pt", {"text": "a.txt b.txt c.txt"}),
    (f"{IMPORT} --text a.txt x.pt --text c.txt", "x.pt", {"text": "a.txt c.txt"}),
    (f"{IMPORT} --text a.txt --map a=b c=d x.pt", "x.pt", {"text": "a.txt", "map": "a=b c=d"}),
    (f"{IMPORT} --map a=b x.pt", "x.pt", {"map": "a=b"}),
]


@pytest.mark.parametrize(("line", "argument", "options"), CASES)
def test_an_option_leaves_the_argument(line, argument, options):
    read = vars(_parser().parse_args(line.split()))
    kinds = (str, Path) if line.startswith("import") else (str,)
    found = read["source" if line.startswith("import") else "name"]
    assert isinstance(found, kinds) and str(found) == argument
    assert {name: " ".join(map(str, read[name])) for name in options} == options
    assert not [name for name in read if name.startswith("_")]


@pytest.mark.parametrize("line", [
    ADD, f"{ADD} --untrained-states u.npz", IMPORT, f"{IMPORT} --text a.txt",
    f"{IMPORT} --text a.txt b.txt --map a=b c=d",
])
def test_an_argument_that_is_not_there_is_asked_for(line, capsys):
    with pytest.raises(SystemExit) as ended:
        _parser().parse_args(line.split())
    said = capsys.readouterr().err.splitlines()[-1]
    name = "NAME" if line.startswith("add") else "SOURCE"
    assert ended.value.code == 2
    assert said.endswith(f"required: {name}; write it before all options")


def test_an_option_that_is_given_twice_has_the_values_of_both():
    line = "inspect --model m --text a b --text c --language c --json o --signals dh --signals i"
    read = _parser().parse_args(line.split())
    assert list(map(str, read.text)) == ["a", "b", "c"] and read.signals == ["dh", "i"]
    assert _parser().parse_args(["features"]).measure == []


@pytest.mark.parametrize(("command", "argument"), [("add", "NAME"), ("import", "SOURCE")])
def test_help_shows_the_argument_as_one_that_is_needed(command, argument, capsys):
    with pytest.raises(SystemExit):
        _parser().parse_args([command, "--help"])
    usage = capsys.readouterr().out.partition("\n\n")[0]
    assert f" {argument}" in usage and f"[{argument}]" not in usage
