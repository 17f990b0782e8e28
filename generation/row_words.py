"""Faults of rows in words: what formats, layouts and imports say of a row that they refuse or warn of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

ROW_FAULTS: Mapping[str, Any] = {
    "bad_answer": _("A bad answer is nothing to learn from. The row was left out."),
    "bad_csv": _("This line is not valid CSV."),
    "bad_encoding": _("These bytes are not UTF-8 or UTF-16 text. Save the file as UTF-8; Excel calls it CSV UTF-8."),
    "bad_gzip": _("The compressed file is damaged."),
    "bad_json": _("This is not valid JSON."),
    "blank": _("The text is blank."),
    "control_character": _("A control character stands in the text."),
    "duplicate_id": _("This id stood in the file before. The row is taken all the same."),
    "duplicate_key": _("One name stands twice in the row."),
    "empty_instruction": _("The instruction is empty."),
    "empty_output": _("The output is empty."),
    "empty_row": _("The row is empty."),
    "line_too_long": _("The line is longer than 8 MB."),
    "lone_surrogate": _("The text holds half of a character (a lone surrogate)."),
    "media_count": _("The text names another number of media than the row holds."),
    "missing_field": _("A field is missing."),
    "missing_header": _("The first line must name the columns."),
    "no_answer": _("The conversation does not end with an answer of the assistant."),
    "no_counterpart": _("The same prompt has no answer of the opposite sort. The row gave no pair."),
    "no_instances": _("There is no instance."),
    "no_order": _("Each answer needs a rank, or each needs a score."),
    "no_pair": _("All answers tie, or lie closer than the margin. The row gave no pair."),
    "no_template": _("Rows become text through a chat template. Choose one."),
    "no_threshold": _("Say from which score an answer counts as good."),
    "not_a_boolean": _("This must be true or false."),
    "not_a_list": _("This must be a list."),
    "not_a_number": _("NaN and Infinity are no JSON numbers."),
    "not_a_scalar": _("A column must hold a text or a number."),
    "not_a_string": _("This must be a text."),
    "not_a_turn": _("Earlier turns are pairs of two texts."),
    "not_an_object": _("A row must be an object."),
    "not_representable": _("The target format has no place for this part of the row."),
    "nul_character": _("The text holds a NUL character."),
    "number_too_long": _("The number has too many digits."),
    "placeholder_output": _("A placeholder stands where the output should be."),
    "too_deep": _("The row is nested too deep."),
    "too_large": _("The unpacked file is too large."),
    "too_long": _("The text is too long for this field."),
    "too_many_keys": _("The row has more than 200 fields."),
    "too_many_rows": _("The file has more than 2,000,000 rows; the rest was not read."),
    "too_many_tags": _("There are too many tags."),
    "too_many_waiting": _("More than 1,000,000 answers wait for an opposite. Sort the file by prompt, or split it."),
    "unbalanced_quote": _("A quotation mark is never closed."),
    "unfinished_array": _("The file ends inside its list."),
    "unknown_feedback": _("This says neither good nor bad. Use true or false, yes or no, thumbs_up or thumbs_down."),
    "wrong_column_count": _("The line has more or fewer columns than the header."),
    "wrong_kind": _("The target format holds rows of another kind."),
}
