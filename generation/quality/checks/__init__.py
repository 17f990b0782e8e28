"""Rules about drafts. One check is one file; `CHECKS` is the list that everything else walks."""

from __future__ import annotations

from generation.quality.base import Check
from generation.quality.checks import (
    arithmetic_answer,
    blocked_media,
    blocked_words,
    broken_code,
    character_bounds,
    control_characters,
    declared_language,
    empty_marker,
    empty_output,
    few_letters,
    field_labels,
    hidden_characters,
    html_entities,
    input_equals_output,
    language_mismatch,
    literal_escapes,
    many_capitals,
    merged_tasks,
    missing_code,
    missing_reference,
    mojibake,
    non_ascii_start,
    not_empty,
    output_language,
    personal_data,
    picture_request,
    placeholder_output,
    recipe_notes,
    refusal,
    repetition,
    size_guide,
    special_characters,
    special_tokens,
    starts_with_punctuation,
    truncation,
    unique_words,
    unsupported_ability,
    word_bounds,
    word_guide,
    write_a_program,
    wrong_arithmetic,
)

CHECKS: tuple[Check, ...] = (
    not_empty.CHECK,
    control_characters.CHECK,
    word_bounds.CHECK,
    character_bounds.CHECK,
    blocked_words.CHECK,
    blocked_media.CHECK,
    write_a_program.CHECK,
    starts_with_punctuation.CHECK,
    non_ascii_start.CHECK,
    language_mismatch.CHECK,
    empty_output.CHECK,
    input_equals_output.CHECK,
    refusal.CHECK,
    placeholder_output.CHECK,
    hidden_characters.CHECK,
    special_tokens.CHECK,
    merged_tasks.CHECK,
    output_language.CHECK,
    literal_escapes.CHECK,
    html_entities.CHECK,
    missing_reference.CHECK,
    picture_request.CHECK,
    wrong_arithmetic.CHECK,
    size_guide.CHECK,
    empty_marker.CHECK,
    field_labels.CHECK,
    mojibake.CHECK,
    repetition.CHECK,
    unique_words.CHECK,
    truncation.CHECK,
    declared_language.CHECK,
    unsupported_ability.CHECK,
    personal_data.CHECK,
    missing_code.CHECK,
    broken_code.CHECK,
    arithmetic_answer.CHECK,
    few_letters.CHECK,
    many_capitals.CHECK,
    special_characters.CHECK,
    word_guide.CHECK,
    recipe_notes.CHECK,
)

_BY_NAME = {each.name: each for each in CHECKS}


class UnknownCheck(LookupError):  # noqa: N818 - the name says what is the matter
    """No check has that name."""


def check(name: str) -> Check:
    """The check called `name`; `UnknownCheck` when there is none."""
    try:
        return _BY_NAME[name]
    except KeyError:
        raise UnknownCheck(name) from None
