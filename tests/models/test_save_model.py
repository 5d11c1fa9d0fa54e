"""save_model takes what people have, and never saves another model than theirs."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from torch import nn  # noqa: E402
from torch.nn.utils import parametrizations, prune  # noqa: E402

from builder import save_model  # noqa: E402
from builder.core.errors import ModelError  # noqa: E402
from builder.models.folder import load_model  # noqa: E402

pytestmark = [pytest.mark.torch, pytest.mark.filterwarnings("ignore")]
CHARACTERS = "\t\n" + "".join(map(chr, range(32, 127)))
V, E, H, N = len(CHARACTERS), 16, 24, 200
CLOSE = 1e-3
IDS = torch.from_numpy(np.random.default_rng(0).integers(V, size=N))
BY_CHARACTER = {c: i for i, c in enumerate(CHARACTERS)}


@pytest.fixture(autouse=True)
def seeded():
    torch.manual_seed(0)


def embedding():
    return nn.Embedding(V, E)


def head(rows=V, width=H):
    return nn.Linear(width, rows)


def read(rnn, table, ids=IDS, batch_first=False):
    """Return the states of a layer of PyTorch's, [N, H]."""
    x = table(ids) if table is not None else nn.functional.one_hot(ids, V).float()
    with torch.no_grad():
        return rnn(x[None] if batch_first else x[:, None])[0].reshape(len(ids), -1)


def read_cells(cells, table):
    """Return the states of the uppermost of some cells, [N, H]."""
    states, out = [None] * len(cells), []
    with torch.no_grad():
        for x in table(IDS)[:, None]:
            for i, cell in enumerate(cells):
                states[i] = cell(x, states[i])
                x = states[i][0] if isinstance(states[i], tuple) else states[i]
            out.append(x[0])
    return torch.stack(out)


def kept(folder, text=None):
    """Return states [N, H] and scores [N, V] of a folder for the same characters."""
    network = load_model(folder).network
    text = text or "".join(CHARACTERS[i] for i in IDS)
    ids = torch.from_numpy(network.spec.vocabulary.encode(text))[:, None]
    with torch.no_grad():
        states = network.architecture.run(network.rnn, network.embedding(ids),
                                          network.initial_state(1))[0][:, 0]
        return states, network.decoder(states)[:, 1:]


def log_p(scores):
    return scores.log_softmax(-1)


def test_one_hot_input(tmp_path):
    rnn = nn.LSTM(V, H)
    save_model(tmp_path, rnn, None, head(), CHARACTERS)
    assert (kept(tmp_path)[0] - read(rnn, None)).abs().max() < CLOSE


def test_a_linear_layer_that_reads_one_hot_input(tmp_path):
    rnn, table = nn.GRU(E, H), nn.Linear(V, E)
    save_model(tmp_path, rnn, table, head(), CHARACTERS)
    with torch.no_grad():
        live = rnn(table(nn.functional.one_hot(IDS, V).float())[:, None])[0][:, 0]
    assert (kept(tmp_path)[0] - live).abs().max() < CLOSE


@pytest.mark.parametrize("kind", [nn.LSTMCell, nn.GRUCell, nn.RNNCell])
@pytest.mark.parametrize("layers", [1, 2])
def test_cells(tmp_path, kind, layers):
    cells, table = [kind(E, H), kind(H, H)][:layers], embedding()
    save_model(tmp_path, nn.ModuleList(cells) if layers > 1 else cells[0], table, head(),
               CHARACTERS)
    assert load_model(tmp_path).network.spec.num_layers == layers
    assert (kept(tmp_path)[0] - read_cells(cells, table)).abs().max() < CLOSE


def test_layers_in_a_list_of_their_own(tmp_path):
    layers, table = [nn.GRU(E, H), nn.GRU(H, H, num_layers=2)], embedding()
    save_model(tmp_path, layers, table, head(), CHARACTERS)
    with torch.no_grad():
        live = layers[1](layers[0](table(IDS)[:, None])[0])[0][:, 0]
    assert load_model(tmp_path).network.spec.num_layers == 3
    assert (kept(tmp_path)[0] - live).abs().max() < CLOSE


def tied():
    table, decoder = nn.Embedding(V, H), nn.Linear(H, V, bias=False)
    decoder.weight = table.weight
    return nn.LSTM(H, H), table, decoder


