"""The triplet of preference data: what its check takes and what it names as wrong."""

from __future__ import annotations

from typing import Any

import pytest

from generation.formats import format_named

SOUND: dict[str, Any] = {"prompt": "Why is the sky blue?", "chosen": "Light scatters.", "rejected": "It is painted."}


@pytest.mark.parametrize(
    "record",
    [
        SOUND,
        SOUND | {"score_chosen": 8.5, "score_rejected": 3.2},
        SOUND | {"prompt": [{"role": "user", "content": "Why?"}]},
        SOUND | {"meta": {"judge": "m"}},
    ],
)
def test_000_22_a_triplet_of_prompt_chosen_and_rejected_is_sound(record: dict[str, Any]) -> None:
    assert [fault for fault in format_named("preference").check(record) if fault.severity == "error"] == []


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"prompt": None}, "prompt"),
        ({"prompt": "  "}, "prompt"),
        ({"prompt": 3}, "prompt"),
        ({"chosen": ""}, "chosen"),
        ({"rejected": None}, "rejected"),
        ({"rejected": ["It is painted."]}, "rejected"),
        ({"rejected": "LIGHT scatters!"}, "rejected"),
        ({"score_chosen": 8.5}, "score_rejected"),
        ({"score_chosen": "8.5", "score_rejected": 3}, "score_chosen"),
        ({"score_chosen": 3.2, "score_rejected": 8.5}, "score_chosen"),
    ],
)
def test_000_22_what_breaks_a_triplet_is_named_with_its_field(change: dict[str, Any], path: str) -> None:
    record = {name: value for name, value in (SOUND | change).items() if value is not None}
    faults = [fault for fault in format_named("preference").check(record) if fault.severity == "error"]
    assert path in {fault.path.split(".")[0] for fault in faults}
