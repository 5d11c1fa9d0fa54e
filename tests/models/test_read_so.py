"""How a network was trained to be read, said to `save_model` and `gallery import`."""

import json
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")

from torch import nn  # noqa: E402

from builder import save_model  # noqa: E402
from builder.cli import main  # noqa: E402
from builder.core.errors import ModelError  # noqa: E402
from builder.models.folder import load_model  # noqa: E402
from builder.tokens.words import Words  # noqa: E402
from tests.cli.conftest import complaint, here  # noqa: E402, F401
from tests.cli.networks import TOKENIZER, of_rows  # noqa: E402
from tests.models.made_files import CHARACTERS, arrays_of, network_of, text_of  # noqa: E402

pytestmark = [pytest.mark.torch, pytest.mark.filterwarnings("ignore")]
SPECIAL = ["<pad>", "<unk>", "<s>", "</s>"]
WORDS = ["<pad>", "<unk>", "total", "a", " ", "\n"]


def parts(rows):
    torch.manual_seed(0)
    return nn.GRU(6, 7), nn.Embedding(rows, 6, padding_idx=0), nn.Linear(7, rows)


def written(folder="m"):
    return json.loads((Path(folder) / "model.json").read_text("utf-8"))


def row(folder, entry):
    """Return the embedding of an entry of a folder."""
    network = load_model(folder).network
    return network.embedding.weight[network.spec.vocabulary.index_of(entry, "")]


def test_special_rows_are_kept(tmp_path):
    rnn, table, head = parts(len(SPECIAL) + 97)
    save_model(tmp_path, rnn, table, head, [*SPECIAL, *CHARACTERS], reset="line", begin="<s>")
    network = load_model(tmp_path).network
    kept = {e: i for i, e in enumerate([*SPECIAL, *CHARACTERS])}
    for entry in ("<pad>", "<s>", "</s>", "a", "\n"):
        assert torch.equal(row(tmp_path, entry), table.weight[kept[entry]].half().float())
    assert torch.equal(network.embedding.weight[0], table.weight[1].half().float())
    steps = network.spec.cutting.steps("<s>\na")
    begin = network.spec.begin
    assert network.spec.vocabulary.entry(begin) == "<s>" and steps.fed.tolist()[0] == ~begin
    assert len(steps) == 7 and steps.fed.tolist()[5] == ~begin
    assert network.spec.vocabulary.unknown(network.spec.vocabulary.encode("é<")) == 1


def test_without_an_entry_for_what_is_not_known_there_is_a_row_for_it(tmp_path):
    rnn, table, head = parts(99)
    save_model(tmp_path, rnn, table, head, ["<pad>", "<s>", *CHARACTERS])
    network = load_model(tmp_path).network
    assert network.spec.vocabulary.size == 100 and network.decoder.bias[0] == -30
    assert network.spec.begin is None and network.spec.reset == "document"


@pytest.mark.parametrize("alone", ["<s>", "<eos>"])
def test_what_begins_or_ends_a_text_is_not_what_is_not_known(tmp_path, alone):
    rnn, table, head = parts(98)
    save_model(tmp_path, rnn, table, head, [alone, *CHARACTERS])
    assert torch.equal(row(tmp_path, alone), table.weight[0].half().float())


@pytest.mark.parametrize(("tokens", "vocabulary", "rows"), [
    ("words", WORDS, 6), ("pieces", ["ab", *CHARACTERS], 98), ("bytes", (), 256),
    ("bytes", [*range(256), "<eos>"], 257), ("bytes", bytes(range(256)), 256)])
def test_other_steps(tmp_path, tokens, vocabulary, rows):
    rnn, table, head = parts(rows)
    save_model(tmp_path, rnn, nn.Embedding.from_pretrained(table.weight.detach()), head,
               vocabulary, tokens=tokens, reset=100)
    assert written(tmp_path)["tokens"] == tokens and written(tmp_path)["reset"] == 100
    network = load_model(tmp_path).network
    first = network.spec.vocabulary.steps({"words": "total"}.get(tokens, "ab")).ids[0]
    at = {"words": 2, "pieces": 0}.get(tokens, ord("a"))
    assert torch.equal(network.embedding.weight[first], table.weight[at].half().float())


def test_tokens_themselves_are_a_vocabulary(tmp_path):
    for rows in (5, 6):
        rnn, table, head = parts(rows)
        own = Words(("total", "a", " ", "\n", "b"))
        save_model(tmp_path / str(rows), rnn, table, head, own)
        kept = load_model(tmp_path / str(rows)).network
        assert kept.spec.vocabulary == own
        assert torch.equal(kept.embedding.weight[1:], table.weight[rows - 5:].half().float())