def old_weight_norm():
    rnn = nn.LSTM(E, H)
    nn.utils.weight_norm(rnn, "weight_hh_l0")
    with torch.no_grad():
        rnn.weight_hh_l0_g.mul_(2)
    return rnn


def new_weight_norm():
    rnn = parametrizations.weight_norm(nn.LSTM(E, H), "weight_hh_l0")
    with torch.no_grad():
        rnn.parametrizations.weight_hh_l0.original0.mul_(2)
    return rnn


def pruned():
    rnn = nn.LSTM(E, H)
    prune.l1_unstructured(rnn, "weight_hh_l0", 0.5)
    return rnn


def warmed(rnn):
    """Read a few times: each time the norm is known better."""
    for _ in range(20):
        rnn(torch.zeros(1, 1, E))
    return rnn.eval()


WRAPPED = {
    "DataParallel": lambda: nn.DataParallel(nn.LSTM(E, H)),
    "batch_first": lambda: nn.LSTM(E, H, batch_first=True),
    "compile": lambda: torch.compile(nn.LSTM(E, H), backend="eager"),
    "averaged": lambda: torch.optim.swa_utils.AveragedModel(nn.LSTM(E, H)),
    "weight_norm": old_weight_norm,
    "weight_norm, parametrised": new_weight_norm,
    "spectral_norm": lambda: warmed(nn.utils.spectral_norm(nn.LSTM(E, H), "weight_hh_l0")),
    "spectral_norm, parametrised": lambda: warmed(parametrizations.spectral_norm(
        nn.LSTM(E, H), "weight_hh_l0")),
    "pruned": pruned,
    "no bias": lambda: nn.LSTM(E, H, bias=False),
    "float64": lambda: nn.LSTM(E, H).double().float(),
}


@pytest.mark.parametrize("way", WRAPPED)
def test_wrappers(tmp_path, way):
    rnn, table = WRAPPED[way](), embedding()
    batch_first = way == "batch_first"
    live = read(getattr(rnn, "_orig_mod", rnn), table, batch_first=batch_first)
    save_model(tmp_path, rnn, table, head(), CHARACTERS, check=(IDS, live))
    assert (kept(tmp_path)[0] - live).abs().max() < CLOSE


def test_what_norms_a_decoder(tmp_path):
    rnn, table, decoder = nn.RNN(E, H), embedding(), parametrizations.weight_norm(head())
    with torch.no_grad():
        decoder.parametrizations.weight.original0.mul_(3)
    save_model(tmp_path, rnn, table, decoder, CHARACTERS)
    assert (log_p(kept(tmp_path)[1]) - log_p(decoder(read(rnn, table)))).abs().max() < 0.02


def test_tied_weights(tmp_path):
    rnn, table, decoder = tied()
    save_model(tmp_path, rnn, table, decoder, CHARACTERS)
    assert (kept(tmp_path)[0] - read(rnn, table)).abs().max() < CLOSE


DECODERS = {
    "dropout": lambda: nn.Sequential(nn.Dropout(0.2), head()),
    "two layers": lambda: nn.Sequential(nn.Linear(H, 32), nn.Dropout(0.1), nn.Linear(32, V)),
    "one inside another": lambda: nn.Sequential(nn.Sequential(nn.Linear(H, 9, bias=False)),
                                                nn.Linear(9, V, bias=False)),
    "log softmax": lambda: nn.Sequential(head(), nn.LogSoftmax(-1)),
    "a list of one": lambda: nn.ModuleList([head()]),
}


@pytest.mark.parametrize("way", DECODERS)
def test_decoders(tmp_path, way):
    rnn, table, decoder = nn.LSTM(E, H), embedding(), DECODERS[way]().eval()
    save_model(tmp_path, rnn, table, decoder, CHARACTERS)
    live = (decoder[0] if isinstance(decoder, nn.ModuleList) else decoder)(read(rnn, table))
    assert (log_p(kept(tmp_path)[1]) - log_p(live)).abs().max() < 5 * CLOSE


