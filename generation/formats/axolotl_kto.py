"""Axolotl's KTO shapes in one table. Every one of them needs `label`, true or false, which its documentation omits.

Source: Axolotl's prompt strategies. chatml and llama3 strategies of a name read the same records.
"""

from __future__ import annotations

from generation.formats.answer_parts import MessagesAnswer, TextAnswer
from generation.formats.base import NESTED_LAYOUTS
from generation.formats.prompt_parts import PLAIN, MessagesPrompt, TextPrompt
from generation.formats.ratings import rating_format
from generation.types import N_

TEXT_SHAPES = (
    ("argilla", N_("Axolotl KTO: argilla"), "instruction", 90),
    ("intel", N_("Axolotl KTO: intel"), "question", 90),
    ("prompt_pairs", N_("Axolotl KTO: prompt_pairs"), "prompt", 70),
    ("ultra", N_("Axolotl KTO: ultra"), "prompt", 60),
    ("user_defined", N_("Axolotl KTO: user_defined"), "prompt", 30),
)
"""The strategy, its title, the field of the prompt, and how sure a record of this build is one of it."""

FORMATS = (
    *(
        rating_format(
            name=f"axolotl_kto_{strategy}",
            title=title,
            layouts=NESTED_LAYOUTS,
            prompt=TextPrompt(field, system="system"),
            answer=TextAnswer(),
            sureness=sureness,
        )
        for strategy, title, field, sureness in TEXT_SHAPES
    ),
    rating_format(
        name="axolotl_kto_argilla_chat",
        title=N_("Axolotl KTO: argilla_chat"),
        layouts=NESTED_LAYOUTS,
        prompt=MessagesPrompt("chosen", dialect=PLAIN),
        answer=MessagesAnswer(PLAIN),
        sureness=95,
    ),
)
