"""Choices and faults of what a person sets for a run, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

TYPE_FAULTS: Mapping[str, Any] = {
    "undefined_variable": _("The template uses a column that is not declared: %(name)s"),
    "template_shows_no_column": _("The template shows no column."),
    "answer_must_be_a_column_that_is_not_shown": _("The column asked for must not be one that is shown."),
    "template_needs_examples": _("The template must use {{ examples }} once."),
}
PARAM_CHOICES: Mapping[str, Any] = {
    "sentiment": _("sentiment"),
    "classification": _("classification"),
    "qa": _("questions and answers"),
    "translate": _("translation"),
    "custom": _("a template written below"),
    "other_rows": _("other rows"),
    "reserved_rows": _("rows kept for it"),
    "forward": _("forward"),
    "backward": _("backward"),
    "both": _("both"),
    "auto": _("auto"),
    "en": "English",
    "zh": "中文",
    "any": _("any"),
    "random": _("at random"),
    "stratified": _("stratified"),
    "instruction": _("instruction"),
    "translation": _("translation"),
    "summary": _("summary"),
    "mixed": _("mixed"),
    "dashes": _("dashes"),
    "letters": _("letters"),
    "blank_lines": _("blank lines"),
    "question_answer": "Q: / A:",
    "input_output": "Input: / Output:",
    "last": _("the last one"),
    "all": _("all of them"),
    "turn_by_turn": _("turn by turn"),
    "whole": _("the whole in one reply"),
    "as_it_is": _("the row as it is"),
    "persona": _("written by the simulated user"),
    "row": _("the row's answer, where it has one"),
    "ask": _("a new answer of the model"),
    "keep": _("keep them all"),
    "trim": _("leave them out"),
    "strict": _("strict"),
    "loose": _("loose"),
    "drop": _("drop"),
    "note": _("keep with a note"),
    "1": "1",
    "2": "2",
    "kept": _("what the first one kept"),
    "after": _("after"),
    "before": _("before"),
    "other_documents": _("other documents"),
    "same_document": _("the same document"),
}
PARAM_FAULTS: Mapping[str, Any] = {
    "shortest_over_longest": _("The shortest segment is longer than the longest."),
    "overlap_over_half_of_the_passage": _("Neighbours can share at most half of a passage."),
    "unanswerable_needs_the_passage": _(
        "A question without an answer needs its passage beside it: keep the passage as the input."
    ),
    "unknown_question_type": _(
        "Kinds of questions are fact, reason, summary, comparison and unanswerable; at least one."
    ),
    "machine_examples_over_in_context": _("No more examples can be made by the model than there are examples."),
    "columns_need_role_and_name": _("Each line must be role=column."),
    "weights_must_be_positive_numbers": _("Weights are positive numbers, one for each template."),
    **TYPE_FAULTS,
    "shots_must_be_numbers": _("Numbers of examples are from 1 to 8."),
    "fewest_turns_over_most": _("The fewest turns are more than the most."),
    "some_operation_needs_weight": _("At least one operation needs a weight above 0."),
    "min_words_over_max_words": _("The fewest words are more than the most."),
    "generate_times_too_many_calls": _("Rounds times calls in a round are more than %(name)s calls."),
    "task_type_shares_need_type_and_number": _("Each line must be type=share with a positive number: %(name)s"),
    "least_constraints_over_most": _("The fewest constraints are more than the most."),
    "unknown_constraint": _("There is no constraint of this name: %(name)s"),
    "too_few_constraints_left": _("Fewer than three kinds of constraints are left to draw from."),
    "one_option_is_no_choice": _("Choose among two answers or more; 0 for none."),
    "nothing_to_score": _("Choose at least one aspect to score."),
    "odd_aspect": _("An aspect is a name of small letters, digits and _, and none of the built-in ones."),
    "aspect_needs_rubric": _("An aspect of your own needs a rubric."),
    "low_over_high": _("The lowest score must be below the highest."),
}
SHARE_ASPECTS: Mapping[str, Any] = {
    "type": _("Type"),
    "style": _("Style of the answer"),
    "template": _("Template"),
    "shots": _("Examples shown"),
    "gold_position": _("Place of the right option"),
    "passage_position": _("Place of the passage that answers"),
    "inversion": _("Inversion"),
    "turns": _("Turns"),
    "revisions": _("Revisions"),
    "principle": _("Principle"),
}
SHARE_VALUES: Mapping[str, Any] = {
    "zero_shot_options": _("zero-shot with options"),
    "zero_shot": _("zero-shot"),
    "few_shot_options": _("few-shot with options"),
    "few_shot": _("few-shot"),
    "chain_of_thought": _("chain of thought"),
    "direct": _("direct"),
    "instruction": _("output → instruction"),
    "input": _("output → input"),
    "label": _("label → text"),
    "translation": _("translation turned round"),
    "turn": _("reply → turn before it"),
    "rationale": _("question, answer → rationale"),
    "question": _("answer, rationale → question"),
}
