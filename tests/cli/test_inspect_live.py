"""`builder.inspect` in a notebook: the same as the command, and networks that are called."""

import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

import builder  # noqa: E402
from builder.cli import main  # noqa: E402
from builder.core.errors import CorpusError, ModelError  # noqa: E402
from tests.cli.conftest import program  # noqa: E402
from tests.cli.states import examples  # noqa: E402
from tests.sources_of_states import planted_states, starts_of, words_of  # noqa: E402

pytestmark = pytest.mark.torch
TEXTS = {f"{seed:02}": program(seed) for seed in range(62)}
WHOLE = "".join(TEXTS.values())
VOCABULARY = sorted(set(WHOLE))


def written_by_command(*arguments):
    assert main(["inspect", *map(str, arguments), "--language", "python", "--json", "o.json",
                 "--controls", "none"]) == 0
    return Path("o.json").read_text("utf-8")


def test_a_model_folder_gives_what_the_command_writes(here, model, programs, capsys):
    wanted = written_by_command("--model", model, "--text", programs)
    for folder, text in ((model, programs), (str(model), [str(programs)])):
        found = builder.inspect(folder, text, language="python", controls=False)
        assert found.to_json() == wanted and json.loads(wanted) == found.json
    found.to_json("again.json")
    assert Path("again.json").read_text("utf-8") == wanted


def test_stored_states_give_what_the_command_writes(here):
    builder.save_states("s.npz", planted_states(TEXTS.values(), 1), text=WHOLE,
                        documents=starts_of(TEXTS.values()))
    (here / "text.py").write_text(WHOLE)
    wanted = written_by_command("--states", "s.npz")
    for text in (None, WHOLE, "text.py", Path("text.py")):
        assert builder.inspect("s.npz", text, language="python",
                               controls="none").to_json() == wanted


