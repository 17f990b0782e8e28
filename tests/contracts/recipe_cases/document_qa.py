"""Questions on our own two sample documents."""

from generation.documents.reading import read_document
from generation.samples import sample_path
from generation.types import DocumentView, Sources
from tests.contracts.recipe_cases.base import Case


def demo_documents(language: str) -> tuple[DocumentView, ...]:
    """The sample document of a language, as it is read in."""
    name = f"demo_document.{language}.md"
    with sample_path(name).open("rb") as file:
        parsed = read_document(name, file)
    return (DocumentView(1, name, parsed.text, parsed.language, parsed.headings),)


DOCUMENTS = {language: demo_documents(language) for language in ("en", "zh")}

CASE = Case(
    sources=lambda language: Sources(documents=DOCUMENTS[language]),
    reasons=frozenset(
        {
            *("invalid_json", "missing_field", "not_self_contained", "refusal", "quote_missing", "quote_too_short"),
            *("quote_not_found", "duplicate_instance", "over_limit", "not_grounded", "unreadable_verdict"),
            "too_similar",
        }
    ),
    params={"passage_size": 200, "questions": 4},
    many={"check_answers": True, "overlap": 100},
    least=12,
)
