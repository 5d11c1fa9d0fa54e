"""Commands run in this process, and a small network that has learned nothing."""

from __future__ import annotations

import os
import random

import pytest

from builder.cli import main

CHARACTERS = "\t\n" + "".join(map(chr, range(32, 127)))
LINES = ('    total = total + {n}', '    names = ["a{n}", \'b\', "c d"]  # names of {n}',
         '    if total > {n} and (names or print(total)):\n        return [total, {{"k": ({n},)}}]',
         '    print("value", total, (names, {n}))', '    # nothing to see in line {n}')


def snapshot(folder):
    """Return every path below a folder with its bytes."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() if p.is_file() else None
            for p in sorted(folder.rglob("*"))}


def program(seed, length=2_500):
    """Return a small Python program, the same for the same seed."""
    chance = random.Random(seed)
    text = f'"""Program {seed}."""\n'
    while len(text) < length:
        text += f"\n\ndef work_{chance.randrange(99)}(total):\n"
        text += "".join(chance.choice(LINES).format(n=chance.randrange(1_000)) + "\n"
                        for _ in range(chance.randrange(3, 12)))
    return text


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder to work in, which is the current one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def complaint(here, capsys):
    """Run a command that must fail; return what it says, a line for each problem.

    It ends with 2, says nothing on stdout, shows no traceback and leaves nothing behind.
    """
    def run(*arguments, lines=1):
        before = snapshot(here)
        capsys.readouterr()
        assert main([str(argument) for argument in arguments]) == 2
        said = capsys.readouterr()
        assert said.out == ""
        found = said.err.splitlines()
        assert len(found) == lines, said.err
        assert all(line.startswith("gallery: ") for line in found)
        assert "Traceback" not in said.err
        assert snapshot(here) == before
        return said.err

    return run


@pytest.fixture(scope="session")
def model(tmp_path_factory):
    """A model folder: an LSTM of 16 units with the weights it was made with."""
    torch = pytest.importorskip("torch")
    from builder import save_model

    torch.manual_seed(0)
    embedding, rnn = torch.nn.Embedding(len(CHARACTERS), 8), torch.nn.LSTM(8, 16)
    folder = tmp_path_factory.mktemp("models") / "small"
    save_model(folder, rnn, embedding, torch.nn.Linear(16, len(CHARACTERS)), CHARACTERS)
    return folder


@pytest.fixture(scope="session")
def programs(tmp_path_factory):
    """A folder of 40 small Python files."""
    folder = tmp_path_factory.mktemp("programs")
    for i in range(40):
        (folder / f"program_{i}.py").write_text(program(i), "utf-8")
    return folder


@pytest.fixture(autouse=True, scope="session")
def one_thread():
    """Leave the other cores to the other tests."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