def test_subwords(tmp_path):
    pytest.importorskip("tokenizers")
    from builder.tokens.subwords import Subwords

    for rows in (5, 8):
        rnn, table, head = parts(rows)
        save_model(tmp_path / str(rows), rnn, table, head, Subwords.of(TOKENIZER, "t"))
        kept = load_model(tmp_path / str(rows)).network
        assert kept.spec.vocabulary.steps("ton").ids.tolist() == [3, 4]
        assert kept.embedding.weight.shape == (rows + 1, 6)
        assert torch.equal(kept.embedding.weight[3], table.weight[2].half().float())


@pytest.mark.parametrize(("more", "says"), [
    ({"reset": "lines"}, "not where a state begins anew"),
    ({"begin": "<bos>"}, "not in the vocabulary; '<bos>'"),
    ({"tokens": "wrods"}, "there is no such; did you mean"),
    ({"vocabulary": ["ab", "cd", *CHARACTERS]}, "not single characters, each once; 'ab', 'cd'; "
                                                "say what a step is with --tokens words"),
    ({"vocabulary": ["\u0120ab", "\u0120cd", *CHARACTERS], "tokens": "pieces"},
     "put its tokenizer.json beside it"),
    ({"vocabulary": Words(("a", "b"))}, "2 words for 99 rows"),
])
def test_what_cannot_be_told_or_does_not_fit(tmp_path, more, says):
    from builder.core.errors import UserError

    rnn, table, head = parts(99)
    given = {"vocabulary": ["<pad>", "<s>", *CHARACTERS]} | more
    with pytest.raises(UserError, match=says):
        save_model(tmp_path / "m", rnn, nn.Embedding.from_pretrained(table.weight.detach()), head,
                   **given)
    assert not (tmp_path / "m").exists()


def test_a_character_on_the_row_of_padding_is_still_refused(tmp_path):
    rnn, table, head = parts(98)
    with pytest.raises(ModelError, match="a character has the row of padding"):
        save_model(tmp_path, rnn, table, head, [*CHARACTERS, "<s>"])


@pytest.fixture
def files(here):  # noqa: F811
    weights = arrays_of(network_of("gru"))
    (here / "tokenizer.json").write_text(TOKENIZER, "utf-8")
    torch.save(weights, here / "characters.pt")
    (here / "vocabulary.json").write_text(json.dumps(list(CHARACTERS)), "utf-8")
    torch.save({"w": of_rows(weights, 6), "itos": WORDS}, here / "words.pt")
    torch.save({"w": of_rows(weights, 5)}, here / "subwords.pt")
    return here


def imported(*arguments):
    assert main(["import", *arguments, "--out", "m"]) == 0


def test_import_keeps_how_it_is_read(files, capsys):
    imported("words.pt", "--tokens", "words", "--reset", "line", "--begin", "<pad>")
    assert written() | {"training": {}} == {
        "format": 1, "architecture": "gru", "embedding_size": 12, "hidden_size": 10,
        "num_layers": 1, "tokens": "words", "vocabulary": ["<pad>", "total", "a", " ", "\n"],
        "special": ["<pad>"], "split": "all", "reset": "line", "begin": "<pad>", "training": {}}
    assert "special entries, which never match a text: <pad>" in capsys.readouterr().out


def test_import_of_subwords(files):
    pytest.importorskip("tokenizers")
    imported("subwords.pt", "--vocabulary", "tokenizer.json")
    assert written()["tokens"] == "subwords" and written()["vocabulary"] == "tokenizer.json"
    assert (files / "m" / "tokenizer.json").read_text("utf-8") == TOKENIZER
    main(["import", "m", "--out", "n", "--reset", "40"])
    assert written("n")["reset"] == 40 and (files / "n" / "tokenizer.json").is_file()


def test_import_compares_readings_as_it_is_read(files, capsys):
    torch.save(arrays_of(network_of("rnn")), files / "characters.pt")
    (files / "text.py").write_text(text_of(network_of("rnn")), "utf-8")
    found = []
    for more in ([], ["--reset", "3"]):
        imported("characters.pt", "--vocabulary", "vocabulary.json", "--text", "text.py", *more)
        (files / "m" / "model.json").unlink()
        (files / "m" / "model.safetensors").unlink()
        found.append(float(capsys.readouterr().out.partition("is taken:\n")[2].split()[0]))
    assert found[1] > found[0] + 0.5  # it was written as a whole


@pytest.mark.parametrize(("more", "says"), [
    (["words.pt"], "say what a step is with --tokens words"),
    (["words.pt", "--tokens", "word"], "there is no such; did you mean 'words'"),
    (["words.pt", "--tokens", "words", "--begin", "<s>"], "--begin: not in the vocabulary; '<s>'"),
    (["characters.pt", "--vocabulary", "vocabulary.json", "--reset", "0"],
     "--reset: not where a state begins anew; '0'"),
])
def test_what_import_refuses(files, complaint, more, says):  # noqa: F811
    assert says in complaint("import", *more, "--out", "m")
