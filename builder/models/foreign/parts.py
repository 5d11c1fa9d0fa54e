"""A whole module of somebody's, and the parts in it: found by kind and by size."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from torch import nn

from builder.core.errors import ModelError, Problem
from builder.models.foreign.decoders import is_decoder
from builder.models.foreign.layers import is_recurrent
from builder.models.foreign.modules import bare

NAME_THEM = "name the parts: save_model(folder, rnn, embedding, decoder, vocabulary)"


@dataclass(frozen=True)
class LiveParts:
    """A network in memory: what reads characters, what remembers, what guesses.

    Attributes:
        rnn: Layers, a cell, or a list of either.
        embedding: None where the input is one-hot.
        decoder: None where there is none, which cannot be kept.
        whole: The module in which they were found; None where they were named.
    """

    rnn: nn.Module
    embedding: nn.Module | None
    decoder: nn.Module | None
    whole: nn.Module | None = None


def parts_of(
    rnn: object, embedding: nn.Module | None, decoder: nn.Module | None, where: str
) -> LiveParts:
    """Return the parts that were named, and those that were not from a whole module.

    Raises:
        ModelError: The module has none of a kind, or several that could be meant.
    """
    if isinstance(rnn, list | tuple):
        rnn = nn.ModuleList(rnn)
    if not isinstance(rnn, nn.Module):
        raise ModelError(Problem(f"{where}, rnn", "not a module of PyTorch", type(rnn).__name__,
                                 "give an nn.Module"))
    inner = bare(rnn)
    reads, guesses = (None if part is None else bare(part) for part in (embedding, decoder))
    if _only_recurrent(inner):
        return LiveParts(inner, reads, guesses)
    return _found(inner, reads, guesses, where)


def _only_recurrent(module: nn.Module) -> bool:
    """Tell whether a module is a layer, or a list of layers."""
    inside = [bare(part) for part in module.children()]
    return is_recurrent(module) or (isinstance(module, nn.ModuleList | nn.Sequential) and (
        bool(inside) and all(map(_only_recurrent, inside))))


def _found(
    whole: nn.Module, embedding: nn.Module | None, decoder: nn.Module | None, where: str
) -> LiveParts:
    parts = dict(_outermost(whole, ""))
    layers = {name: part for name, part in parts.items() if is_recurrent(part) or (
        _only_recurrent(part))}
    rnn = _one("recurrent layer", layers, where)
    first = rnn if is_recurrent(rnn) else bare(next(rnn.children()))
    reads, hidden = int(first.input_size), int(first.hidden_size)  # type: ignore[arg-type]
    tables = {n: p for n, p in parts.items() if isinstance(p, nn.Embedding)}
    if embedding is None and tables:
        embedding = _one("embedding", tables, where)
    count = int(getattr(embedding, "num_embeddings", reads))
    if decoder is None:
        decoder = _one("decoder", {n: p for n, p in parts.items()
                                   if is_decoder(p, hidden, count)} or {
            n: p for n, p in parts.items() if isinstance(p, nn.Linear | nn.Sequential)}, where)
    found = LiveParts(rnn, embedding, decoder, whole)
    _check_whole(found, where)
    return found


def _outermost(module: nn.Module, prefix: str) -> Iterator[tuple[str, nn.Module]]:
    """Yield parts by name; nothing inside a list of layers or a row of linear ones."""
    for name, child in module.named_children():
        part, at = bare(child), f"{prefix}{name}"
        linear = any(isinstance(m, nn.Linear) for m in part.modules())
        rows = isinstance(part, nn.Sequential) and linear and not any(
            is_recurrent(m) or isinstance(m, nn.Embedding) for m in part.modules())
        if rows or not any(True for _ in part.children()) or _only_recurrent(part):
            yield at, part
        else:
            yield from _outermost(part, f"{at}.")


def _one(what: str, found: Mapping[str, nn.Module], where: str) -> nn.Module:
    if len(found) == 1:
        return next(iter(found.values()))
    wrong = f"there are {len(found)} that could be the {what}" if found else f"there is no {what}"
    raise ModelError(Problem(where, wrong, ", ".join(found), NAME_THEM))


def _check_whole(parts: LiveParts, where: str) -> None:
    """See that nothing with weights is left over.

    Raises:
        ModelError: There is; names it.
    """
    assert parts.whole is not None
    known = {id(p) for part in (parts.rnn, parts.embedding, parts.decoder) if part is not None
             for p in part.parameters()}
    left = [name for name, p in parts.whole.named_parameters() if id(p) not in known]
    if left:
        raise ModelError(Problem(where, "it has weights that would not be kept",
                                 ", ".join(left[:5]), NAME_THEM))
