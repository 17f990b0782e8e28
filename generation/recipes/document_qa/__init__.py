"""Questions and answers grounded in documents: every answer points at the words that it rests on.

A passage goes to the model with the kinds of questions that are wanted; each answer comes with a quote, and a quote
that is not in the passage takes its question with it. After SQuAD (arXiv 1606.05250), whose answers are spans, and
SQuAD 2.0 (1806.03822), whose unanswerable questions teach a model to say so.
"""

from __future__ import annotations

from math import ceil
from typing import Any

from generation.recipes.base import RecipeParams, Source, Stage
from generation.recipes.document_qa import params
from generation.recipes.document_qa.passages import passage_count
from generation.recipes.document_qa.questions import ASK, BESIDE, CHECK, Questions
from generation.types import N_, PoolView, Stock

ALONE = Questions("document_qa.questions", ASK, novel=True)
WITH_PASSAGE = Questions("document_qa.reading", BESIDE, novel=False)


class DocumentQA:
    """One of two stages works, as the params say: questions that stand alone are compared with the pool, questions
    beside their passage ("Summarise the passage.") may read alike."""

    name = "document_qa"
    title = N_("Questions on documents")
    summary = N_("Asks questions that your documents answer; every answer points at the words that it rests on.")
    paper = "https://arxiv.org/abs/1806.03822"
    needs_model = True
    makes = "instructions"
    reads: tuple[tuple[Source, ...], ...] = (("documents",),)
    Params: type[RecipeParams] = params.Params
    stages: tuple[Stage, ...] = (ALONE, WITH_PASSAGE)

    def params_showing(self, slot: str) -> dict[str, Any]:
        """The params under which a run uses the slot."""
        return {"context_in_input": slot == BESIDE.name, "check_answers": slot == CHECK.name}

    def planned_calls(self, params: Any, stock: Stock) -> tuple[int, int]:
        """A call for each passage, whose number the characters bound; with the check up to one for each question.

        Passages are never longer than their size; how much shorter they are, headings decide.
        """
        if not stock.characters:
            return 0, 0
        least = ceil(stock.characters / params.passage_size / 2)
        most = ceil(2.5 * stock.characters / (params.passage_size - params.overlap)) + 8 * stock.documents
        if params.most_passages:
            least, most = min(least, params.most_passages), min(most, params.most_passages)
        least = 0 if stock.characters < 4 * params.least_passage else least
        return least, most * (1 + (params.questions if params.check_answers else 0))

    def finished(self, pool: PoolView, params: Any) -> bool:
        """Whether every passage had its turn."""
        stage = WITH_PASSAGE if params.context_in_input else ALONE
        return pool.planned.get(stage.name, 0) >= passage_count(pool.documents, params)

    def goal(self, params: Any) -> tuple[str, int] | None:
        """All passages are the goal."""
        return None

    def admits(self, stage: str, admitted: int, params: Any) -> bool:
        """All that passes the checks."""
        return True


RECIPE = DocumentQA()
