"""Checkpoints of PyTorch that hold more than a state dict, and what is never made of them."""

import collections
import json
import pickle

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from torch import nn  # noqa: E402

from tests.cli.conftest import complaint, here  # noqa: E402, F401
from tests.models.made_files import CHARACTERS, E, H, arrays_of, network_of  # noqa: E402
from tests.models.test_importing import CharRnn, imported, same  # noqa: E402

pytestmark = pytest.mark.torch
ROWS = {c: i for i, c in enumerate(CHARACTERS)}


@pytest.fixture(scope="module")
def network():
    return network_of("lstm")


@pytest.fixture
def folder(here):  # noqa: F811
    (here / "vocabulary.json").write_text(json.dumps(list(CHARACTERS)), "utf-8")
    return here


def strided(array):
    return np.stack([array, array], -1)[..., 0]


NUMPY = {
    "float32": lambda a: a, "float64": lambda a: a.astype("f8"), "of Fortran": np.asfortranarray,
    "big-endian": lambda a: a.astype(">f4"), "strided": strided,
}


@pytest.mark.parametrize("way", NUMPY)
@pytest.mark.parametrize("zipped", [True, False])
def test_arrays_of_numpy_in_a_checkpoint(folder, network, way, zipped):
    arrays = {n: NUMPY[way](t.numpy()) for n, t in arrays_of(network).items()}
    torch.save({"params": arrays, "chars": np.array(list(CHARACTERS)), "empty": np.array([]),
                "objects": np.array([{}], object), "loss": np.float64(2)}, "x.pt",
               _use_new_zipfile_serialization=zipped)
    imported("x.pt")
    same(network)


class Vocab:
    def __init__(self, **how):
        self.__dict__.update(how)


class Attributes(dict):
    pass


VOCABULARIES = {
    "numbers of numpy": {c: np.int64(i) for c, i in ROWS.items()},
    "keys of numpy": {np.int64(i): c for c, i in ROWS.items()},
    "defaultdict": collections.defaultdict(int, ROWS),
    "an object": Vocab(itos=list(CHARACTERS), stoi=ROWS),
    "a dict of one's own": Attributes(stoi=ROWS),
    "pairs": list(ROWS.items()), "numbered": list(enumerate(CHARACTERS)),
}


@pytest.mark.parametrize("way", VOCABULARIES)
def test_vocabularies_of_other_kinds(folder, network, way):
    torch.save({"model": arrays_of(network), "vocab": VOCABULARIES[way]}, "x.pt")
    imported("x.pt")
    same(network)


def whole(network):
    module = CharRnn(network)
    module.chars = tuple(CHARACTERS)
    return module


WHOLE = {
    "a module": lambda n: whole(n), "in a dict": lambda n: {"model": whole(n), "epoch": 3},
    "DataParallel": lambda n: nn.DataParallel(whole(n)),
    "its parts": lambda n: {**whole(n)._modules, "chars": CHARACTERS},
    "a list": lambda n: [list(whole(n).parameters()), CHARACTERS],
    "pairs": lambda n: [list(whole(n).state_dict().items()), CHARACTERS],
}


@pytest.mark.parametrize("way", WHOLE)
def test_what_is_no_state_dict(folder, network, way, capsys):
    torch.save(WHOLE[way](network), "x.pt")
    imported("x.pt")
    same(network)
    said = capsys.readouterr().out
    assert ("looked into, and not made: objects of tests.models.test_importing.CharRnn" in said) \
        == (way in ("a module", "in a dict", "DataParallel"))


def test_a_module_of_relu_layers_is_refused(folder, complaint, network):  # noqa: F811
    module = whole(network)
    module.recurrent = nn.RNN(E, H, nonlinearity="relu")
    torch.save(module, "x.pt")
    assert "x.pt: its layers are no tanh layers; recurrent has relu" in complaint(
        "import", "x.pt", "--out", "m")