class Whole(nn.Module):
    """As it is written in a course."""

    def __init__(self, rnn=None):
        super().__init__()
        self.embed, self.rnn, self.fc = embedding(), rnn or nn.LSTM(E, H, batch_first=True), head()
        self.drop = nn.Dropout(0.3)

    def forward(self, x, hidden=None):
        out, hidden = self.rnn(self.embed(x), hidden)
        return self.fc(self.drop(out)), hidden


class OneStep(nn.Module):
    """Reads one character and a state, as in the tutorial."""

    def __init__(self):
        super().__init__()
        self.encoder, self.gru, self.decoder = nn.Embedding(V, H), nn.GRU(H, H, 2), head()

    def forward(self, character, hidden):
        out, hidden = self.gru(self.encoder(character.view(1, -1)), hidden)
        return self.decoder(out.view(1, -1)), hidden

    def init_hidden(self):
        return torch.zeros(2, 1, H)


class Cells(nn.Module):
    """A loop over a cell, input one-hot, probabilities at the end."""

    def __init__(self):
        super().__init__()
        self.cell, self.out = nn.GRUCell(V, H), head()

    def forward(self, x):
        h, out = torch.zeros(x.shape[0], H), []
        for t in range(x.shape[1]):
            h = self.cell(x[:, t], h)
            out.append(self.out(h).softmax(-1))
        return torch.stack(out, 1)


class Transposed(Whole):
    """Gives [B, V, N], as the loss wants it."""

    def forward(self, x):
        return self.fc(self.rnn(self.embed(x))[0]).transpose(1, 2)


@pytest.mark.parametrize("kind", [Whole, OneStep, Cells, Transposed])
def test_a_whole_module(tmp_path, kind):
    whole = kind()
    training = [m.training for m in whole.modules()]
    save_model(tmp_path / "found", whole, vocabulary=CHARACTERS)
    assert [m.training for m in whole.modules()] == training
    whole.eval()
    save_model(tmp_path / "checked", nn.DataParallel(whole), vocabulary=CHARACTERS, check=whole)
    assert (tmp_path / "found/model.safetensors").read_bytes() == (
        tmp_path / "checked/model.safetensors").read_bytes()


def forward_that(change):
    class Changed(Whole):
        def forward(self, x):
            return self.fc(change(self, self.rnn(self.embed(x))[0]))

    return Changed()


ODD_WHOLE = {
    "relu on the states": forward_that(lambda self, h: h.relu()),
    "backwards": forward_that(lambda self, h: h.flip(1)),
    "its own scale": forward_that(lambda self, h: 2 * h),
}


@pytest.mark.parametrize("way", ODD_WHOLE)
def test_a_whole_module_that_does_more_than_its_parts(tmp_path, way):
    with pytest.raises(ModelError, match="does not do what the live model does") as caught:
        save_model(tmp_path / "m", ODD_WHOLE[way], vocabulary=CHARACTERS)
    assert len(caught.value.problems) == 1 and not (tmp_path / "m").exists()


def whole_with(**parts):
    whole = Whole()
    for name, part in parts.items():
        setattr(whole, name, part)
    return whole


WHOLE_REFUSED = {
    "two decoders": (lambda: whole_with(other=head()), "2 that could be the decoder; fc, other"),
    "two layers": (lambda: whole_with(other=nn.LSTM(E, H)), "the recurrent layer; rnn, other"),
    "two embeddings": (lambda: whole_with(other=embedding()), "the embedding; embed, other"),
    "a norm": (lambda: whole_with(norm=nn.LayerNorm(H)), "would not be kept; norm.weight"),
    "a start": (lambda: whole_with(start=nn.Parameter(torch.ones(H))), "not be kept; start"),
    "no layers": (lambda: nn.Sequential(embedding(), head()), "there is no recurrent layer"),
    "a name": (lambda: "model.pt", "not a module of PyTorch; str"),
    "nothing inside": (lambda: nn.ModuleList(), "there is no recurrent layer"),
}


@pytest.mark.parametrize("way", WHOLE_REFUSED)
def test_parts_that_cannot_be_found(tmp_path, way):
    make, message = WHOLE_REFUSED[way]
    with pytest.raises(ModelError, match=message) as caught:
        save_model(tmp_path / "m", make(), vocabulary=CHARACTERS)
    assert len(caught.value.problems) == 1 and not (tmp_path / "m").exists()


