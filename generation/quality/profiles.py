"""Which checks a row is judged by: a label may be one character, a translation may mix languages, code is no prose.

`PROFILES` is the list that everything else walks. A check that a profile leaves out is not run; a new check is part of
every profile that does not leave it out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from generation.quality.base import Check
from generation.quality.check_settings import CheckSettings
from generation.quality.checks import CHECKS, check
from generation.quality.rows import TEXT_KIND
from generation.types import N_, Draft, Finding

_INVENTED = frozenset({
    "word_bounds", "character_bounds", "blocked_words", "blocked_media", "write_a_program", "starts_with_punctuation",
    "non_ascii_start",
})  # fmt: skip
"""Rules about instructions that a model invents: they narrow what is asked for, and say nothing about rows that are
there already."""

_OF_PROSE = frozenset({
    "few_letters", "many_capitals", "special_characters", "truncation", "unique_words", "word_guide",
})  # fmt: skip
"""Rules about sentences, which labels, names, numbers and code are not made of."""


_BY_LANGUAGE: Mapping[str, Mapping[str, Any]] = {"zh": {"instruction_least": 5, "output_least": 10}}
"""Bounds of a language, under those of a profile: a Chinese character says about as much as two letters."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What rows of some task types are judged by.

    `task_types` is matched anywhere in a row's task type, in any case; `languages` are those it is for, () for every
    one. `leaves_out` names checks; `only` those that are run alone, () for all others. `settings` differ from the
    defaults of `CheckSettings`, those in `by_language` from both.
    """

    name: str
    title: str
    task_types: str = ""
    languages: tuple[str, ...] = ()
    leaves_out: frozenset[str] = _INVENTED
    only: tuple[str, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    by_language: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def checks(self) -> tuple[Check, ...]:
        """The checks in the order in which they are run."""
        if self.only:
            return tuple(check(name) for name in self.only)
        return tuple(each for each in CHECKS if each.name not in self.leaves_out)


class UnknownProfile(LookupError):  # noqa: N818 - the name says what is the matter
    """No profile has that name."""


GENERAL = Profile("general", N_("Training rows of any kind"))
_CONVERSATION = Profile(
    "conversation",
    N_("Conversations"),
    task_types=r"conversation|dialog|multi.?turn|chat|对话|聊天|多轮",
    # What a turn speaks of may stand in an earlier one, and "Thanks!" is a whole turn.
    leaves_out=_INVENTED | {"missing_reference", "word_guide"},
    settings={"instruction_least": 1, "output_least": 1},
)
_EVALUATION = Profile(
    "evaluation",
    N_("Questions for evaluation"),
    task_types=r"evaluation|benchmark|(?<![a-z])exam(?![a-z])|multiple.?choice|评测|评估|选择题|判断题",
    leaves_out=_INVENTED | _OF_PROSE | {"output_language", "declared_language", "missing_code"},
    settings={"instruction_least": 1, "instruction_most": 32_000, "output_least": 1},
)
_TEXTS = Profile(
    "texts",
    N_("Pretraining texts"),
    task_types=r"pre-?train|corpus|预训练|语料",
    leaves_out=_INVENTED
    | {"not_empty", "missing_reference", "picture_request", "output_language", "refusal", "missing_code"},
    settings={"instruction_least": 0, "output_most": 1_000_000, "max_row_words": 1_000_000},
)

PROFILES: tuple[Profile, ...] = (
    GENERAL,
    Profile(
        "labels",
        N_("Classification and labels"),
        task_types=r"classif|sentiment|label|intent(?![a-z])|分类|归类|情感|标签|意图",
        leaves_out=_INVENTED
        | _OF_PROSE
        | {"output_language", "declared_language", "placeholder_output", "missing_code"},
        settings={"output_least": 1},
    ),
    Profile(
        "short_answers",
        N_("Questions with short answers"),
        task_types=r"(?<![a-z])(?:qa|ner)(?![a-z])|question|extract|entity|cloze|问答|抽取|提取|实体|填空",
        leaves_out=_INVENTED | _OF_PROSE,
        settings={"output_least": 1},
    ),
    Profile(
        "code",
        N_("Code"),
        task_types=r"(?<![a-z])(?:code|coding|sql)(?![a-z])|program|python|javascript|代码|编程|程序",
        leaves_out=_INVENTED
        | (_OF_PROSE - {"truncation"})
        | {"html_entities", "literal_escapes", "output_language", "declared_language", "repetition"},
        settings={"output_least": 1, "output_most": 16_000},
    ),
    Profile(
        "mathematics",
        N_("Mathematics"),
        task_types=r"(?<![a-z])math|arithmetic|algebra|geometry|数学|算术|代数|几何|计算",
        leaves_out=_INVENTED | (_OF_PROSE - {"truncation"}) | {"literal_escapes"},
        settings={"output_least": 1},
    ),
    Profile(
        "translation",
        N_("Translation"),
        task_types=r"translat|翻译|互译",
        leaves_out=_INVENTED | {"output_language", "declared_language", "language_mismatch", "word_guide"},
        settings={"output_least": 1, "instruction_least": 4},
    ),
    _CONVERSATION,
    Profile(
        "long_text",
        N_("Long texts"),
        task_types=r"(?<![a-z])(?:long|story|stories)|novel(?!ty)|essay|report|长文|长篇|小说|故事|作文|报告",
        settings={"instruction_most": 200_000, "output_most": 200_000, "max_row_words": 100_000},
    ),
    _EVALUATION,
    _TEXTS,
    Profile(
        "instructions",
        N_("New instructions (the filters of Self-Instruct and Alpaca)"),
        leaves_out=frozenset(),
        only=(
            "not_empty", "control_characters", "word_bounds", "character_bounds", "blocked_words", "blocked_media",
            "write_a_program", "starts_with_punctuation", "non_ascii_start", "language_mismatch", "hidden_characters",
        ),
    ),
)  # fmt: skip

_BY_NAME = {each.name: each for each in PROFILES}


def profile_named(name: str) -> Profile:
    """The profile of that name; `UnknownProfile` when there is none."""
    try:
        return _BY_NAME[name]
    except KeyError:
        raise UnknownProfile(name) from None


@lru_cache(maxsize=1024)
def profile_of(task_type: str, language: str = "") -> Profile:
    """The first profile in the list that is for the task type and the language; `GENERAL` when none is."""
    for each in PROFILES:
        fits = each.task_types and re.search(each.task_types, task_type[:200], re.IGNORECASE)
        if fits and (not each.languages or language in each.languages):
            return each
    return GENERAL


def profile_for(draft: Draft) -> Profile:
    """What a row is judged by: its task type first, then what it is: a text, an evaluation row, a conversation."""
    if draft.data.get("kind") == TEXT_KIND:
        return _TEXTS
    found = profile_of(draft.task_type, draft.language)
    if found is GENERAL and draft.evaluation:
        return _EVALUATION
    return _CONVERSATION if found is GENERAL and draft.history else found


def examine(
    draft: Draft, *, profile: Profile | None = None, settings: Mapping[str, Any] | None = None
) -> list[Finding]:
    """What every check of the profile says of the draft, each asked once; `profile` is the draft's own by default.

    `settings` stand above those of the profile; names are those of `CheckSettings`.
    """
    chosen = profile or profile_for(draft)
    if _BY_NAME.get(chosen.name) is chosen:
        checks, bounds = _prepared(chosen.name, draft.language)
    else:
        checks, bounds = chosen.checks, bounds_of(chosen, draft.language)
    given = bounds if not settings else {**bounds, **settings}
    return [finding for each in checks for finding in each(draft, given)]


@lru_cache(maxsize=256)
def _prepared(name: str, language: str) -> tuple[tuple[Check, ...], Mapping[str, Any]]:
    profile = _BY_NAME[name]
    return profile.checks, bounds_of(profile, language)


def bounds_of(profile: Profile, language: str) -> dict[str, Any]:
    """The settings of a profile in a language, checked against their declaration."""
    given = {**_BY_LANGUAGE.get(language, {}), **profile.settings, **profile.by_language.get(language, {})}
    return CheckSettings(**given).model_dump()
