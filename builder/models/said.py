"""What is said besides a model of how it is read; it wins over what its folder says."""

from __future__ import annotations

from dataclasses import dataclass, replace

from builder.models.spec import ModelSpec
from builder.tokens.reading.resets import Reset, read_reset
from builder.tokens.reading.special import BEGINS, role_of


def told_of(spec: ModelSpec) -> list[str]:
    """Return what is to be said of how the texts of a model are read, a sentence each."""
    notes = spec.vocabulary.notes()
    begins = [entry for entry in spec.vocabulary.never() if role_of(entry) == BEGINS]
    if begins and spec.begin is None:
        notes.append(f"texts are not taken to begin with {begins[0]!r}; if they did in training, "
                     f"say --begin '{begins[0]}'")
    return notes


@dataclass(frozen=True)
class Said:
    """How a model is read, as far as it is said.

    Attributes:
        reset: Where its state begins anew; None where nothing is said.
        begin: The entry of its vocabulary that its texts begin with; empty where nothing is said.
    """

    reset: Reset | None = None
    begin: str = ""

    @classmethod
    def of(cls, reset: str | int, begin: str) -> Said:
        """Return what a command line says, empty texts for nothing.

        Raises:
            ModelError: It is no such place.
        """
        return cls(None if reset == "" else read_reset(reset, "--reset"), begin)

    def put_on(self, spec: ModelSpec) -> ModelSpec:
        """Return a model that is read so.

        Raises:
            ModelError: Its vocabulary has no such entry.
        """
        tokens = spec.vocabulary
        begin = tokens.index_of(self.begin, "--begin") if self.begin else spec.begin
        return replace(spec, reset=self.reset or spec.reset, begin=begin)

    def against(self, spec: ModelSpec) -> list[str]:
        """Return where it differs from what a model folder says, a sentence each."""
        found = []
        if self.reset not in (None, spec.reset):
            found.append(f"reset is {self.reset!r}, as --reset says; the model folder says "
                         f"{spec.reset!r}")
        if self.begin and self.put_on(spec).begin != spec.begin:
            told = "nothing" if spec.begin is None else repr(spec.vocabulary.entry(spec.begin))
            found.append(f"texts begin with {self.begin!r}, as --begin says; the model folder "
                         f"says {told}")
        return found