VOCABULARIES = {
    "list": list(CHARACTERS),
    "tuple": tuple(CHARACTERS),
    "generator": CHARACTERS,
    "numbers to characters": dict(enumerate(CHARACTERS)),
    "characters to numbers": BY_CHARACTER,
    "in another order": dict(reversed(BY_CHARACTER.items())),
    "numbers as text": {str(i): c for i, c in enumerate(CHARACTERS)},
    "numbers of numpy": {c: np.int64(i) for c, i in BY_CHARACTER.items()},
    "bytes": CHARACTERS.encode(),
    "list of bytes": [c.encode() for c in CHARACTERS],
    "array": np.array(list(CHARACTERS)),
}


@pytest.mark.parametrize("way", VOCABULARIES)
def test_vocabularies(tmp_path, way):
    save_model(tmp_path, nn.GRU(E, H), embedding(), head(), VOCABULARIES[way])
    assert json.loads((tmp_path / "model.json").read_text("utf-8"))["vocabulary"] == list(
        CHARACTERS)


def test_all_bytes(tmp_path):
    save_model(tmp_path, nn.GRU(E, H), nn.Embedding(256, E), head(256), bytes(range(256)))
    assert load_model(tmp_path).network.spec.vocabulary.characters[65] == "A"


@pytest.mark.parametrize("at", [0, 3, V])
def test_a_row_for_unknown_characters_wherever_it_is(tmp_path, at):
    rnn, table = nn.LSTM(E, H), nn.Embedding(V + 1, E)
    numbers = {c: i + (i >= at) for c, i in BY_CHARACTER.items()} | {"<unk>": at}
    save_model(tmp_path, rnn, table, head(V + 1), numbers)
    live = read(rnn, table, IDS + (at <= IDS))
    assert (kept(tmp_path)[0] - live).abs().max() < CLOSE
    first = load_model(tmp_path).network.embedding.weight[0]
    assert torch.equal(first, table.weight[at].half().float())


NO_VOCABULARY = {
    "nothing": ((), "it is not known what the rows stand for"),
    "too short": (CHARACTERS[:-2], "95 characters for 97 rows"),
    "too long": (CHARACTERS + "é", "98 names up to number 97 for 97 rows"),
    "twice": (CHARACTERS[:-1] + "a", "stands in it twice; 'a'"),
    "a number twice": (BY_CHARACTER | {"b": 4}, "a number is given twice; 4"),
    "numbers missing": ({c: i for c, i in BY_CHARACTER.items() if c not in "ab"},
                        "a number is missing; 67, 68"),
    "a number too large": (BY_CHARACTER | {"b": 97}, "number 97 for 97 rows"),
    "pieces": (["ab", "cd", *CHARACTERS[2:]], "say what a step is with --tokens words"),
    "words": (["ab"] * 97, "twice"),
    "not one": (7, "not a vocabulary; int"),
    "a set": (set(CHARACTERS), "a set has no order; 97 entries"),
    "numbers": ([1.5] * 97, "not a character; 1.5"),
    "mixed": ({"a": "b"}, "neither from characters to numbers"),
    "half a character": (["\ud800", *CHARACTERS[1:]], "half of a character"),
}


@pytest.mark.parametrize("way", NO_VOCABULARY)
def test_what_is_no_vocabulary_of_these_rows(tmp_path, way):
    given, message = NO_VOCABULARY[way]
    with pytest.raises(ModelError, match=message) as caught:
        save_model(tmp_path / "m", nn.GRU(E, H), embedding(), head(), given)
    assert len(caught.value.problems) == 1 and not (tmp_path / "m").exists()


def test_a_character_on_the_row_of_padding(tmp_path):
    table = nn.Embedding(V + 1, E, padding_idx=0)
    save_model(tmp_path / "a", nn.GRU(E, H), table, head(V + 1), CHARACTERS)
    with pytest.raises(ModelError, match="a character has the row of padding; '\\\\t' has row 0"):
        save_model(tmp_path / "b", nn.GRU(E, H), nn.Embedding(V, E, padding_idx=0), head(),
                   CHARACTERS)


