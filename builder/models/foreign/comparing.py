"""A copy beside the live network: the states, or the scores, that both give for the same steps."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import Tensor, nn

from builder.core.errors import ModelError, Problem
from builder.models.foreign.modules import CHECK, drops, evaluating
from builder.models.foreign.rows import Rows
from builder.models.network import CharNetwork

STEPS = 60
CLOSE = 2e-3
"""How far a state of a right copy may be off. float16 rounds weights by 5e-4 of their size."""


def compare(
    network: CharNetwork, rows: Rows, check: Any, live: nn.Module, where: str
) -> None:
    """Compare a copy with what the live network gives.

    Args:
        network: The copy, before it is rounded to float16.
        rows: What the rows of the live network stand for.
        check: A module to be called, or (ids, states): rows int[N], and float[N, H] of the
            uppermost layer from a zero state.
        live: All parts of the live network, to be looked at.
        where: How messages name the network.

    Raises:
        ModelError: They differ, or nothing can be compared.
    """
    if isinstance(check, nn.Module):
        _compare_module(network, rows, check, live, where)
        return
    ids, states = _given(check, network, where)
    ours = _read(network, rows, ids, where)[0]
    far = (ours - states).abs()
    if not bool((far <= CLOSE).all()):
        step, cell = divmod(int(far.nan_to_num(9.0).argmax()), far.shape[1])
        raise _differs(where, f"a state differs by {float(far[step, cell]):.3f} at step {step} "
                              f"in cell {cell}", live)


def check_whole(network: CharNetwork, rows: Rows, whole: nn.Module, where: str) -> None:
    """Compare a copy with a whole module, in evaluation mode, whose forward is somebody's own.

    Raises:
        ModelError: They differ, or the forward cannot be called from here.
    """
    if type(whole).forward is nn.Module.forward:
        return
    with evaluating(whole):
        _compare_module(network, rows, whole, whole, where)


def _differs(where: str, found: str, live: nn.Module) -> ModelError:
    todo = "it is in training mode, where dropout draws by chance: call eval()" if drops(live) \
        else "something happens in it that the weights of its parts do not show: give it stored " \
             "states of the live model"
    return ModelError(Problem(where, "the copy does not do what the live model does", found, todo))


def _given(check: Any, network: CharNetwork, where: str) -> tuple[Tensor, Tensor]:
    where, hidden = f"{where}, check", network.spec.hidden_size
    try:
        given_ids, given_states = check
        ids = torch.as_tensor(given_ids).detach().cpu().reshape(-1).long()
        states = torch.as_tensor(given_states).detach().cpu().float()
        states = states.reshape(-1, hidden)
        fits = len(ids) == len(states) > 0
    except (TypeError, ValueError, RuntimeError):
        fits = False
    if not fits:
        raise ModelError(Problem(where, "neither a module nor (ids, states)", "",
                                 f"give rows that were read, [N], and states, [N, {hidden}]"))
    return ids, states


def _read(network: CharNetwork, rows: Rows, ids: Tensor, where: str) -> tuple[Tensor, Tensor]:
    """Return the states [N, H] and scores [N, R] of the copy, rows in the order of the source."""
    place = torch.full((rows.count,), 0)
    place[list(rows.at)] = torch.arange(1, len(rows.at) + 1)
    if bool(((ids < 0) | (ids >= rows.count)).any()):
        raise ModelError(Problem(f"{where}, check", "there is no such row",
                                 f"{int(ids.min())} to {int(ids.max())}",
                                 f"rows are 0 to {rows.count - 1}"))
    network.eval()
    with torch.no_grad():
        embedded = network.embedding(place[ids][:, None])
        states = network.architecture.run(network.rnn, embedded, network.initial_state(1))[0][:, 0]
        return states, network.decoder(states)[:, place]


def _compare_module(
    network: CharNetwork, rows: Rows, module: nn.Module, live: nn.Module, where: str
) -> None:
    chance = torch.Generator().manual_seed(0)
    ids = torch.randint(rows.count, (STEPS,), generator=chance)
    states, scores = _read(network, rows, ids, where)
    nearest = float("inf")
    for given in _calls(module, ids, rows.count, network.spec.hidden_size):
        for tensor in _tensors(given):
            nearest = min(nearest, _distance(tensor, states, scores))
            if nearest <= CLOSE:
                return
    if nearest == float("inf"):
        raise ModelError(Problem(
            where, "what it does in forward cannot be compared", "no way to call it gave states "
            "or scores", CHECK.partition(" or ")[0] + ", or name the parts"))
    raise _differs(where, f"states or scores differ by {nearest:.3f}", live)


def _calls(module: nn.Module, ids: Tensor, count: int, hidden: int) -> Iterator[Any]:
    """Yield what a module gives for the same steps in all ways in which it can be called."""
    first = next(module.parameters(), torch.zeros(()))
    hot = torch.nn.functional.one_hot(ids, count).to(first.dtype)
    inputs = [ids[None], ids[:, None], ids, hot[None], hot[:, None], hot]
    for one in inputs:
        one = one.to(first.device)
        for more in _states(module, hidden, first):
            if (given := _quietly(module, one, *more)) is not None:
                yield given
                break
    if (given := _step_by_step(module, ids, hidden, first)) is not None:
        yield given


def _states(module: nn.Module, hidden: int, like: Tensor) -> list[tuple[Any, ...]]:
    own = _own_state(module)
    zero = torch.zeros(1, 1, hidden, dtype=like.dtype, device=like.device)
    return [(), *([(own,)] if own is not None else []), (None,), ((zero, zero),), (zero,)]


def _own_state(module: nn.Module) -> Any:
    for name in ("init_hidden", "initHidden", "init_state", "initial_state"):
        make = getattr(module, name, None)
        for arguments in ((1,), ()):
            if callable(make) and (made := _quietly(make, *arguments)) is not None:
                return made
    return None


def _quietly(call: Callable[..., Any], *arguments: Any) -> Any:
    """Return what a call gives; None where it raises, whatever that is: it is somebody's code."""
    try:
        with torch.no_grad(), torch.random.fork_rng(devices=[]):
            return call(*arguments)
    except Exception:
        return None


