import pytest

torch = pytest.importorskip("torch")

from builder.core.errors import ModelError  # noqa: E402
from builder.models.folder import load_model  # noqa: E402
from builder.models.training import film, train  # noqa: E402
from tests.models.test_models import trained  # noqa: E402

pytestmark = pytest.mark.torch


@pytest.fixture
def short(monkeypatch):
    """Spread the frames so that a run of a few steps has one for each moment."""
    monkeypatch.setattr(film, "SPAN", 16.0)


def test_moments_are_evenly_spread_over_the_logarithm_and_end_before_the_end():
    steps = film.film_steps(100_000, 4)
    assert steps == (100, 1_000, 10_000)
    assert film.film_steps(2, 8) == (1,)
    assert film.film_steps(1, 8) == ()


def test_frames_are_the_network_on_its_way_to_the_same_end(tmp_path, short):
    plain, filmed = trained(tmp_path, "plain"), trained(tmp_path, "filmed", moments=4)
    weights = [(f / "model.safetensors").read_bytes() for f in (plain, filmed)]
    assert weights[0] == weights[1] and not (plain / "film").exists()
    frames = film.read_film(filmed)
    read = [frame.characters for frame in frames]
    assert len(read) == 4 and read == sorted(set(read))
    assert frames[-1].model.digest == load_model(filmed).digest
    distances = [away(frame, frames[-1]) for frame in frames]
    assert distances == sorted(distances, reverse=True) and distances[0] > 0
    assert [p.name for p in tmp_path.iterdir() if p.name not in ("plain", "filmed")] == []


def test_a_frame_is_the_end_of_a_shorter_feed(tmp_path, monkeypatch):
    """After n steps a frame holds what a network stopped after n steps would be."""
    filmed = film.read_film(trained(tmp_path, "filmed", moments=3))[1]
    step, seen = train.train_step, []

    def watched(network, *arguments):
        state = step(network, *arguments)
        seen.append({n: t.detach().half().float() for n, t in network.state_dict().items()})
        return state

    monkeypatch.setattr(train, "train_step", watched)
    trained(tmp_path, "again")
    weights = filmed.model.network.state_dict()
    assert any(all(torch.equal(weights[n], t) for n, t in state.items()) for state in seen)
    assert not all(torch.equal(weights[n], t) for n, t in seen[-1].items())


def test_a_resumed_run_keeps_the_frames_of_before(tmp_path, monkeypatch, short):
    whole = trained(tmp_path, "whole", moments=5)
    monkeypatch.setattr(train, "CHECKPOINT_SECONDS", 0.0)
    step, calls = train.train_step, []

    def stopping(*arguments):
        calls.append(1)
        if len(calls) == 20:
            raise KeyboardInterrupt
        return step(*arguments)

    monkeypatch.setattr(train, "train_step", stopping)
    with pytest.raises(KeyboardInterrupt):
        trained(tmp_path, "part", moments=5)
    monkeypatch.setattr(train, "train_step", step)
    part = trained(tmp_path, "part", moments=5, resume=True)
    frames = [{p.name: p.read_bytes() for p in (f / "film").iterdir()} for f in (whole, part)]
    assert frames[0] == frames[1] and len(frames[0]) == 4


def test_a_broken_frame_is_named(tmp_path):
    folder = trained(tmp_path, "filmed", moments=3)
    path = sorted((folder / "film").iterdir())[0]
    path.write_bytes(b"torn")
    with pytest.raises(ModelError, match=path.name):
        film.read_film(folder)


def away(frame, end):
    pairs = zip(frame.model.network.parameters(), end.model.network.parameters(), strict=True)
    return sum(float((a - b).detach().square().sum()) for a, b in pairs)
