"""A gallery of which every read is noted, and which names what it gives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from builder.core.cards import ExhibitCard
from builder.core.counted import Counted
from builder.core.digests import digest, digest_of_parts
from builder.core.labels import FeatureSpec
from builder.rendering.gallery import Gallery
from builder.rendering.reads import note
from builder.work.identity import identity

_FIELDS = frozenset(field.name for field in fields(ExhibitCard))
_EXHIBITS, _FEATURES, _COUNTED = "all exhibits", "all features", "what is counted"


@dataclass(frozen=True)
class StampedCard:
    """An exhibit as it is shown, and as it was measured.

    Attributes:
        card: With the words of its recipe.
        stored: Without; fields that no word has changed are the same objects.
        stamp: Stands for all that is stored: another one where anything in it is another.
    """

    card: ExhibitCard
    stored: ExhibitCard
    stamp: str


class _NotedCard(ExhibitCard):
    """A card that notes which of its fields are read."""

    def __getattribute__(self, name: str) -> Any:
        if name in _FIELDS:
            note(f"{object.__getattribute__(self, 'name')}.{name}")
        return object.__getattribute__(self, name)


class _NotedGallery(Gallery):
    """A gallery that notes which of its parts are read."""

    def __getattribute__(self, name: str) -> Any:
        if name == "exhibits":
            note(_EXHIBITS)
        elif name == "features":
            note(_FEATURES)
        elif name == "counted":
            note(_COUNTED)
        return object.__getattribute__(self, name)


class NotedGallery:
    """A gallery whose reads are noted, with the tokens of all that can be read of it.

    Attributes:
        gallery: The gallery.
    """

    def __init__(
        self, exhibits: Sequence[StampedCard], features: Sequence[FeatureSpec],
        often: Iterable[object] = (), counted: Counted | None = None,
    ) -> None:
        """Wrap exhibits, features and what is counted; what is given often is looked into once."""
        cards = [_noted(exhibit.card) for exhibit in exhibits]
        self.gallery: Gallery = _NotedGallery(tuple(cards), tuple(features), counted)
        self._exhibits, self._features = tuple(exhibits), tuple(features)
        self._counted = counted
        self._tokens: dict[str, str] = {}
        self._often = (*features, *often)
        self._names = {id(self.gallery): "the gallery",
                       **{id(value): identity(value) for value in self._often}}
        for card, exhibit in zip(cards, exhibits, strict=True):
            self._names[id(card)] = f"exhibit {exhibit.card.name}"
            for cell in exhibit.card.cells:
                cell_of = f"{cell.claim.unit} of {exhibit.stamp}"
                self._names[id(cell)] = f"cell {cell_of}"
                self._names |= {id(excerpt): f"excerpt {number} of {cell_of}"
                                for number, excerpt in enumerate(cell.excerpts)}

    @property
    def tokens(self) -> Mapping[str, str]:
        """Every read there can be, with its token."""
        if not self._tokens:
            self._tokens = {
                _EXHIBITS: digest_of_parts(exhibit.card.name for exhibit in self._exhibits),
                _FEATURES: identity(self._features), _COUNTED: identity(self._counted)}
            for exhibit in self._exhibits:
                self._tokens |= {f"{exhibit.card.name}.{name}": _token(exhibit, name)
                                 for name in _FIELDS}
        return self._tokens

    def given(self, *values: object) -> str:
        """Return a digest of values; the gallery, its exhibits and its cells go by their names.

        Raises:
            TypeError: A value can be told by nothing.
        """
        return identity(*values, known=self._names)


def _noted(card: ExhibitCard) -> ExhibitCard:
    made = object.__new__(_NotedCard)
    made.__dict__.update(card.__dict__)
    return made


def _token(exhibit: StampedCard, field: str) -> str:
    """Return the stamp for what is as it was measured, a digest for what is a word."""
    value = getattr(exhibit.card, field)
    same = value is getattr(exhibit.stored, field)
    return exhibit.stamp if same else digest(f"{exhibit.stamp} {value!r}")
