"""Shapes of ratings, rankings and stepwise supervision by name: a sound record, and for each rule a change that breaks
it."""

from __future__ import annotations

from typing import Any

from tests.unit.formats.pair_shapes import GONE, MISSING, SAID, USER, Broken

SHAPES: dict[str, tuple[dict[str, Any], list[Broken]]] = {
    "kto": (
        {"prompt": "Q?", "completion": "Good.", "label": True},
        [
            MISSING["prompt"],
            MISSING["completion"],
            MISSING["label"],
            ({"label": "true"}, "label_is_text", "label"),
            ({"label": 1}, "not_a_boolean", "label"),
            ({"completion": "  "}, "blank", "completion"),
        ],
    ),
    "llama_factory_kto": (
        {"instruction": "Q?", "input": "", "output": "Good.", "kto_tag": True},
        [
            ({"kto_tag": "true"}, "label_is_text", "kto_tag"),
            ({"kto_tag": 1}, "not_a_boolean", "kto_tag"),
            ({"kto_tag": GONE}, "missing_field", "kto_tag"),
            ({"output": GONE}, "missing_field", "output"),
        ],
    ),
    "llama_factory_kto_sharegpt": (
        {"messages": [USER, SAID], "label": True},
        [
            ({"messages": GONE}, "missing_field", "messages"),
            ({"messages": [USER]}, "no_answer", "messages"),
            ({"messages": [SAID]}, "blank", "messages"),
            ({"messages": [USER, USER, SAID]}, "wrong_turn_order", "messages.1.role"),
            ({"label": "true"}, "label_is_text", "label"),
            ({"label": GONE}, "missing_field", "label"),
        ],
    ),
    "trl_unpaired": (
        {"prompt": "Q?", "completion": " Good.", "label": False},
        [
            MISSING["prompt"],
            ({"label": "no"}, "label_is_text", "label"),
            ({"completion": 1}, "not_a_string", "completion"),
        ],
    ),
    "trl_unpaired_chat": (
        {"prompt": [USER], "completion": [SAID], "label": True},
        [({"completion": [USER]}, "no_answer", "completion"), ({"label": None}, "missing_field", "label")],
    ),
    **{
        f"axolotl_kto_{name}": (
            {field: "Q?", "completion": "Good.", "label": True},
            [
                ({field: GONE}, "missing_field", field),
                MISSING["completion"],
                MISSING["label"],
                ({"label": "true"}, "label_is_text", "label"),
            ],
        )
        for name, field in (
            ("argilla", "instruction"),
            ("intel", "question"),
            ("prompt_pairs", "prompt"),
            ("ultra", "prompt"),
            ("user_defined", "prompt"),
        )
    },
    "axolotl_kto_argilla_chat": (
        {"chosen": [USER], "completion": [SAID], "label": True},
        [
            MISSING["chosen"],
            MISSING["label"],
            ({"completion": []}, "no_answer", "completion"),
        ],
    ),
    "ranked": (
        {"prompt": "Q?", "answers": [{"answer": "Good.", "rank": 1}, {"answer": "Bad.", "rank": 2}]},
        [
            ({"answers": GONE}, "missing_field", "answers"),
            ({"answers": ["Good."]}, "not_an_object", "answers.0"),
            ({"answers": [{"rank": 1}]}, "missing_field", "answers.0.answer"),
            ({"answers": [{"answer": "Good.", "rank": 0}]}, "not_a_rank", "answers.0.rank"),
            ({"answers": [{"answer": "Good.", "score": "9"}]}, "not_a_score", "answers.0.score"),
            ({"answers": [{"answer": "Good.", "rank": 1}]}, "too_few_answers", "answers"),
            ({"answers": [{"answer": "Good.", "rank": 1}, {"answer": "Bad."}]}, "no_order", "answers"),
            ({"answers": [{"answer": " ", "rank": 1}, {"answer": "Bad.", "rank": 2}]}, "blank", "answers.0"),
        ],
    ),
    "ranked_columns": (
        {"prompt": "Q?", "answers": ["Good.", "Bad."], "ranks": [1, 2]},
        [
            ({"ranks": [1]}, "uneven_lists", "ranks"),
            ({"answers": ["Good.", 2]}, "not_a_string", "answers.1"),
            ({"ranks": GONE}, "no_order", "answers"),
            ({"ranks": [1.5, 2]}, "not_a_rank", "ranks.0"),
        ],
    ),
    "choice": (
        {"prompt": "Q?", "answer_a": "Good.", "answer_b": "Bad.", "choice": "a"},
        [({"choice": "c"}, "unknown_choice", "choice"), ({"answer_b": GONE}, "missing_field", "answer_b")],
    ),
    "axolotl_dpo_nectar": (
        {"prompt": "Q?", "answers": [{"answer": "Good.", "rank": 2}, {"answer": "Bad.", "rank": 1}]},
        [({"answers": [{"answer": "Good.", "score": 2}, {"answer": "Bad.", "score": 1}]}, "no_order", "answers")],
    ),
    "trl_stepwise": (
        {"prompt": "Q?", "completions": ["One.", "Two."], "labels": [True, False]},
        [
            MISSING["prompt"],
            ({"labels": [True]}, "uneven_lists", "labels"),
            ({"labels": [True, "false"]}, "label_is_text", "labels.1"),
            ({"labels": [True, 0]}, "not_a_boolean", "labels.1"),
            ({"completions": ["One.", 2]}, "not_a_string", "completions.1"),
            ({"completions": [], "labels": []}, "no_steps", "completions"),
            ({"completions": ["One.", " "]}, "blank", "completions.1"),
        ],
    ),
}