def _step_by_step(module: nn.Module, ids: Tensor, hidden: int, like: Tensor) -> Any:
    """Return what a module that reads one step and a state gives, one step after another."""
    for start in _states(module, hidden, like)[1:]:
        for shape in ((), (1,), (1, 1)):
            state, outputs = start[0], list[Tensor]()
            for row in ids.to(like.device):
                given = _quietly(module, row.reshape(shape), state)
                if not isinstance(given, tuple) or len(given) < 2 or (
                        not isinstance(given[0], Tensor)):
                    break
                outputs.append(given[0].reshape(-1))
                state = given[1] if len(given) == 2 else given[1:]
            if len(outputs) == len(ids) and len({len(output) for output in outputs}) == 1:
                return torch.stack(outputs)
    return None


def _tensors(given: Any) -> Iterator[Tensor]:
    if isinstance(given, Tensor):
        yield given.detach().float().cpu()
    elif isinstance(given, tuple | list):
        for one in given:
            yield from _tensors(one)
    elif isinstance(given, dict):
        yield from _tensors(list(given.values()))


def _distance(tensor: Tensor, states: Tensor, scores: Tensor) -> float:
    """Return how far a tensor is from the states or the scores, whichever it can be."""
    found = [float("inf")]
    if tensor.numel() == states.numel() and tensor.shape[-1] == states.shape[-1]:
        found.append(float((tensor.reshape(states.shape) - states).abs().max()))
    if tensor.numel() == scores.numel() and scores.shape[0] in tensor.shape:
        for one in _as_rows(tensor, scores):
            logs = one.log() if _are_shares(one) else one.log_softmax(-1)
            found.append(float((logs - scores.log_softmax(-1)).abs().max())
                         / max(1.0, float(scores.abs().max())))
    return min((d for d in found if d == d), default=float("inf"))


def _as_rows(tensor: Tensor, scores: Tensor) -> Iterator[Tensor]:
    count = scores.shape[1]
    if tensor.shape[-1] == count:
        yield tensor.reshape(scores.shape)
    if tensor.ndim == 3 and tensor.shape[1] == count:  # [B, R, N], as cross_entropy reads it
        yield tensor.transpose(1, 2).reshape(scores.shape)


def _are_shares(one: Tensor) -> bool:
    return bool((one >= 0).all()) and bool(((one.sum(-1) - 1).abs() < 1e-3).all())