REFUSED = {
    "both ways": (lambda: (nn.LSTM(E, H, bidirectional=True), embedding(), head(V, 2 * H)),
                  "it reads both ways; use one direction"),
    "projection": (lambda: (nn.LSTM(E, H, proj_size=8), embedding(), head(V, 8)), "projects"),
    "relu": (lambda: (nn.RNN(E, H, nonlinearity="relu"), embedding(), head()), "RNN_RELU"),
    "relu cell": (lambda: (nn.RNNCell(E, H, nonlinearity="relu"), embedding(), head()),
                  "RNN_RELU"),
    "no decoder": (lambda: (nn.LSTM(E, H), embedding(), None), "decoder: there is none"),
    "two heads": (lambda: (nn.LSTM(E, H), embedding(), nn.ModuleList([head(), nn.Linear(H, 1)])),
                  "there are 2 heads; 0, 1; name the one"),
    "named heads": (lambda: (nn.LSTM(E, H), embedding(),
                             nn.ModuleDict({"p": head(), "v": nn.Linear(H, 1)})), "heads; p, v"),
    "not linear": (lambda: (nn.LSTM(E, H), embedding(), nn.Sequential(
        nn.Linear(H, 32), nn.ReLU(), nn.Linear(32, V))), "not linear, .*; ReLU"),
    "a decoder without weights": (lambda: (nn.LSTM(E, H), embedding(), nn.Dropout(0.1)),
                                  "it has no weights; Dropout"),
    "two kinds": (lambda: (nn.ModuleList([nn.LSTM(E, H), nn.GRU(H, H)]), embedding(), head()),
                  "layers of several kinds"),
    "two sizes": (lambda: (nn.ModuleList([nn.GRU(E, 8), nn.GRU(8, H)]), embedding(), head()),
                  "layers of one size"),
    "no embedding": (lambda: (nn.LSTM(E, H), None, head()), "24 to 97; 24 to 16"),
    "another table": (lambda: (nn.LSTM(E, H), nn.Conv1d(1, 1, 1), head()), "not an embedding"),
    "without numbers": (lambda: (nn.LSTM(E, H, device="meta"), embedding(), head()),
                        "LSTM.weight_ih_l0: holds no real numbers; on the device meta"),
    "complex": (lambda: (nn.LSTM(E, H), embedding(), head().to(torch.complex64)),
                "Linear.weight: holds no real numbers; torch.complex64"),
}


@pytest.mark.parametrize("way", REFUSED)
def test_one_message_for_what_cannot_be_kept(tmp_path, way):
    make, message = REFUSED[way]
    with pytest.raises(ModelError, match=message) as caught:
        save_model(tmp_path / "m", *make(), CHARACTERS)
    assert len(caught.value.problems) == 1 and "\n" not in str(caught.value)
    assert not (tmp_path / "m").exists()


class Reversed(nn.LSTM):
    def forward(self, x, state=None):
        return super().forward(x.flip(0), state)


class Normed(nn.LSTM):
    def forward(self, x, state=None):
        return super().forward(x / x.norm(dim=-1, keepdim=True), state)


class Scaled(nn.Embedding):
    def forward(self, x):
        return 4 * super().forward(x)


class Untouched(nn.LSTM):
    """A class of one's own that adds nothing."""


def hooked():
    rnn = nn.LSTM(E, H)
    rnn.register_forward_pre_hook(lambda module, given: (0 * given[0],))
    return rnn


def patched():
    rnn = nn.LSTM(E, H)
    whole = rnn.forward
    rnn.forward = lambda x, state=None: whole(-x, state)
    return rnn


ODD = {
    "reversed": (lambda: (Reversed(E, H), embedding()), "rnn: .*Reversed has a forward of its"),
    "normed": (lambda: (Normed(E, H), embedding()), "rnn: .*Normed has a forward of its own"),
    "hook": (hooked, "rnn: .*a hook on LSTM"),
    "patched": (patched, "rnn: .*a forward of its own"),
    "scaled": (lambda: (nn.LSTM(E, H), Scaled(V, E)), "embedding: .*Scaled has a forward"),
}


