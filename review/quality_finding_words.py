"""The findings of a report on quality in words: what each is called, what its figure is, and what helps.

Those of checks are called by what the check says (`generation.drop_words`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

TITLES: Mapping[str, Any] = {
    "reviewed": _("Seen by people"),
    "without_model": _("Made without a model"),
    "one_task_type": _("One type of task"),
    "exact_duplicates": _("The same row again"),
    "near_duplicates": _("Nearly the same row"),
    "semantic_duplicates": _("The same in other words"),
    "redundant_answers": _("The same question with much the same answer"),
    "conflicts": _("One question, different answers"),
    "contaminated": _("Repeats evaluation texts"),
    "distinct_2": _("Different pairs of words"),
    "self_bleu": _("Alike in their wording (self-BLEU)"),
    "nearest": _("Likeness to the nearest other row"),
    "vendi": _("Different in effect (Vendi score)"),
    "verb_noun": _("One verb with one object"),
    "verb": _("One verb"),
    "seeds": _("Seeds in effect"),
    "topic": _("One topic"),
    "empty_task_types": _("Types of task without a row"),
    "empty_cells": _("Combinations without a row"),
    "unused_terms": _("Terms that never occur"),
    "gold_position": _("Evidence at one place"),
}
MEANINGS: Mapping[str, Any] = {
    "reviewed": _("Rows that a person decided about, one by one."),
    "without_model": _("Rows that rules or templates made, no language model."),
    "one_task_type": _("The share of the most frequent type of task."),
    "exact_duplicates": _("Rows whose whole text, signs and case aside, stands there before; the first is kept."),
    "semantic_duplicates": _("Rows that mean what an earlier row means, prompt and output both, told by vectors."),
    "near_duplicates": _("Rows whose word groups are nearly those of an earlier row; the first is kept."),
    "redundant_answers": _("Rows that ask what another asks and say nearly the same; the best-scored is kept."),
    "conflicts": _("Rows that ask the same, or nearly, and answer differently. None of them is dropped by a machine."),
    "contaminated": _("Rows that hold long stretches of a text that the model will be measured with."),
    "distinct_2": _("Different pairs of neighbouring words among all, in a sample of fixed size."),
    "self_bleu": _("How much of each instruction's wording stands in others: 0 nothing, 1 all of it."),
    "nearest": _("Mean ROUGE-L of each instruction with the one most like it, in a sample."),
    "vendi": _("To how many wholly different instructions the sample amounts, as a share of it."),
    "verb_noun": _("The share of the most frequent pair of verb and object."),
    "verb": _("The share of the most frequent verb."),
    "seeds": _("To how many equal seeds those that were used amount, as a share of them."),
    "topic": _("The share of the most frequent topic."),
    "empty_task_types": _("Types of task that the project's seeds name and no row has."),
    "empty_cells": _("Combinations of what is to be covered that no row has."),
    "unused_terms": _("Terms of the vocabularies that no row holds."),
    "gold_position": _("Where in their documents the rows' evidence stands: the share of the fullest fifth."),
}
ADVICE: Mapping[str, Any] = {
    "reviewed": _("Nobody has looked at the rest. Have people look at a part of it at least."),
    "without_model": _("Rules write what they were told. Take it as a start, not as data to train on."),
    "one_task_type": _("A model trained on this sees little else. Start a run on other types."),
    "exact_duplicates": _("A row that is there twice counts twice. Drop the later ones."),
    "semantic_duplicates": _(
        "Look at some first: to vectors one word of difference is little. Then drop the later ones."
    ),
    "near_duplicates": _("Drop the later ones, or have people look where the difference matters."),
    "redundant_answers": _("They teach nothing new. Drop the weaker ones."),
    "conflicts": _("A model learns to answer either way. Have people settle which answer stands."),
    "contaminated": _("Results would look better than they are. Drop these rows before training."),
    "distinct_2": _("The rows say nearly the same again and again. Draw from other seeds."),
    "self_bleu": _("The rows are worded alike. Draw from other seeds, or ask for other forms."),
    "nearest": _("Most rows have a twin. Raise what novelty asks for, or draw from other seeds."),
    "vendi": _("There are fewer different rows than rows. Draw from other seeds."),
    "verb_noun": _("One wish makes up too much. Start a run on others."),
    "verb": _("One kind of wish makes up too much. Start a run on others."),
    "seeds": _("A few seeds gave most rows. Draw from more seeds."),
    "topic": _("A model trained on this sees little else. Start a run on other topics."),
    "empty_task_types": _("Start a run on these types."),
    "empty_cells": _("Start a run on what is missing."),
    "unused_terms": _("Start a run that draws on these terms."),
    "gold_position": _("A model learns to look at one place only. Draw passages from all over the documents."),
}
