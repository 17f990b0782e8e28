"""Recipes and the steps of their runs in words: a line for each stage, and for each prompt that a model is asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from generation.recipes import RECIPES
from generation.recipes.json_replies import REPAIR

_TITLES = {recipe.name: recipe.title for recipe in RECIPES}
MAKES: Mapping[str, Any] = {
    "instructions": _("New instructions with answers"),
    "rows": _("Rows in another form"),
    "answers": _("Better answers to your instructions"),
    "conversations": pgettext_lazy("kind of recipe", "Conversations"),
    "preferences": pgettext_lazy("kind of recipe", "Preference pairs"),
    "scores": _("Scores and prompts"),
}
STEPS: Mapping[str, Any] = {
    "alpaca_batch.batch": _("whole samples in batches"),
    "backtranslation.augment": _("an instruction for a text"),
    "backtranslation.curate": _("first scores"),
    "backtranslation.recurate": _("second scores"),
    "complex_from_simple.answer": _("the student's answer"),
    "complex_from_simple.answers": _("answers under constraints"),
    "complex_from_simple.correct": _("the teacher's correction"),
    "complex_from_simple.keywords": _("keywords for a constraint"),
    "constitutional.answer": _("the first answer"),
    "constitutional.critique": _("critique under a principle"),
    "constitutional.revise": _("revision"),
    "conversations.assistant": _("the assistant's turn"),
    "conversations.opening": _("how it opens"),
    "conversations.talk": _("the conversation"),
    "conversations.user": _("the user's turn"),
    "conversations.whole": _("the conversation in one reply"),
    "document_qa.ask": _("questions on a passage"),
    "document_qa.ask_beside": _("questions that it cannot answer"),
    "document_qa.check": _("does the answer follow?"),
    "document_qa.questions": _("questions with answers"),
    "document_qa.reading": _("passages among others"),
    "domain_generation.generate": _("records of the domain"),
    "evol_instruct.answer": _("answers"),
    "evol_instruct.breadth": _("a new task of the kind"),
    "evol_instruct.concretizing": _("made concrete"),
    "evol_instruct.constraints": _("constraints added"),
    "evol_instruct.deepening": _("asked deeper"),
    "evol_instruct.difficulty": _("how difficult is it?"),
    "evol_instruct.equal": _("is it still the same?"),
    "evol_instruct.evolve": _("evolution"),
    "evol_instruct.input": _("an input added"),
    "evol_instruct.originals": _("what it began with"),
    "evol_instruct.reasoning": _("more steps of reasoning"),
    "few_shot.construct": _("rows with examples"),
    "flan_templates.compose": _("rows in templates"),
    "flan_templates.rephrase": _("templates in other words"),
    "generate_pairs.answer": _("candidate answers"),
    "generate_pairs.canaries": _("tests of the judge"),
    "generate_pairs.candidates": _("best and worst"),
    "generate_pairs.steps": _("steps of the evaluation"),
    "input_inversion.invert": _("inversion"),
    "judging.aspects": _("scores by aspect"),
    "judging.g_eval": _("a score by steps"),
    "judging.pairwise": _("two answers compared"),
    "judging.single": _("one answer scored"),
    "judging.steps": _("steps of the evaluation"),
    "long_context.place": _("passages put in place"),
    "model_comparison.answer": _("each model's answer"),
    "model_comparison.canaries": _("tests of the judge"),
    "model_comparison.compare": _("both models compared"),
    "model_comparison.steps": _("steps of the evaluation"),
    "prompt_optimisation.answer": _("answers to score"),
    "prompt_optimisation.judge": _("the judge's score"),
    "prompt_optimisation.propose": _("proposals"),
    "prompt_optimisation.score": _("scores of proposals"),
    "quality_scoring.complexity": _("complexity"),
    "quality_scoring.quality": _("quality"),
    "quality_scoring.rubric": _("a rubric of your own"),
    "quality_scoring.scores": _("scores"),
    "rank_responses.canaries": _("tests of the judge"),
    "rank_responses.rank": _("ranking"),
    "rank_responses.steps": _("steps of the evaluation"),
    "self_instruct.classify": _("is it a classification?"),
    "self_instruct.input_first": _("samples, the input first"),
    "self_instruct.instances": _("samples of instructions"),
    "self_instruct.invent": _("new instructions"),
    "self_instruct.invent_classification": _("new classification tasks"),
    "self_instruct.output_first": _("samples, the label first"),
}


def title_of(name: str) -> str:
    """A recipe's name as people say it; one that is not shipped any more keeps its key."""
    return gettext(_TITLES[name]) if name in _TITLES else name


def step_of(name: str) -> str:
    """What a stage or prompt does, in words; one that nobody found words for keeps its key."""
    asked = name.removesuffix(REPAIR)
    words = str(STEPS.get(asked, asked))
    return gettext("{step}, asked once more").format(step=words) if asked != name else words