@pytest.mark.parametrize("way", ODD)
def test_what_weights_do_not_show(tmp_path, way):
    make, message = ODD[way]
    made = make()
    rnn, table = made if isinstance(made, tuple) else (made, embedding())
    with pytest.raises(ModelError, match=f"{message}.*check="):
        save_model(tmp_path / "m", rnn, table, head(), CHARACTERS)
    with pytest.raises(ModelError, match=r"does not do what the live model does.*differs"):
        save_model(tmp_path / "m", rnn, table, head(), CHARACTERS, check=(IDS, read(rnn, table)))
    assert not (tmp_path / "m").exists()


def test_max_norm_is_put_on_the_rows(tmp_path):
    rnn, table = nn.LSTM(E, H), nn.Embedding(V, E, max_norm=1.0)
    save_model(tmp_path, rnn, table, head(), CHARACTERS)
    assert table.weight.norm(dim=1).max() > 2
    assert (kept(tmp_path)[0] - read(rnn, table)).abs().max() < CLOSE


def test_a_class_of_ones_own_that_adds_nothing(tmp_path):
    rnn, table = Untouched(E, H), embedding()
    save_model(tmp_path, rnn, table, head(), CHARACTERS, check=(IDS.numpy(), read(rnn, table)))
    save_model(tmp_path / "m", rnn, table, head(), CHARACTERS)


def test_dropout_in_training_mode(tmp_path):
    rnn, table = nn.LSTM(E, H, 2, dropout=0.5), embedding()
    with pytest.raises(ModelError, match=r"training mode.*call eval\(\)"):
        save_model(tmp_path / "m", rnn, table, head(), CHARACTERS, check=(IDS, read(rnn, table)))
    rnn.eval()
    save_model(tmp_path / "m", rnn, table, head(), CHARACTERS, check=(IDS, read(rnn, table)))


def test_a_vocabulary_of_other_rows_is_seen_by_check(tmp_path):
    whole = Whole().eval()
    other = list(range(V))
    other[10], other[20] = 20, 10
    swapped = {CHARACTERS[i]: row for i, row in enumerate(other)}
    save_model(tmp_path, whole, vocabulary=swapped, check=whole)  # rows are what check reads
    text = "".join(CHARACTERS[other[i]] for i in IDS)
    assert (kept(tmp_path, text)[0] - read(whole.rnn, whole.embed, batch_first=True)
            ).abs().max() < CLOSE


@pytest.mark.parametrize("check", [(IDS, torch.zeros(3, H)), 5, (), (IDS, "x"), (IDS,)])
def test_a_check_that_is_none(tmp_path, check):
    with pytest.raises(ModelError, match=r"check: neither a module nor \(ids, states\)"):
        save_model(tmp_path / "m", nn.LSTM(E, H), embedding(), head(), CHARACTERS, check=check)


def test_a_check_of_rows_that_are_not_there(tmp_path):
    with pytest.raises(ModelError, match="check: there is no such row"):
        save_model(tmp_path / "m", nn.LSTM(E, H), embedding(), head(), CHARACTERS,
                   check=(torch.tensor([V]), torch.zeros(1, H)))


class Strange(Whole):
    def forward(self, batch):
        return batch["text"]


def test_a_forward_that_cannot_be_called(tmp_path):
    with pytest.raises(ModelError, match=r"cannot be compared.*name the parts"):
        save_model(tmp_path / "m", Strange(), vocabulary=CHARACTERS)
    whole = Strange()
    save_model(tmp_path / "m", whole.rnn, whole.embed, whole.fc, CHARACTERS)


def test_the_code_of_the_page(tmp_path, monkeypatch):
    docs = Path(__file__).parents[2] / "site_src" / "docs"
    page = (docs / "bring-your-own-model" / "pytorch.md").read_text("utf-8")
    monkeypatch.chdir(tmp_path)
    model = Whole()
    names = {"model": model, "rnn": model.rnn, "embedding": model.embed, "decoder": model.fc,
             "vocabulary": list(CHARACTERS), "ids": IDS,
             "states": read(model.rnn, model.embed, batch_first=True)}
    blocks = [b for b in re.findall(r"^```python\n(.*?)^```", page, re.M | re.S)
              if "save_model" in b]
    assert len(blocks) == 3
    for block in blocks:
        exec(block, names)
    first, *others = sorted(tmp_path.iterdir())
    assert len(others) == 3
    for other in others:
        assert (other / "model.safetensors").read_bytes() == (
            first / "model.safetensors").read_bytes()
