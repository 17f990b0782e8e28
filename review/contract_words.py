"""What a contract check says of rows and files, and what kinds of data are trained with, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from generation.row_words import ROW_FAULTS
from generation.words import DROP_REASONS

CONTRACT_FAULTS: Mapping[str, Any] = {
    **DROP_REASONS,
    **ROW_FAULTS,
    "card_counts": _("The card counts other rows or bytes than the file has."),
    "card_file": _("The card names other files than the bundle holds."),
    "card_licence": _("The card has no licence that the Hub knows. Fill in the dataset's card."),
    "card_licence_unknown": _("Nobody has said under which licence the data stands. Fill in the dataset's card."),
    "card_size": _("The card names another class of size."),
    "card_split": _("The card names a split that is none of the file's."),
    "card_yaml": _("The card does not begin with valid YAML."),
    "croissant_field": _("A field of the Croissant metadata has no source or no type."),
    "croissant_file": _("The Croissant metadata name other files than the bundle holds."),
    "croissant_hash": _("The Croissant metadata give another hash or size than the file has."),
    "croissant_json": _("The Croissant metadata are not valid JSON."),
    "croissant_missing": _("The Croissant metadata lack something that is required."),
    "few_rows": _("The platform advises more rows than this."),
    "file_too_large": _("The file is larger than the platform takes."),
    "lf_columns_partial": _("The entry leaves out a column. LLaMA-Factory then reads none for it."),
    "lf_formatting": _("LLaMA-Factory does not know this formatting."),
    "lf_function_call": _("A function call must be JSON with a name and arguments."),
    "lf_kto_tag": _("The label must be true or false. LLaMA-Factory drops the row otherwise."),
    "lf_missing_column": _("The row lacks a column that the entry names. LLaMA-Factory stops there."),
    "lf_no_file": _("The entry names a file that is not there."),
    "lf_no_source": _("The entry does not say where the data is."),
    "lf_ranking_types": _("Chosen and rejected must both be texts, or both be messages."),
    "lf_stage": _("The entry's ranking does not fit the training stage. LLaMA-Factory refuses it."),
    "lf_tags_partial": _("The entry leaves out a tag. LLaMA-Factory then reads none for it."),
    "lf_tools": _("The tools must be the JSON text of a list."),
    "lf_turn_count": _("The conversation has a turn too few or too many."),
    "lf_turn_order": _("Turns of people and of the assistant must take turns."),
    "lf_unknown_name": _("LLaMA-Factory does not know this name."),
    "lf_unknown_role": _("LLaMA-Factory does not know this role."),
    "medium_name_taken": _("The bundle has a file of its own where this medium would lie. Give it another name."),
    "one_class": _("All answers are good, or all are bad. KTO learns from both."),
    "over_cutoff": _("The row is longer than your limit, by an estimate of its tokens. A trainer would cut it."),
    "special_token": _("A special token of a chat template stands in the text, where it would forge a turn."),
    "special_token_broken": _("Special tokens in this row were broken with zero-width spaces, as you asked."),
    "instruction_size": _("The instruction is shorter than 10 or longer than 1,000 characters."),
    "output_size": _("The output is shorter than 20 or longer than 4,000 characters."),
    "too_few_rows": _("The platform refuses a file with so few rows."),
}
ABOUT_FAULTS: Mapping[str, Any] = {
    **ROW_FAULTS,
    "card_licence": _('This licence is none that the Hub knows. Choose "other" and name it.'),
    "licence_other": _("Another licence needs its name and its address."),
    "not_a_language": _("Languages are ISO codes, such as zh or en."),
    "not_an_address": _("An address begins with https:// or http://."),
}
TRAINED: Mapping[str, Any] = {
    "sft": _("Supervised fine-tuning"),
    "preference": _("Preferences: DPO, SimPO, ORPO, reward models"),
    "feedback": _("Good and bad answers: KTO"),
    "ranking": _("Ranked answers"),
    "text": _("Continued pretraining"),
    "prompt": _("Prompts alone: GRPO, online methods"),
    "stepwise": _("Steps of solutions: process rewards"),
}
KINDS: Mapping[str, Any] = {
    "sft": pgettext_lazy("dataset", "examples"),
    "preference": pgettext_lazy("dataset", "pairs"),
    "feedback": pgettext_lazy("dataset", "feedback"),
    "ranking": pgettext_lazy("dataset", "rankings"),
    "text": pgettext_lazy("dataset", "texts"),
}
