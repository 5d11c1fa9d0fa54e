"""An importer from a package outside of this one, to the claims about what it imported."""

import json

import numpy as np
import pytest

from tests.cli.conftest import CHARACTERS, program
from tests.extension.installing import forget_after, install

torch = pytest.importorskip("torch")

from builder.cli import main  # noqa: E402
from builder.models.folder import load_model  # noqa: E402
from builder.models.importer import IMPORTERS  # noqa: E402

pytestmark = pytest.mark.torch
HIDDEN = 5


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder to work in, in which the importer is installed."""
    list(IMPORTERS.all())  # ours are to be remembered
    forget_after(IMPORTERS, monkeypatch)
    install("importer", tmp_path, monkeypatch)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def by_hand():
    """Return a network whose unit 0 is high from ( to the next ), and low from there on."""
    chance = np.random.default_rng(0)
    v = len(CHARACTERS)
    network = {"Wxh": chance.normal(0, 0.3, (HIDDEN, v)),
               "Whh": chance.normal(0, 0.3, (HIDDEN, HIDDEN)),
               "Why": chance.normal(0, 0.3, (v, HIDDEN)), "bh": chance.normal(0, 0.1, HIDDEN),
               "by": chance.normal(0, 0.1, v)}
    network["Wxh"][0] = network["Whh"][0] = network["bh"][0] = 0
    network["Whh"][0, 0] = 2
    network["Wxh"][0, [CHARACTERS.index("("), CHARACTERS.index(")")]] = 4, -4
    return network


def written(path, network, **changes):
    said = {"chars": list(CHARACTERS), **{n: a.tolist() for n, a in network.items()}, **changes}
    path.write_text(json.dumps({n: v for n, v in said.items() if v is not None}), "utf-8")
    return str(path)


def test_what_each_tensor_was_taken_for_is_printed(here, capsys):
    assert main(["import", written(here / "hand.json", by_hand()), "--out", "model"]) == 0
    v = len(CHARACTERS)
    assert capsys.readouterr().out.splitlines() == [
        f"Wxh  5 × {v}  rnn.weight_ih_l0", "Whh  5 × 5   rnn.weight_hh_l0",
        "bh   5       rnn.bias_ih_l0", f"Why  {v} × 5  decoder.weight",
        f"by   {v}      decoder.bias",
        "the model is in model"]


def test_the_network_does_what_it_did(here):
    network, text = by_hand(), "def f(a, b):\n    return f(b, a)\n"
    assert main(["import", written(here / "hand.json", network), "--out", "model"]) == 0
    h, scores = np.zeros(HIDDEN), []
    for c in text:
        h = np.tanh(network["Wxh"][:, CHARACTERS.index(c)] + network["Whh"] @ h + network["bh"])
        scores.append(network["Why"] @ h + network["by"])
    ours = load_model(here / "model").network
    ids = torch.from_numpy(ours.spec.vocabulary.encode(text))[:, None]
    with torch.inference_mode():
        found = ours(ids, ours.initial_state(1))[0][:, 0].numpy()
    assert np.abs(found[:, 1:] - scores).max() < 5e-3
    assert (found[:, 0] < found[:, 1:].min(axis=1) - 20).all()


def test_its_claims_are_measured(here):
    (here / "programs").mkdir()
    for i in range(40):
        (here / f"programs/program_{i}.py").write_text(program(i), "utf-8")
    assert main(["import", written(here / "hand.json", by_hand()), "--out", "model"]) == 0
    assert main(["inspect", "--model", "model", "--text", "programs", "--language", "python",
                 "--json", "claims.json", "--controls", "none", "--workers", "1"]) == 0
    claims = json.loads((here / "claims.json").read_text("utf-8"))["claims"]
    of_unit_0 = {c["feature"]: c for c in claims if c["unit"] == "h0.0"}
    assert of_unit_0["in_parens"]["held_out"]["r"] > 0.7


def complaint(capsys, *arguments):
    assert main(list(arguments)) == 2
    said = capsys.readouterr()
    assert said.out == ""
    return said.err


def test_what_is_not_whole_is_one_message(here, capsys):
    path = written(here / "hand.json", by_hand(), Why=None, bh=None)
    assert complaint(capsys, "import", path, "--out", "model") == (
        f"gallery: {path}: not a whole network; there is no bh, Why; save it again\n")
    assert not (here / "model").exists()


def test_tensors_that_do_not_fit_are_all_named(here, capsys):
    path = written(here / "hand.json", by_hand(), Whh=[[0.0] * 4] * 5, by=[0.0])
    said = complaint(capsys, "import", path, "--out", "model")
    assert "rnn.weight_hh_l0: another shape" in said and "[5, 4] instead of [5, 5]" in said
    assert "decoder.bias: another shape" in said
    assert not (here / "model").exists()


def test_what_nobody_reads_is_told_with_what_was_tried(here, capsys):
    (here / "notes.txt").write_text("no network", "utf-8")
    said = complaint(capsys, "import", "notes.txt", "--out", "model")
    assert said == (
        "gallery: notes.txt: no importer reads this; tried: a model folder of a gallery (folder), "
        "a network of Keras (keras), a network of PyTorch in memory (live), arrays of numpy (npz), "
        "a checkpoint of PyTorch (pytorch), tensors of safetensors (safetensors), JSON of plain "
        "numbers (plain_json); load it in Python and use builder.save_model\n")


def test_a_source_that_is_not_there(here, capsys):
    assert complaint(capsys, "import", "none.json", "--out", "model") == (
        "gallery: none.json: there is no such file or folder\n")


def test_no_model_is_written_over(here, capsys):
    path = written(here / "hand.json", by_hand())
    assert main(["import", path, "--out", "model"]) == 0
    capsys.readouterr()
    before = (here / "model/model.safetensors").read_bytes()
    said = complaint(capsys, "import", path, "--out", "model")
    assert "there is a model in it already; model.json; name another folder" in said
    assert (here / "model/model.safetensors").read_bytes() == before


def test_a_model_folder_is_a_source_and_keeps_what_it_knows(here, capsys):
    assert main(["import", written(here / "hand.json", by_hand()), "--out", "model"]) == 0
    (here / "model/training_documents.txt").write_text("0a1b\n", "utf-8")
    capsys.readouterr()
    assert main(["import", "model", "--out", "again"]) == 0
    assert "rnn.weight_hh_l0  5 × 5    rnn.weight_hh_l0" in capsys.readouterr().out
    for name in ("model.json", "model.safetensors", "training_documents.txt"):
        assert (here / "again" / name).read_bytes() == (here / "model" / name).read_bytes()
