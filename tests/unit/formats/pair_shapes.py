"""Shapes of preference pairs by name: a sound record, and for each rule a change that breaks it."""

from __future__ import annotations

from typing import Any

GONE = object()
"""Takes the field away."""

USER = {"role": "user", "content": "Q?"}
SAID, WORSE = ({"role": "assistant", "content": text} for text in ("Good.", "Bad."))
SHOWN = {"role": "user", "content": [{"type": "image_url", "image_url": {"url": "a.png"}}]}
TURNS = [USER, SAID, USER]
PLAIN = {"prompt": "Q?", "chosen": "Good.", "rejected": "Bad."}
MISSING = {
    name: ({name: GONE}, "missing_field", name)
    for name in ("prompt", "chosen", "rejected", "label", "completion", "answers")
}
TEXTS = [
    MISSING["prompt"],
    MISSING["chosen"],
    MISSING["rejected"],
    ({"chosen": 7}, "not_a_string", "chosen"),
    ({"rejected": None}, "missing_field", "rejected"),
    ({"prompt": " "}, "blank", "prompt"),
    ({"chosen": ""}, "blank", "chosen"),
    ({"rejected": "good!"}, "same_answers", "rejected"),
    ({"chosen": "a\x00b"}, "nul_character", "chosen"),
]

