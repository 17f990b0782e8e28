"""Sound records of the formats whose rows no other format makes: public sets, and shapes with fields of their own."""

from __future__ import annotations

from typing import Any

SOUND: dict[str, dict[str, Any]] = {
    "dolly": {"instruction": "Why?", "context": "Because [1].", "response": "So.", "category": "closed_qa"},
    "oasst1": {
        "message_id": "m1",
        "parent_id": None,
        "text": "Why?",
        "role": "prompter",
        "lang": "en",
        "rank": None,
        "deleted": False,
        "review_result": True,
        "tree_state": "ready_for_export",
        "message_tree_id": "m1",
    },
    "hh_rlhf": {"chosen": "\n\nHuman: Why?\n\nAssistant: So.", "rejected": "\n\nHuman: Why?\n\nAssistant: No."},
    "ultrafeedback": {
        "source": "flan",
        "instruction": "Why?",
        "models": ["a"],
        "correct_answers": [],
        "incorrect_answers": [],
        "completions": [
            {
                "model": "a",
                "response": "So.",
                "overall_score": 7.5,
                "fine-grained_score": 4.0,
                "annotations": {"honesty": {"Rating": "N/A", "Rationale": ""}, "helpfulness": {"Rating": "4"}},
            },
            {"model": "b", "response": "No.", "annotations": {"helpfulness": {"Rating": "2"}}},
        ],
    },
    "ultrafeedback_binarized": {
        "prompt": "Why?",
        "prompt_id": "p1",
        "score_chosen": 8.0,
        "score_rejected": 4.0,
        "chosen": [{"role": "user", "content": "Why?"}, {"role": "assistant", "content": "So."}],
        "rejected": [{"role": "user", "content": "Why?"}, {"role": "assistant", "content": "No."}],
        "messages": [{"role": "user", "content": "Why?"}, {"role": "assistant", "content": "So."}],
    },
    "helpsteer": {
        "prompt": "Why?",
        "response": "So.",
        "helpfulness": 4,
        "correctness": 4,
        "coherence": 4,
        "complexity": 1,
        "verbosity": 1,
    },
    "nectar": {
        "prompt": "\n\nHuman: Why?\n\nAssistant: ",
        "good_natured": True,
        "answers": [{"answer": "So.", "model": "a", "rank": 1.0}, {"answer": "No.", "model": "b", "rank": 2.0}],
    },
    "shp": {"history": "Why?", "human_ref_A": "So.", "human_ref_B": "No.", "labels": 1, "score_A": 9, "score_B": 3},
    "code_alpaca": {"instruction": "Sort a list.", "input": "", "output": "xs.sort()"},
    "medinstruct": {"instruction": "Name a bone.", "input": "", "output": "The femur."},
    "legalbench": {"index": "0", "text": "The clause says so.", "answer": "Yes"},
    "axolotl_tokenised": {"input_ids": [1, 2], "attention_mask": [1, 1], "labels": [-100, 2]},
    "axolotl_reflection": {
        "instruction": "Why?",
        "input": "",
        "output": "No.",
        "reflection": "It is not so.",
        "corrected": "So.",
    },
    "axolotl_creative_acr_critique": {"instruction": "Why?", "answer": "No.", "critiques": "Wrong.", "scores": "2"},
    "axolotl_creative_acr_revise": {
        "instruction": "Why?",
        "answer": "No.",
        "critiques": "Wrong.",
        "scores": "2",
        "revision": "So.",
    },
    "sharegpt_pairs": {
        "conversations": [
            {"from": "human", "value": "Why?"},
            {"from": "gpt", "value": "So.", "edited": "So, because of this."},
        ],
    },
    "feedback_log": {"prompt": "Why?", "response": "So.", "feedback": "thumbs_up", "user": "u1"},
}
SOUND["oasst1_pairs"] = SOUND["oasst1"]
