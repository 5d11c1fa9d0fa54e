"""A sweep: one reading of a text that feeds everything which is to be known of it.

Each *need* says which signals it is given, on which sample, whether row by row as they are read or
in whole parts, and makes the empty sums. The text is cut into shares; what is read side by side
hangs on the text and the needs alone, each share is done with one thread, and sums are merged in
the order of the shares. So the numbers are the same whatever does the work and however many do it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from builder.activations.sampling import Stretch
from builder.activations.shares import KEPT_SHARE, SHARE, Ready, cut, length, sent, shares_of
from builder.activations.subject import Reading, nothing_to_score
from builder.activations.texts import Marks, Slice, Texts, grouped
from builder.core.blocks import StateBlock
from builder.core.text import Piece
from builder.core.units import UnitId
from builder.models.threads import one_thread
from builder.scoring import BigramTable, Joined, Prepared
from builder.scoring.prepare import NOT_SCORED
from builder.work import Workers

State = dict[str, NDArray[Any]]


S = TypeVar("S", bound=Any)


@dataclass(frozen=True)
class Need(Generic[S]):
    """What one statistic, control or picture asks of a sweep.

    Attributes:
        make: Makes the empty sums. They have `add`, which is given `Rows`, or a part's `Prepared`
            and its values, and changes and keeps none of it; `state`, all sums; and `merge`, which
            adds those of another share.
        signals: Names of those whose units are given; those of the reading where it is empty.
        columns: Of these units, the ones that are given; all where it is None.
        sets: Instead of signals: sets of characters. The values are then the network's own
            probabilities that the next step begins with one of each.
        sample: Where steps count; everywhere where it is None.
        whole: Whether parts of the text are given whole, and not the rows of blocks.
    """

    make: Callable[[], S]
    signals: tuple[str, ...] = ()
    columns: tuple[int, ...] | None = None
    sets: tuple[str, ...] = ()
    sample: tuple[Stretch, ...] | None = None
    whole: bool = False


@dataclass(frozen=True)
class _Task:
    """What everybody who reads is sent once: each need but for its sample."""

    reading: Reading
    table: BigramTable
    needs: tuple[Need[Any], ...]


@dataclass(frozen=True)
class _Share:
    """Parts of a text that are read side by side, the longest first.

    Attributes:
        parts: What is read.
        wanted: Numbers of the needs that are fed.
        marks: Of each of these and each part, the group of the steps that count, from the
            part's start on; None where all of it counts as the part itself says.
    """

    parts: tuple[Slice, ...]
    wanted: tuple[int, ...]
    marks: tuple[tuple[Marks, ...] | None, ...]


def sweep(
    workers: Workers, reading: Reading, table: BigramTable, stretches: Sequence[Stretch],
    needs: Mapping[str, Need[Any]], title: str,
) -> dict[str, Any]:
    """Read stretches once and return the sums of every need, by its name.

    Args:
        workers: Who reads.
        reading: How.
        table: Numbers of the frequent bigrams.
        stretches: What is read; the samples of needs are parts of it.
        needs: By name.
        title: Of the progress.

    Raises:
        CorpusError: There is not one character that counts for one of the needs.
    """
    names, wanted = list(needs), list(needs.values())
    work = _Task(reading, table, tuple(replace(n, sample=None) for n in wanted))
    shares = list(_shares(workers, stretches, wanted, reading))
    sizes = [sum(length(s.piece) for s in share.parts) for share in shares]
    sums = {name: need.make() for name, need in needs.items()}
    fed = set[str]()
    for states in workers.map(_feed, work, shares, title=title, sizes=sizes):
        for number, state in _unpacked(states).items():
            sums[names[number]].merge(state)
            fed.add(names[number])
    for name in names:
        if name not in fed and not needs[name].whole:
            raise nothing_to_score(title, len(stretches))
    return sums


def run(
    workers: Workers, reading: Reading, table: BigramTable, make: Callable[[], S],
    stretches: Sequence[Stretch], title: str,
) -> S:
    """Read stretches for one need alone: all signals of the reading, row by row."""
    found: S = sweep(workers, reading, table, stretches, {"": Need(make)}, title)[""]
    return found


def _shares(
    workers: Workers, stretches: Sequence[Stretch], needs: Sequence[Need[Any]], reading: Reading
) -> Iterator[_Share]:
    """Yield shares of parts that feed the same needs, so that nothing is opened for nobody."""
    marks = [_by_document(need.sample) for need in needs]
    together: dict[tuple[int, ...], list[Stretch]] = defaultdict(list)
    for document, piece in cut(stretches):
        fed = tuple(i for i, of_need in enumerate(marks)
                    if of_need is None or _within(of_need.get(document.name, ()), piece))
        together[fed].append((document, piece))
    for fed, parts in sorted(together.items(), reverse=True):
        if not fed:
            continue
        largest = KEPT_SHARE if any(needs[i].whole for i in fed) else SHARE
        for share in shares_of(parts, largest):
            yield _Share(sent(workers, reading, share), fed,
                         tuple(_marks_of(marks[i], share, reading.texts) for i in fed))


def _by_document(sample: Sequence[Stretch] | None) -> dict[str, Marks] | None:
    if sample is None:
        return None
    found: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    for document, piece in sample:
        found[document.name].append((piece.scored_start, piece.stop, piece.group))
    return {name: tuple(marks) for name, marks in found.items()}


def _within(marks: Marks, piece: Piece) -> Marks:
    """Return what of some stretches is in a piece, the part before its start left out."""
    return tuple((max(start, piece.start), min(stop, piece.stop), group)
                 for start, stop, group in marks
                 if max(start, piece.start) < min(stop, piece.stop))


def _marks_of(
    marks: dict[str, Marks] | None, share: Sequence[Stretch], texts: Texts
) -> tuple[Marks, ...] | None:
    """Return what counts of each part of a share, in steps."""
    if marks is None:
        return None
    return tuple(texts.marks(d, _within(marks.get(d.name, ()), piece)) for d, piece in share)


def _feed(work: _Task, share: _Share) -> State:
    """Read one share and return the sums of the needs that it feeds, in one flat state."""
    with one_thread():
        prepared = work.reading.load(share.parts, work.table)
        fed = [_Feeding(work.needs[i], i, _marked(prepared, share.parts, marks))
               for i, marks in zip(share.wanted, share.marks, strict=True)]
        _read(work.reading, share.parts, prepared, fed)
        return {f"{one.number}.{name}": array for one in fed
                for name, array in one.finished().items()}


def _unpacked(states: State) -> dict[int, State]:
    found: dict[int, State] = defaultdict(dict)
    for name, array in states.items():
        number, _, rest = name.partition(".")
        found[int(number)][rest] = array
    return found


def _marked(
    prepared: Sequence[Prepared], parts: Sequence[Slice], marks: tuple[Marks, ...] | None
) -> list[Prepared]:
    """Return the parts with the groups of the steps that count for one need."""
    if marks is None:
        return list(prepared)
    return [replace(p, groups=grouped(len(p.ids), part.bounds.first, of_part, p.marks))
            for p, part, of_part in zip(prepared, parts, marks, strict=True)]


@dataclass
class _Feeding:
    """A need while a share is read: its sums, its parts, and what is kept of them.

    Attributes:
        need: What it asks for.
        number: Its place among all needs.
        parts: The parts, with the characters that count.
    """

    need: Need[Any]
    number: int
    parts: list[Prepared]
    columns: slice | NDArray[np.intp] = field(default_factory=lambda: slice(None))
    kept: list[NDArray[np.float32]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.sums = self.need.make()
        self.some = False

    def start(self, columns: slice | NDArray[np.intp], width: int) -> None:
        """Say which of the values that are read are this need's."""
        self.columns = columns
        if self.need.whole:
            self.kept = [np.empty((len(p.ids), width), np.float32) for p in self.parts]

    def take(self, block: StateBlock, joined: Joined, last: bool) -> None:
        """Take a block in; `last` may spend its memory."""
        values = block.values[..., self.columns]
        if self.need.whole:
            for b, length in enumerate(block.lengths.tolist()):
                rows = slice(block.start, block.start + length)
                self.kept[block.columns[b]][rows] = values[:length, b]
            return
        picked = joined.rows(values, self.parts, spend=last)
        if picked is not None:
            self.sums.add(picked)
            self.some = True

    def finished(self) -> State:
        """Return the sums; nothing where no character counted."""
        for part in self.parts if self.need.whole else ():
            values = self.kept.pop(0)
            if (part.groups != NOT_SCORED).any():
                self.sums.add(part, values)
                self.some = True
        return dict(self.sums.state()) if self.some else {}