@pytest.mark.filterwarnings("ignore:torch.quantize")
@pytest.mark.parametrize("kind", ["quantized", "sparse", "int8"])
def test_weights_that_are_no_plain_numbers(folder, complaint, network, kind):  # noqa: F811
    make = {"quantized": lambda t: torch._empty_affine_quantized(t.shape, scale=1.0, zero_point=0,
                                                                 dtype=torch.qint8),
            "sparse": lambda t: t.to_sparse(), "int8": lambda t: t.to(torch.int8)}[kind]
    torch.save({n: make(t) if t.ndim == 2 else t for n, t in arrays_of(network).items()}, "x.pt")
    said = complaint("import", "x.pt", "--out", "m")
    assert "rnn.weight_ih_l0: no plain numbers; torch." in said and "save it as float32" in said


OTHER_FORMS = {
    "protocol": (lambda m: torch.save(m, "x.pt", pickle_protocol=4), "without pickle_protocol"),
    "script": (lambda m: m.save("x.pt"), "save torch.jit.load(FILE).state_dict()"),
}


class Halved(nn.Module):
    def forward(self, x):
        return x / 2


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("way", OTHER_FORMS)
def test_other_forms_are_refused_with_what_to_do(folder, complaint, way):  # noqa: F811
    write, remedy = OTHER_FORMS[way]
    write(torch.jit.script(Halved()) if way == "script" else {"a": torch.ones(3)})
    assert remedy in complaint("import", "x.pt", "--out", "m")


def test_an_archive_that_says_it_has_several_disks(folder, complaint, network):  # noqa: F811
    torch.save(arrays_of(network), "x.pt")
    raw = bytearray((folder / "x.pt").read_bytes())
    at = raw.rindex(b"PK\x06\x07")
    raw[at + 16:at + 20] = b"\x09\0\0\0"
    (folder / "x.pt").write_bytes(raw[:200] + raw[260:])
    assert "not a whole file of tensors alone" in complaint("import", "x.pt", "--out", "m")


def test_what_holds_itself_and_what_is_very_much(folder, complaint, network):  # noqa: F811
    tree = {"model": arrays_of(network), "chars": CHARACTERS}
    tree["all"] = tree
    torch.save(tree, "x.pt")
    imported("x.pt")
    same(network)
    many = [1]
    for _ in range(40):
        many = [many, many]
    torch.save({"model": arrays_of(network), "x": many}, "y.pt")
    assert "more than 500,000 dicts and lists are in it" in complaint(
        "import", "y.pt", "--out", "n")


class Said:
    """Stands in a pickle for an array of numpy with a state of its own."""

    def __init__(self, *state):
        self.state = state

    def __reduce__(self):
        return (*np.zeros(0).__reduce__()[:2], (1, *self.state))


F8 = np.dtype("f8")
BROKEN = {
    "too few bytes": Said((10**9, 10**9), F8, False, b"1234"),
    "a negative size": Said((-1, -8), F8, False, b"12345678"),
    "no shape": Said(("a",), F8, False, b"12345678"),
    "no characters": Said((1,), np.dtype("U1"), False, b"\xff\xff\xff\x7f"),
    "no state": Said(),
}


@pytest.mark.parametrize("way", BROKEN)
def test_arrays_of_numpy_whose_bytes_do_not_fit(folder, complaint, network, way):  # noqa: F811
    torch.save({"model": arrays_of(network), "x": BROKEN[way]}, "x.pt")
    assert "not a whole file of tensors alone" in complaint("import", "x.pt", "--out", "m")


class Payload:
    def __reduce__(self):
        return (open, ("ran", "w"))


def test_nothing_in_an_array_or_a_module_is_run(folder, complaint, network):  # noqa: F811
    module = whole(network)
    module.extra = Payload()
    for thing in ({"x": np.array([Payload()], object)}, module,
                  Said((1,), F8, False, [pickle.dumps(Payload()), Payload()])):
        torch.save(thing, "x.pt")
        complaint("import", "x.pt", "--out", "m")
        assert not (folder / "ran").exists()
