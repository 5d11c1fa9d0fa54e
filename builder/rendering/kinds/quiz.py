"""The quiz."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from builder.rendering.addresses import QUIZ
from builder.rendering.gallery import Gallery
from builder.rendering.page_kind import PageKind, PlannedPage, add_page_kind
from builder.rendering.quiz import questions


def _pages(gallery: Gallery) -> Iterator[PlannedPage]:
    yield PlannedPage(QUIZ, "quiz.html.j2", partial(_given, gallery), "Quiz",
                      searched=False)


def _given(gallery: Gallery) -> dict[str, object]:
    asked = questions(gallery)
    names = {question.cell.exhibit for question in asked}
    return {"questions": asked, "sources": gallery.sources_of(names)}


add_page_kind(PageKind("quiz", _pages, ("quiz",)))
