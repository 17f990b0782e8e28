"""Long contexts around the sentences of our own two sample documents."""

from generation.documents.chunks import chunks_of, sentences_of
from generation.types import DocumentView, SampleView, Sources, Span
from tests.contracts.recipe_cases.base import Case
from tests.contracts.recipe_cases.document_qa import DOCUMENTS

_ASKS = {"en": "Which statement about “{}” is true?", "zh": "关于“{}”，哪一种说法正确？"}


def grounded(document: DocumentView, *, size: int = 300) -> list[SampleView]:
    """A sample for each sentence of the document: the sentence is the answer, and the quote that proves it."""
    made: list[SampleView] = []
    for chunk in chunks_of(document, size=size):
        text = document.text[chunk.start : chunk.end]
        for sentence in sentences_of(text):
            start = chunk.start + text.index(sentence)
            if len(sentence) > 12 and sentence[-1] in ".。":
                spans = (Span(document.id, start, start + len(sentence)), Span(document.id, chunk.start, chunk.end))
                question = _ASKS[document.language].format(sentence[: 20 if sentence.isascii() else 8].strip())
                n = len(made) + 1
                made.append(SampleView(n, 1, question, "", sentence, task_type="fact", family=n, spans=spans))
    return made


CASE = Case(
    sources=lambda language: Sources(samples=grounded(DOCUMENTS[language][0]), documents=DOCUMENTS[language]),
    params={"passage_size": 300, "examples": 2, "options": 3},
)
