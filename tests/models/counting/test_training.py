"""Small networks: trained abreast as if alone, and read as they are."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from builder.models.architectures import ARCHITECTURES  # noqa: E402
from builder.models.counting.abreast import Abreast, as_one, diagonal  # noqa: E402
from builder.models.counting.experiment import Asked, count  # noqa: E402
from builder.models.counting.failing import first_failed, share_right  # noqa: E402
from builder.models.counting.language import PADDING  # noqa: E402
from builder.models.counting.languages import LANGUAGES  # noqa: E402
from builder.models.counting.networks import SmallNetwork  # noqa: E402
from builder.models.counting.training import evenly, trained  # noqa: E402
from builder.models.counting.units import correlations, readout, units_of  # noqa: E402

pytestmark = pytest.mark.torch
NAMES = ARCHITECTURES.names()
STEPS = 3
"""So few that what float32 rounds away has not grown."""


@pytest.fixture(autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def two(architecture, language):
    return [SmallNetwork(architecture, LANGUAGES[language], seed) for seed in (3, 4)]


@pytest.mark.parametrize("name", NAMES)
def test_networks_abreast_answer_as_each_alone(name):
    language, networks = LANGUAGES["anbn"], two(name, "anbn")
    ids = language.climb(np.arange(1, 9))
    for wide in as_one(networks):
        each = torch.from_numpy(ids)[..., None].expand(-1, -1, wide.count)
        with torch.inference_mode():
            answers = wide(each).numpy()
        for number, network in enumerate(wide.networks):
            assert np.allclose(answers[:, :, number], network.answer(ids), atol=1e-4)


@pytest.mark.parametrize("name", ["gru", "lstm", "mingru", "slstm"])
def test_networks_trained_abreast_are_those_trained_alone(name):
    language = LANGUAGES["toggle"]
    together = trained(name, language, (0, 1), STEPS)
    alone = [trained(name, language, (seed,), STEPS)[0] for seed in (0, 1)]
    for (a, loss_a), (b, loss_b) in zip(together, alone, strict=True):
        assert loss_a == pytest.approx(loss_b, abs=1e-4)
        for x, y in zip(a.parameters(), b.parameters(), strict=True):
            assert torch.allclose(x, y, atol=1e-3)


def test_what_is_beside_the_blocks_stays_nothing():
    (wide,) = as_one(two("lstm", "toggle"))
    ids = torch.from_numpy(LANGUAGES["toggle"].draw(np.random.default_rng(0), 4))
    wide(ids[..., None].expand(-1, -1, 2)).square().sum().backward()
    wide.clip(0.5)
    squares = [0.0, 0.0]
    for name, parameter in wide.named_parameters():
        owners = wide._owners[name]
        assert (parameter.grad[owners == 2] == 0).all()
        for number in (0, 1):
            squares[number] += float(parameter.grad[owners == number].square().sum())
    assert max(squares) ** 0.5 <= 0.5 * 1.0001


def test_an_architecture_whose_channels_share_weights_is_trained_alone():
    assert [wide.count for wide in as_one(two("ssm", "toggle"))] == [1, 1]
    with pytest.raises(ValueError, match="cannot stand in blocks"):
        Abreast(two("ssm", "toggle"))


def test_blocks_go_gate_by_gate():
    a, b = torch.tensor([[1.0], [2.0]]), torch.tensor([[3.0], [4.0]])
    assert diagonal([a, b], 2).tolist() == [[1, 0], [0, 3], [2, 0], [0, 4]]
    assert diagonal([a[:, 0], b[:, 0]], 2).tolist() == [1, 3, 2, 4]


def test_what_is_rare_weighs_as_much_as_what_is_not():
    language = LANGUAGES["anbn"]
    strings = language.strings(language.climb(np.array([1, 30])))
    weights = evenly(strings)
    end = strings.answers[..., 2] & strings.asked
    a = (strings.ids == 0) & strings.asked
    assert weights[end].sum() == pytest.approx(weights[a].sum())
    assert weights[strings.asked].mean() == pytest.approx(1)
    assert (weights[~strings.asked] == 0).all()


@pytest.mark.parametrize("name", NAMES)
def test_states_are_those_that_the_answers_are_made_of(name):
    network = SmallNetwork(name, LANGUAGES["dyck-1"], 0)
    ids = LANGUAGES["dyck-1"].draw(np.random.default_rng(0), 6)
    units = units_of(network, ids)
    assert units.values.shape == (*ids.shape, len(units.names))
    h = units.values[..., [units.names.index(f"h0.{i}") for i in range(network.hidden)]]
    if network.layers == 1:  # with one layer the answers are read from h
        with torch.inference_mode():
            answers = network.decoder(torch.from_numpy(h).float()).numpy()
        read = ids != PADDING
        assert np.allclose(answers[read], network.answer(ids)[read], atol=1e-4)
    else:
        assert np.isfinite(h).all()


def test_the_cell_of_an_lstm_is_read_as_it_is_added_up():
    network = SmallNetwork("lstm", LANGUAGES["dyck-1"], 0)
    with torch.no_grad():
        for parameter in network.rnn.parameters():
            parameter.zero_()
        i, f, g, _ = network.rnn.bias_ih_l0.chunk(4)
        i.fill_(50.0)
        f.fill_(50.0)
        g.fill_(50.0)  # c rises by 1 at each letter
    ids = LANGUAGES["dyck-1"].ids("((()))")
    units = units_of(network, ids)
    assert units.values[:, 0, units.names.index("c0.2")] == pytest.approx([1, 2, 3, 4, 5, 6])


def test_correlation_and_readout():
    rng = np.random.default_rng(5)
    truth = rng.integers(5, size=400)
    values = np.stack([-3.0 * truth, rng.random(400), np.zeros(400)], 1)
    r = correlations(values, truth)
    assert r[0] == pytest.approx(-1) and abs(r[1]) < 0.2 and r[2] == 0
    assert readout(values, truth) == pytest.approx(1, abs=1e-4)
    assert readout(values[:, 1:], truth) < 0.1


def test_a_network_that_always_says_yes():
    language = LANGUAGES["parity"]
    network = SmallNetwork("rnn", language, 0)
    with torch.no_grad():
        network.decoder.weight.zero_()
        network.decoder.bias.fill_(1.0)
    assert first_failed(network, language) == 2  # "1" is odd, "11" is not
    assert first_failed(network, language, 4) == 5  # what was wrong on the way is wrong still
    share = share_right(network, language, language.ids("11", "10"))
    assert (share.answers, share.strings) == (0.75, 0.5)


def test_a_run_says_what_it_is_of():
    (run,) = count(0.002, Asked("mingru", "anbncn", (7,)))
    assert run.name == ("mingru", "anbncn", 7)
    assert (run.units, run.layers, run.trained_to) == (3, 2, 50)
    assert {c.truth for c in run.counting} <= set(run.truths) == {"a-b", "b-c", "a-c"}
    assert run.failed is not None and run.failed_beyond > 50
    assert count(0.002, Asked("mingru", "anbncn", (7,)))[0] == run
