"""The words in which logs and data sets say good or bad, in one table. Whatever is not in it is a fault, never "bad".

Source: the field and label aliases of KTO files and of thumbs-up logs as they occur in the wild.
"""

from __future__ import annotations

from typing import Any

from generation.files.strict_json import Fault

ANSWER_FIELDS = ("completion", "response")
LABEL_FIELDS = ("label", "feedback", "kto_tag")

GOOD_WORDS = frozenset({"true", "1", "yes", "good", "positive", "thumbs_up", "👍"})
BAD_WORDS = frozenset({"false", "0", "no", "bad", "negative", "thumbs_down", "👎"})


def is_good(value: Any, *, path: str = "") -> bool:
    """Whether the value says "good"; `Fault` "unknown_feedback" for anything that the table does not hold.

    Case does not matter, nor do blanks around the word; a number must be exactly 1 or 0.
    """
    if isinstance(value, bool):
        return value
    word = ""
    if isinstance(value, str):
        # The variation selector only asks for the coloured drawing of the thumb.
        word = value.strip().lower().removesuffix("\ufe0f")
    elif isinstance(value, int) or (isinstance(value, float) and value.is_integer()):
        word = str(int(value)) if abs(value) <= 1 else ""
    if word in GOOD_WORDS:
        return True
    if word in BAD_WORDS:
        return False
    raise Fault("unknown_feedback", path=path, message=repr(value)[:40])