def test_a_network_of_pytorch_is_read_as_save_model_reads_it(here, programs):
    torch.manual_seed(0)

    class Whole(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.embedding = torch.nn.Embedding(len(VOCABULARY), 8)
            self.rnn = torch.nn.GRU(8, 12)
            self.decoder = torch.nn.Linear(12, len(VOCABULARY))

        def forward(self, ids, state=None):
            output, state = self.rnn(self.embedding(ids), state)
            return self.decoder(output), state

    network = Whole()
    builder.save_model("folder", network, vocabulary=VOCABULARY)
    found = builder.inspect(network, programs, language="python", vocabulary=VOCABULARY,
                            controls=False)
    assert found.to_json() == written_by_command("--model", "folder", "--text", programs)


class Planted:
    """A network that knows whether it is in a string, and predicts by that."""

    vocabulary = VOCABULARY

    def __init__(self, seed=0, learned=True, held=None):
        self.seed, self.learned, self.held = seed, learned, dict(held or {})
        inside = np.array([c in "'\"" for c in WHOLE]).cumsum() % 2 == 1
        codes = np.array([VOCABULARY.index(c) for c in WHOLE])
        self.tables = [np.log((np.bincount(codes[1:][inside[:-1] == on],
                                           minlength=len(VOCABULARY)) + 0.1) / 1e4)
                       for on in (False, True)]

    def read(self, ids):
        text = "".join(VOCABULARY[i] for i in ids)
        return {"h0": planted_states([text], self.seed, learned=self.learned)}

    def log_probs(self, ids):
        inside = self.read(ids)["h0"][:, :1].clip(0, 1)
        if "h0.0" in self.held:
            inside[:] = self.held["h0.0"]
        scores = (1 - inside) * self.tables[0] + inside * self.tables[1]
        chances = scores - np.log(np.exp(scores).sum(1, keepdims=True))
        return np.append(np.nan, chances[np.arange(len(ids) - 1), ids[1:]])

    def hold(self, unit, value):
        return Planted(self.seed, self.learned, {unit: value})


def only(*methods, **more):
    """Return a reader with some of the methods."""
    whole = Planted()
    kind = type("Some", (), {"vocabulary": VOCABULARY, **more})
    some = kind()
    for name in methods:
        setattr(some, name, getattr(whole, name))
    return some


def grades(found):
    return {claim["grade"] for claim in found.claims}


def claim_of(found, unit, feature):
    return next(c for c in found.claims if (c["unit"], c["feature"]) == (unit, feature))


def test_a_network_that_is_called_is_judged_by_what_it_can_do():
    reads = builder.inspect(only("read"), TEXTS, language="python")
    assert grades(reads) == {"suggestive", "not_supported"} and reads.json["fit"] is None
    assert claim_of(reads, "h0.2", "line_position")["grade"] == "suggestive"
    untrained = [Planted(seed, learned=False) for seed in (1, 2)]
    full = builder.inspect(Planted(), TEXTS, language="python", untrained=untrained)
    causal = claim_of(full, "h0.0", "in_string")
    assert causal["grade"] == "causal" and causal["ablation"]["random_units"] == 9
    assert causal["ablation_nats"] > causal["ablation"]["random_95"]
    for unit, feature in (("h0.1", "round_depth"), ("h0.2", "line_position")):
        claim = claim_of(full, unit, feature)
        assert claim["grade"] == "verified" and claim["ablation_nats"] == 0
    fit = full.json["fit"]
    assert fit["bits_per_character"] < fit["unigram_bits"] and fit["warning"] is None


class Words:
    """Reads words, and returns tensors of two layers."""

    def __init__(self):
        self.ids = {}

    def steps(self, text):
        words, _, _ = words_of([text], np.zeros((len(text), 1)))
        return [self.ids.setdefault(word, len(self.ids)) for word in words], words

    def read(self, ids):
        names = {i: word for word, i in self.ids.items()}
        words = [names[i] for i in ids.tolist()]
        of_characters = planted_states(["".join(words)], 3)
        values = torch.tensor(of_characters[np.cumsum([len(w) for w in words]) - 1])
        return {"below1": values[:, :4].requires_grad_(), "h0": values[:, 4:].half()}


def test_steps_of_its_own():
    found = builder.inspect(Words(), TEXTS, language="python", controls=False)
    assert found.json["units"] == 10
    assert claim_of(found, "below1.2", "line_position")["grade"] == "suggestive"
    text = found.pictures[0].text
    assert text in "".join(TEXTS.values()) and len(text) > 300


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found, self.said = [], []

    def handle_starttag(self, tag, attrs):
        self.found.append(tag)

    def handle_data(self, data):
        self.said.append(data)


def test_it_is_shown_as_a_table_and_as_coloured_text():
    texts = {name: text.replace("value", "<script>&amp;alert</script>")
             for name, text in TEXTS.items()}
    characters = sorted(set("".join(texts.values())))

    class Reader:
        vocabulary = characters

        def read(self, ids):
            return {"h": planted_states(["".join(characters[i] for i in ids)], 1)}

    found = builder.inspect(Reader(), texts, language="python")
    html = found._repr_html_()
    tags = Tags()
    tags.feed(html)
    assert {"table", "td", "pre", "b", "style"} <= set(tags.found) and "script" not in tags.found
    assert "<script>&amp;alert</script>" in "".join(tags.said)
    assert not re.search(r"(?:src|href)=|url\(|@import", html)
    first = found.claims[0]
    assert f"<td>{first['unit']}</td><td>{first['feature']}</td>" in html
    assert repr(found).splitlines()[0].startswith("10 units, judged on ")
    assert "no claim is better than suggestive" in html and "—" in repr(found)
    assert len(found.pictures) == 3
    assert all(np.abs(p.values).max() <= 1 for p in found.pictures)


WRONG = {
    "no method": (object(), "object has no method read"),
    "no vocabulary": (only("read", vocabulary=()), "nothing says what its ids stand for"),
    "a character that it lacks": (only("read", vocabulary=VOCABULARY[1:]),
                                  f"{VOCABULARY[0]!r} is not in its vocabulary"),
    "no mapping": (only(read=lambda self, ids: np.zeros((len(ids), 2))), "read must return arrays"),
    "another length": (only(read=lambda self, ids: {"h": np.zeros((3, 2))}), "[steps, units]"),
    "one dimension": (only(read=lambda self, ids: {"h": np.zeros(len(ids))}), "[steps, units]"),
    "not a number": (only(read=lambda self, ids: {"h": np.full((len(ids), 2), np.nan)}), "is nan"),
    "no name": (only(read=lambda self, ids: {"layer.0": np.zeros((len(ids), 2))}),
                "'layer.0' is not the name of a signal"),
    "other units each time": (
        only(read=lambda self, ids: {"h": np.ones((len(ids), len(ids) % 7 + 1))}),
        "other signals or units than before"),
    "chances above 1": (only("read", log_probs=lambda self, ids: np.ones(len(ids))),
                        "log_probs must be"),
    "steps that are not the text": (
        only("read", steps=lambda self, text: ([0], [text[:5]])), "1 ids, 1 pieces with 5"),
    "steps below 0": (only("read", steps=lambda self, text: ([-1], [text])), "an id is below 0"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_reader_that_is_not_right(name):
    reader, said = WRONG[name]
    with pytest.raises(ModelError) as error:
        builder.inspect(reader, TEXTS, language="python")
    assert said in str(error.value) and len(error.value.problems) == 1


def test_other_untrained_networks_and_too_little_text():
    class Other(Planted):
        def read(self, ids):
            return {"h0": np.zeros((len(ids), 3))}

    with pytest.raises(ModelError, match="untrained network 0 has other signals or units"):
        builder.inspect(Planted(), TEXTS, language="python", untrained=[Other()])
    with pytest.raises(CorpusError, match="too little text"):
        builder.inspect(Planted(), "a = 1\n", language="python")
    with pytest.raises(CorpusError, match="is empty"):
        builder.inspect(Planted(), "", language="python")


def test_unknown_characters_have_a_row_if_there_is_one():
    reader = only("read", vocabulary={c: i for i, c in enumerate(VOCABULARY)}, unknown=0)
    texts = {name: text.replace("value", "välue") for name, text in TEXTS.items()}
    assert builder.inspect(reader, texts, language="python", controls=False).claims


def test_the_code_of_the_page(here, model, programs):
    (here / "my-model").symlink_to(model)
    (here / "unseen-code").symlink_to(programs)
    builder.save_states("my-states.npz", planted_states(TEXTS.values(), 1), text=WHOLE)
    words = Words()

    def tokenizer(text, return_offsets_mapping):
        ids, pieces = words.steps(text)
        ends = np.cumsum([len(piece) for piece in pieces]).tolist()
        return {"input_ids": ids, "offset_mapping": list(zip([0, *ends], ends, strict=False))}

    names = {"vocabulary": VOCABULARY, "texts": TEXTS, "tokenizer": tokenizer,
             "model": lambda ids: only("read").read(ids)["h0"],
             "model_of_words": lambda ids: [v.detach() for v in words.read(ids).values()]}
    blocks = examples("builder.inspect")
    assert len(blocks) == 3
    found = []
    for block in blocks:
        exec(block, names)
        found.append({claim["unit"].partition(".")[0] for claim in names["found"].claims})
    assert found == [{"h0"}, {"h0", "dh0"}, {"resid0", "resid1"}]
    assert json.loads(Path("out.json").read_text("utf-8"))["claims"]


def test_the_package_stays_light():
    code = "import builder, sys; assert not {'torch', 'numpy', 'mkdocs'} & set(sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True,
                          cwd=Path(__file__).parents[2])
    assert done.returncode == 0, done.stderr
