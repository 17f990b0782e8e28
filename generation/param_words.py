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
    "keep": _("keep them all"),
    "trim": _("leave them out"),
}
PARAM_FAULTS: Mapping[str, Any] = {
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
    "some_operation_needs_weight": _("At least one operation needs a weight above 0."),
    "min_words_over_max_words": _("The fewest words are more than the most."),
    "generate_times_too_many_calls": _("Rounds times calls in a round are more than %(name)s calls."),
    "task_type_shares_need_type_and_number": _("Each line must be type=share with a positive number: %(name)s"),
}
