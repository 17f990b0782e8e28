"""What is odd about a template of this recipe, as far as its words tell."""

from __future__ import annotations

import re

from generation.recipes.base import PromptText
from generation.recipes.domain_generation.params import Params
from generation.recipes.placeholders import braced

PLACEHOLDERS = {
    "sample_list": "samples",
    "samples_list": "samples",
    "seed_list": "samples",
    "example_list": "samples",
    "disease_list": "entities",
    "entity_list": "entities",
    "entities_list": "entities",
}
"""`<sample_list>` and `<disease_list>` are the original's names; the others are what people write in their place."""

_DIGITS = {"一": 1, "两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
_WORDS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10}
_STATED = re.compile(
    r"(?:生成|输出|给出|返回|编写|写出|构造|产生|共|各|写)\s*(?P<zh>\d{1,9}|[一两二三四五六七八九十])\s*(?:条|组|个样本|个数据|个任务|份|则)"
    r"|\b(?:generate|write|produce|return|create|give|output|make|exactly)\s+(?:me\s+|exactly\s+|just\s+)?"
    rf"(?P<en>\d{{1,9}}|{'|'.join(_WORDS)})\s+(?:\w+\s+){{0,3}}?"
    r"(?:records?|entries|entry|items?|samples?|examples?|pairs?|objects?|rows?|tasks?|data)\b",
    re.IGNORECASE,
)


def stated_numbers(text: str) -> list[int]:
    """Every number of records that the text itself asks for, in its order; variables are none."""
    found = [match["zh"] or match["en"].lower() for match in _STATED.finditer(text)]
    return [int(each) if each.isdigit() else _DIGITS.get(each) or _WORDS[each] for each in found]


def advice(text: str, params: Params) -> list[tuple[str, str]]:
    """(code, name) of what should be looked at before a run.

    `no_samples` and `no_entities`: the template shows none, so that half of what each call draws is lost.
    `states_other_number`: its own words ask for another number of records than the run counts on.
    """
    used = PromptText(braced(text, PLACEHOLDERS)).variables()
    found = [(f"no_{name}", name) for name in ("samples", "entities") if name not in used]
    other = dict.fromkeys(number for number in stated_numbers(text) if number != params.records_per_call)
    return found + [("states_other_number", f"{number} / {params.records_per_call}") for number in other]