Broken = tuple[dict[str, Any], str, str]
SHAPES: dict[str, tuple[dict[str, Any], list[Broken]]] = {
    "preference": (
        PLAIN | {"score_chosen": 8.5, "score_rejected": 3.2},
        [
            *TEXTS,
            ({"score_rejected": GONE}, "score_alone", "score_rejected"),
            ({"score_chosen": None}, "score_alone", "score_chosen"),
            ({"score_chosen": True}, "not_a_score", "score_chosen"),
            ({"score_chosen": float("nan")}, "not_a_score", "score_chosen"),
            ({"score_chosen": 10**30}, "not_a_score", "score_chosen"),
            ({"score_chosen": "high"}, "not_a_score", "score_chosen"),
            ({"score_chosen": "8.5"}, "number_is_text", "score_chosen"),
            ({"score_chosen": 3.2}, "score_order", "score_chosen"),
            ({"score_chosen": 1}, "score_order", "score_chosen"),
            ({"score_scale": [1, 5]}, "score_off_scale", "score_chosen"),
            ({"score_scale": [5, 1]}, "bad_scale", "score_scale"),
            ({"prompt": [{"role": "user"}]}, "message_missing_key", "prompt.0"),
        ],
    ),
    "openai_preference": (
        {
            "input": {"messages": [USER], "tools": [], "parallel_tool_calls": True},
            "preferred_output": [SAID],
            "non_preferred_output": [WORSE],
        },
        [
            ({"input": GONE}, "missing_field", "input"),
            ({"input": []}, "not_an_object", "input"),
            ({"input": {"messages": "Q?"}}, "missing_messages_list", "messages"),
            ({"input": {"messages": [SAID]}}, "blank", "input"),
            ({"input": {"messages": [USER, SAID]}}, "prompt_ends_wrongly", "input.messages"),
            ({"input": {"messages": [{"role": "judge", "content": "Q?"}]}}, "unrecognized_role", "messages.0.role"),
            ({"preferred_output": []}, "no_answer", "preferred_output"),
            ({"preferred_output": [USER]}, "unrecognized_role", "preferred_output.0.role"),
            ({"non_preferred_output": [SAID]}, "same_answers", "non_preferred_output"),
            ({"non_preferred_output": GONE}, "missing_field", "non_preferred_output"),
            ({"input": {"messages": [SHOWN]}}, "media_not_taken", "messages"),
        ],
    ),
    "bailian_dpo": (
        {"messages": [{"role": "system", "content": "S"}, *TURNS], "chosen": SAID, "rejected": WORSE},
        [
            ({"messages": GONE}, "missing_field", "messages"),
            ({"messages": [USER, SAID]}, "prompt_ends_wrongly", "messages"),
            ({"messages": [USER, {"role": "system", "content": "S"}, USER]}, "system_not_first", "messages"),
            ({"messages": [USER | {"name": "eva"}]}, "message_unrecognized_key", "messages.0.name"),
            ({"messages": [{"role": "tool", "content": "x"}, USER]}, "unrecognized_role", "messages.0.role"),
            ({"chosen": "Good."}, "not_an_object", "chosen"),
            ({"chosen": USER}, "no_answer", "chosen"),
            ({"chosen": SAID | {"weight": 1}}, "message_unrecognized_key", "chosen.weight"),
            ({"rejected": SAID}, "same_answers", "rejected"),
            ({"rejected": {"role": "assistant", "content": ""}}, "blank", "rejected"),
        ],
    ),
    "llama_factory_preference": (
        {"instruction": "Q?", "input": "", "chosen": "Good.", "rejected": "Bad.", "history": [["a", "b"]]},
        [
            ({"instruction": GONE}, "missing_field", "instruction"),
            ({"chosen": {"from": "gpt", "value": "Good."}}, "not_a_string", "chosen"),
            ({"rejected": GONE}, "missing_field", "rejected"),
            ({"history": [["a"]]}, "not_a_turn", "history.0"),
            ({"images": ["a.png"]}, "media_count", "images"),
            ({"rejected": "Good."}, "same_answers", "rejected"),
        ],
    ),
    "llama_factory_preference_sharegpt": (
        {
            "conversations": [{"from": "human", "value": "Q?"}],
            "chosen": {"from": "gpt", "value": "Good."},
            "rejected": {"from": "gpt", "value": "Bad."},
        },
        [
            ({"conversations": GONE}, "missing_field", "conversations"),
            ({"chosen": "Good."}, "not_an_object", "chosen"),
            ({"chosen": {"from": "human", "value": "Good."}}, "no_answer", "chosen"),
            ({"chosen": {"from": "bot", "value": "Good."}}, "unrecognized_role", "chosen.from"),
            ({"rejected": {"from": "gpt"}}, "message_missing_key", "rejected"),
            ({"rejected": {"from": "gpt", "value": "Good."}}, "same_answers", "rejected"),
            ({"rejected": {"from": "assistant", "value": "Bad."}}, "unrecognized_role", "rejected.from"),
            (
                {"conversations": [{"from": "human", "value": "Q?"}, {"from": "gpt", "value": "A."}]},
                "wrong_turn_order",
                "conversations.2.from",
            ),
            ({"tools": "{"}, "bad_tools", "tools"),
        ],
    ),
    "trl_preference": (PLAIN | {"chosen": " Good.", "rejected": " Bad."}, TEXTS),
    "trl_preference_chat": (
        {"prompt": TURNS, "chosen": [SAID], "rejected": [WORSE]},
        [
            *[MISSING[name] for name in ("prompt", "chosen", "rejected")],
            ({"prompt": "Q?"}, "missing_messages_list", "prompt"),
            ({"prompt": [USER, SAID]}, "prompt_ends_wrongly", "prompt"),
            ({"chosen": []}, "no_answer", "chosen"),
            ({"chosen": [USER]}, "no_answer", "chosen"),
            ({"rejected": [SAID]}, "same_answers", "rejected"),
            ({"images": ["a.png", "b.png"]}, "media_count", "images"),
        ],
    ),
    "trl_preference_implicit": (
        {"chosen": "Q? Good.", "rejected": "Q? Bad."},
        [
            ({"chosen": GONE}, "missing_field", "chosen"),
            ({"rejected": 1}, "not_a_string", "rejected"),
            ({"rejected": "Q? Good."}, "same_answers", "rejected"),
            ({"rejected": "Who?"}, "blank", "chosen"),
        ],
    ),
    "trl_preference_implicit_chat": (
        {"chosen": [USER, SAID], "rejected": [USER, WORSE]},
        [
            ({"chosen": GONE}, "missing_field", "chosen"),
            ({"rejected": "Q?"}, "not_a_list", "rejected"),
            ({"rejected": [USER, SAID]}, "same_answers", "rejected"),
            ({"rejected": [SAID]}, "blank", "chosen"),
            ({"chosen": [USER, SAID, SAID], "rejected": [USER, SAID, WORSE]}, "prompt_ends_wrongly", "chosen"),
        ],
    ),
    "axolotl_dpo_argilla": (
        {"system": "S", "instruction": "Q?", "chosen_response": "Good.", "rejected_response": "Bad."},
        [
            ({"instruction": GONE}, "missing_field", "instruction"),
            ({"chosen_response": GONE}, "missing_field", "chosen_response"),
            ({"rejected_response": "Good."}, "same_answers", "rejected_response"),
            ({"system": 1}, "not_a_string", "system"),
        ],
    ),
    "axolotl_dpo_icr": (
        {"input": "Q?", "chosen": "Good.", "rejected": "Bad."},
        [({"input": GONE}, "missing_field", "input"), *TEXTS[1:5], ({"input": ""}, "blank", "input")],
    ),
    "axolotl_dpo_intel": (
        {"question": "Q?", "chosen": "Good.", "rejected": "Bad."},
        [({"question": GONE}, "missing_field", "question"), *TEXTS[1:5]],
    ),
    "axolotl_dpo_prompt_pairs": (PLAIN | {"system": "S"}, TEXTS),
    "axolotl_dpo_user_defined": (PLAIN, TEXTS),
    "axolotl_dpo_argilla_chat": (
        {"chosen": [USER, SAID], "rejected": [USER, WORSE]},
        [
            ({"chosen": [SAID]}, "answers_differ_early", "rejected"),
            ({"chosen": [*TURNS, SAID], "rejected": [*TURNS, WORSE]}, "two_messages", "chosen"),
            ({"rejected": [{"role": "user", "content": "Other?"}, WORSE]}, "answers_differ_early", "rejected"),
            ({"rejected": [USER, SAID]}, "same_answers", "rejected"),
        ],
    ),
    "axolotl_dpo_ultra": (
        {"system": "S", "prompt": "Q?", "chosen": [USER, SAID], "rejected": [USER, WORSE]},
        [
            ({"prompt": "Other?"}, "prompt_differs", "prompt"),
            ({"chosen": [USER, SAID, SAID], "rejected": [USER, SAID, WORSE]}, "two_messages", "chosen"),
            ({"rejected": GONE}, "missing_field", "rejected"),
        ],
    ),
    "axolotl_dpo_chat_template": (
        {"messages": TURNS, "chosen": SAID, "rejected": WORSE},
        [
            ({"messages": GONE}, "missing_field", "messages"),
            ({"messages": [USER, SAID]}, "prompt_ends_wrongly", "messages"),
            ({"chosen": [SAID]}, "not_an_object", "chosen"),
            ({"rejected": USER}, "no_answer", "rejected"),
        ],
    ),
    "axolotl_orpo_argilla": (
        {"system": "S", "chosen": [*TURNS, SAID], "rejected": [*TURNS, WORSE]},
        [
            ({"chosen": [USER, USER, SAID], "rejected": [USER, USER, WORSE]}, "wrong_turn_order", "chosen"),
            ({"chosen": [USER, SAID]}, "answers_differ_early", "rejected"),
            ({"rejected": [*TURNS, SAID]}, "same_answers", "rejected"),
            ({"prompt": "Other?"}, "prompt_differs", "prompt"),
        ],
    ),
}
