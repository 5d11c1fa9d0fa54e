"""All pages of exhibits, written where they are not there already."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from builder.core.cards import ExhibitCard
from builder.core.counted import Counted
from builder.core.labels import FeatureSpec
from builder.rendering import StampedCard, plan_site
from builder.site.apart import Several, Site, make_apart
from builder.site.inputs import code_digest
from builder.site.listed import write_catalogues
from builder.site.memory import remembering
from builder.site.write import write_planned


def write_cards(
    shown: Iterable[tuple[ExhibitCard, ExhibitCard, str]], specs: Sequence[FeatureSpec],
    root: Path, store: Path, counted: Counted | None = None,
    several: Several | None = None,
) -> None:
    """Write the pages of exhibits.

    Args:
        shown: Each with the words of its recipe, without them, and a digest of the latter.
        specs: All features that claims name.
        root: The folder that holds `mkdocs.yml`.
        store: The file in which it is noted what was rendered.
        counted: What small networks count; None where that was not measured.
        several: Who makes many at once; None where this process makes all.

    Raises:
        OutputError, UserError: As the parts say.
    """
    cards = [StampedCard(*each) for each in shown]
    site = Site(tuple(cards), tuple(specs), counted, store)
    with remembering(store, code_digest(), root) as before:
        plan = plan_site(cards, specs, before, counted)
        write_planned(plan, root, before, lambda wanted: several is not None and make_apart(
            site, root, wanted, before, several))
    write_catalogues([card.card for card in cards], [text.path for text in plan.downloads], root)