def _read(
    reading: Reading, parts: Sequence[Slice], prepared: Sequence[Prepared],
    fed: Sequence[_Feeding],
) -> None:
    """Read parts, each block for all who are fed."""
    signals = {s for one in fed if not one.need.sets
               for s in one.need.signals or reading.signal_names}
    sets = tuple(dict.fromkeys(s for one in fed for s in one.need.sets))
    wanted = tuple(s for s in reading.all_signals if s in signals)
    places = {unit: i for i, unit in enumerate(reading.units_of(wanted))}
    for one in fed:
        one.start(*_columns(one.need, reading, places, sets))
    texts = [p.fed for p in prepared]
    for block in reading.source.blocks(parts, texts, wanted, sets, reading.rows):
        joined = Joined(block, prepared)
        for one in fed[:-1]:
            one.take(block, joined, last=False)
        fed[-1].take(block, joined, last=True)


def _columns(
    need: Need[Any], reading: Reading, places: Mapping[UnitId, int], sets: Sequence[str]
) -> tuple[slice | NDArray[np.intp], int]:
    """Return which columns of what is read are a need's, and how many; a slice where it can be."""
    if need.sets:
        found = np.array([len(places) + sets.index(s) for s in need.sets], np.intp)
    else:
        units = reading.units_of(need.signals or reading.signal_names)
        chosen = units if need.columns is None else [units[c] for c in need.columns]
        found = np.array([places[u] for u in chosen], np.intp)
    if len(found) and np.array_equal(found, np.arange(found[0], found[0] + len(found))):
        return slice(int(found[0]), int(found[0]) + len(found)), len(found)
    return found, len(found)


def alone(reading: Reading, table: BigramTable, make: Callable[[], S], sample: Ready) -> S:
    """Do a whole pass here and now, as part of a share of something larger."""
    total, work = make(), _Task(reading, table, (Need(make),))
    for share in sample:
        state = _unpacked(_feed(work, _Share(share, (0,), (None,)))).get(0)
        if state is not None:
            total.merge(state)
    return total
