"""Where the terms of formulas hold in the excerpts that an exhibit shows all its units over."""

from __future__ import annotations

from collections.abc import Sequence

from builder.activations.subject import Subject
from builder.core.formulas import Atom, Formula, atoms_of, of_atom
from builder.core.runs import runs
from builder.core.shown import Explored
from builder.core.text import Document
from builder.core.worded import Marked
from builder.evidence.formulas.chance import holding
from builder.evidence.formulas.ground import with_names


def marked(
    subject: Subject, formulas: Sequence[Formula], excerpts: Sequence[Explored]
) -> tuple[Marked, ...]:
    """Return where the terms of formulas hold in excerpts; those not of this text are left out.

    Args:
        subject: The network on its text.
        formulas: Whose terms.
        excerpts: Where.
    """
    named, atoms = with_names(subject), atoms_of(formulas)
    documents = {document.name: document for document in subject.corpus.documents}
    return tuple(_of(named, atoms, documents[excerpt.document], excerpt) for excerpt in excerpts
                 if excerpt.text in getattr(documents.get(excerpt.document), "text", ""))


def _of(named: Subject, atoms: Sequence[Atom], document: Document, excerpt: Explored) -> Marked:
    start = _place(document.text, excerpt)
    labels = named.reading.texts.labels(document)[start : start + len(excerpt.text)]
    on = holding(named.reading, [of_atom(atom) for atom in atoms], labels)
    return Marked(excerpt.document, excerpt.line, {
        str(atom): runs(there.astype(int).tolist()) for atom, there in zip(atoms, on, strict=True)})


def _place(text: str, excerpt: Explored) -> int:
    """Return where an excerpt begins: in its line or after it, else where its text stands first."""
    line = sum(map(len, text.split("\n")[: excerpt.line - 1])) + excerpt.line - 1
    at = text.find(excerpt.text, line)
    return at if at >= 0 else text.find(excerpt.text)
