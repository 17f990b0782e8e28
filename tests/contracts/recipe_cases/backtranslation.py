"""Backtranslation on our own sample document, with a second that no segment should be made of."""

from generation.types import DocumentView, Sources
from tests.contracts.recipe_cases.base import Case
from tests.contracts.recipe_cases.document_qa import DOCUMENTS

POOR = (
    ("", "A line above the first heading that is long enough to be a segment of its own here, and plain enough."),
    ("***", "A section whose heading holds no letter at all, though what stands under it reads well enough."),
    ("OPENING TIMES", "A section whose heading shouts, though what stands under it reads just as well as others do."),
    ("About us", "A section of the kind that every site has, with an address and a number to call on weekdays."),
    ("Echo", "The tram stops at the old gate at nine every day. The tram stops at the old gate at nine every day now."),
    ("Stub", "Too short."),
)
"""Headings and texts, one for each filter of segments."""


def poor_document() -> DocumentView:
    """A document of nothing but segments to be ruled out."""
    text, headings = "", []
    for heading, body in POOR:
        if heading:
            headings.append((len(text), 2, heading))
            text += f"{heading}\n\n"
        text += f"{body}\n\n"
    return DocumentView(2, "poor.md", text, "en", tuple(headings))


CASE = Case(
    sources=lambda language: Sources(documents=(*DOCUMENTS[language], poor_document())),
    reasons=frozenset(
        {
            *("no_heading", "empty_heading", "capital_heading", "navigation_text", "repetitive_sentences"),
            *("segment_too_short", "refers_to_text", "no_request", "refusal", "wrong_language", "too_long"),
            *("below_threshold", "unreadable_score"),
        }
    ),
    params={"shortest": 80, "longest": 400, "keep": 1},
    many={"keep": 5},
    least=3,
)
