"""A live network of PyTorch as a model folder."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from torch import Tensor, nn

from builder.core.errors import ModelError, Problem
from builder.models.foreign.comparing import check_whole, compare
from builder.models.foreign.decoders import folded
from builder.models.foreign.layers import read_layers
from builder.models.foreign.modules import check_plain, rows_in
from builder.models.foreign.parts import LiveParts, parts_of
from builder.models.foreign.pieces import Pieces, assembled
from builder.models.foreign.rows import Rows
from builder.models.foreign.vocabulary import names_of, rows_of
from builder.models.importer import (
    IMPORTERS,
    ImportedModel,
    Importer,
    ImportOptions,
    Taken,
    read_so,
    write_imported,
)
from builder.models.network import CharNetwork
from builder.models.said import Said
from builder.tokens.contract import TOKENS, Tokens

Characters = Mapping[str, int] | Mapping[int, str] | Iterable[str] | bytes | Tokens


def save_model(
    folder: str | Path,
    rnn: nn.Module | list[nn.Module],
    embedding: nn.Module | None = None,
    decoder: nn.Module | None = None,
    vocabulary: Characters = (),
    *,
    check: nn.Module | tuple[Any, Any] | None = None,
    tokens: str = "", reset: str | int = "", begin: str = "",
) -> None:
    """Turn a live network of your own into a model folder that `gallery inspect` reads.

    Args:
        folder: Made where it is missing.
        rnn: An nn.RNN (tanh), nn.GRU or nn.LSTM of one direction, a cell, a list of either; or a
            whole module, in which the parts that are not named are found.
        embedding: R rows; a linear layer that reads one-hot input; None where the rnn reads
            one-hot input itself.
        decoder: From H to R outputs; linear layers in a row are multiplied out.
        vocabulary: What the rows stand for. A list, a str or bytes in the order of the rows, which
            may leave out a first row that stands for unknown characters; or a dict from characters
            to rows, or from rows to characters.
        check: The live module, or (ids, states) with rows int[N] that it read from a zero state
            and the states float[N, H] that it gave. The copy must do the same.
        tokens: What a step is: "characters", "bytes", "words" or "pieces", where the vocabulary
            does not tell.
        reset: Where the state begins anew, as in training: "document", "line", or the number of
            steps of a window.
        begin: The special entry of the vocabulary that each text began with, if any.

    Raises:
        ModelError: The parts do not fit each other, are of a kind that cannot be kept, or do
            something that the copy does not.
        OutputError: The folder cannot be written.
    """
    where = str(folder)
    if tokens:
        TOKENS.get(tokens)
    options = ImportOptions(where, names_of(vocabulary, where), tokens=tokens,
                            said=Said.of(reset, begin))
    source = parts_of(rnn, embedding, decoder, where)
    model = LiveImporter().load(source, options, check)
    write_imported(Path(folder), read_so(model, options), where)


class LiveImporter(Importer):
    """Reads the parts of a live network; the characters of its rows must be said besides."""

    title = "a network of PyTorch in memory"

    def reads(self, source: object) -> bool:
        """Tell whether these are such parts."""
        return isinstance(source, LiveParts)

    def load(self, source: LiveParts, options: ImportOptions, check: Any = None) -> ImportedModel:
        """Take the parts as they are, and say what was added to them.

        Raises:
            ModelError: The parts do not fit each other, or are of a kind that cannot be kept.
        """
        where = options.where
        if check is None:
            _check_parts(source, where)
        pieces = _pieces(source, where)
        rows = rows_of(options.names, pieces.count, where, options.tokens)[0]
        _check_padding(source.embedding, rows, where)
        spec, weights = assembled(pieces, rows, where)
        _check(CharNetwork(spec), weights, rows, source, check, where)
        return ImportedModel(spec, weights, _table(source, pieces, rows))


def _pieces(source: LiveParts, where: str) -> Pieces:
    architecture, layers, reads = read_layers(source.rnn, where)
    hidden = layers[0]["weight_hh"].shape[1] if "weight_hh" in layers[0] else _hidden(source.rnn)
    table = rows_in(source.embedding, where)
    weight, bias = folded(source.decoder, where)
    rows, width = (reads, reads) if table is None else table.shape
    if width != reads:
        raise ModelError(Problem(f"{where}, embedding", "does not fit",
                                 f"{width} wide, rnn reads {reads}"))
    if tuple(weight.shape) != (rows, hidden):
        raise ModelError(Problem(f"{where}, decoder", "does not fit",
                                 f"{weight.shape[1]} to {weight.shape[0]}", f"{hidden} to {rows}"))
    return Pieces(architecture, layers, table, weight, bias)


def _hidden(rnn: nn.Module) -> int:
    return int(rnn.hidden_size)  # type: ignore[arg-type]


def _check_parts(source: LiveParts, where: str) -> None:
    for part in ("rnn", "embedding", "decoder"):
        module = getattr(source, part)
        if module is not None:
            check_plain(part, module, where)


def _check_padding(embedding: nn.Module | None, rows: Rows, where: str) -> None:
    padding = getattr(embedding, "padding_idx", None)
    if padding is None or padding not in rows.at:
        return
    name = rows.characters[rows.at.index(padding)]
    if name not in rows.special and rows.tokens is None:
        raise ModelError(Problem(f"{where}, vocabulary", "a character has the row of padding",
                                 f"{name!r} has row {padding}",
                                 "give a dict with the rows that the characters have"))


def _check(
    network: CharNetwork, weights: Mapping[str, Tensor], rows: Rows, source: LiveParts, check: Any,
    where: str,
) -> None:
    """Compare the copy with the live network, where there is something to compare with."""
    if check is None and source.whole is None:
        return
    if any(network.state_dict()[name].shape != w.shape for name, w in weights.items()):
        return  # said afterwards, for every importer
    network.load_state_dict(dict(weights))
    if check is None:
        assert source.whole is not None
        check_whole(network, rows, source.whole, where)
        return
    parts = [p for p in (source.whole, source.rnn, source.embedding, source.decoder)
             if p is not None]
    compare(network, rows, check, nn.ModuleList(parts), where)


def _table(source: LiveParts, pieces: Pieces, rows: Rows) -> tuple[Taken, ...]:
    """Return what was taken for what: a part keeps its name, some rows may be new."""
    note = "with a row for unknown characters" if rows.unknown is None else ""
    parts = {"embedding": pieces.embedding, "decoder": pieces.decoder}
    ends = {f"{name}.weight": tensor for name, tensor in parts.items() if tensor is not None}
    layers = {f"rnn.{name}_l{number}": tensor for number, layer in enumerate(pieces.layers)
              for name, tensor in layer.items()}
    bias = {} if pieces.bias is None else {"decoder.bias": pieces.bias}
    return tuple(Taken(name, tuple(tensor.shape), name, "" if name.startswith("rnn.") else note)
                 for name, tensor in {**layers, **ends, **bias}.items())


IMPORTERS.register("live", LiveImporter())
