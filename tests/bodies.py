"""What the tests send to an address so that its answer is about access and not about a form."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from generation.recipes import RECIPES
from generation.recipes.base import slots
from tests.addresses import Address
from tests.world import LANGUAGE, SLOT

DECIDED = {"action": "skip", "version": 1}
PUT_BACK = {"version": 1, "reason": "looked again"}


def body_for(address: Address, method: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """`data` and `content_type` of a request that would be obeyed, or at least understood."""
    if method == "GET":
        return {}
    if not address.is_api:
        return {"data": urlencode(_FORMS.get(address.name, {})), "content_type": "application/x-www-form-urlencoded"}
    if address.route.endswith("/conversions"):
        file = SimpleUploadedFile("rows.jsonl", b'{"instruction": "x", "output": "y"}\n')
        return {"data": encode_multipart(BOUNDARY, {"file": file, "to": "sharegpt"}), "content_type": MULTIPART_CONTENT}
    if address.route.endswith("/evaluation-sets"):
        file = SimpleUploadedFile("exam.jsonl", b'{"instruction": "x", "output": "y"}\n')
        return {"data": encode_multipart(BOUNDARY, {"file": file}), "content_type": MULTIPART_CONTENT}
    if address.route.endswith("/documents"):
        file = SimpleUploadedFile("notes.txt", b"Bees live in hives.")
        return {"data": encode_multipart(BOUNDARY, {"file": file}), "content_type": MULTIPART_CONTENT}
    if address.route.endswith(("seeds/import", "/imports", "vocabularies/import")):
        file = SimpleUploadedFile("seeds.jsonl", b'{"instruction": "x", "output": "y"}\n')
        return {"data": encode_multipart(BOUNDARY, {"file": file}), "content_type": MULTIPART_CONTENT}
    if address.route.endswith("/scores"):
        file = SimpleUploadedFile("scores.csv", b"id,score\n1,4.5\n")
        data = encode_multipart(BOUNDARY, {"file": file, "aspect": "quality"})
        return {"data": data, "content_type": MULTIPART_CONTENT}
    body = _BODIES.get((method, address.route.removeprefix("api/v1/").replace("projects/<slug:slug>", "~")), {})
    if address.route.endswith("/judgements"):
        body = body | {"comparison": arguments["comparison_id"]}
    if address.route.endswith("/decisions"):
        body = body | {"sample": arguments["sample_id"]}
    return {"data": json.dumps(body), "content_type": "application/json"}


def _shipped() -> str:
    known = next(slot for recipe in RECIPES for slot in slots(recipe) if slot.name == SLOT)
    return known.shipped(LANGUAGE) + "\nBe calm."


_FORMS = {
    "conflict_group": {"do": "no_conflict"},
    "conflicts": {"do": "search"},
    "evaluation_set": {"do": "look"},
    "pair": {"do": "hold_back", "version": 1},
    "pair_report_remedy": {"do": "balance", "finding": "longer_wins"},
    "pairs": {"do": "edits"},
    "quality": {"of": "approved"},
    "selections": {"w_quality": "1", "w_complexity": "1", "w_novelty": "0", "budget": "5", "shares": "100"},
    "quality_remedy": {"do": "drop", "finding": "check.refusal"},
    "sample_pair": {"do": "edit"},
    "member": {"do": "role", "role": "owner"},
    "seeds_preview": {"task_type": "x" * 100},  # refused by the form, because an import would use the upload up
    "export": {"do": "cancel"},
    "version": {"do": "note", "note": "Looked at"},
    "scenarios": {"scenario": "library:en"},
    "vocabulary": {"do": "save", "name": "Terms", "text": "one"},
    "vocabulary_new": {"name": "More terms", "text": "one"},
    "dataset_new": {"asked": "1"},
    "import_preview": {"do": "look"},
    "round_new": {"do": "look"},
    "judge": {"say": "skip", "key": "c" * 32},
    "judge_undo": {"key": "d" * 32},
    "round_state": {"do": "close"},
    "dropped": {"draft": 1, "version": 1, "key": "c" * 32},
    "put_back": {"do": "reopen", "version": 1, "reason": "looked again", "key": "a" * 32},
    "decide": {"action": "skip", "version": 1, "key": "b" * 32},
}
_BODIES: dict[tuple[str, str], dict[str, Any]] = {
    ("POST", "projects"): {"name": "Another"},
    ("PATCH", "~"): {"guidelines": "Be kind."},
    ("POST", "~/seeds"): {"instruction": "A new one"},
    ("POST", "~/documents/text"): {"text": "Bees live in hives."},
    ("PUT", "~/seeds/<int:seed_id>"): {"instruction": "A changed one"},
    ("POST", "~/conflicts/<int:group_id>"): {"keep": []},
    ("POST", "~/vocabularies"): {"name": "Another", "terms": {"a": ["b"]}},
    ("PUT", "~/vocabularies/<int:vocabulary_id>"): {"name": "Changed", "terms": ["b"]},
    ("POST", "~/scenarios"): {"name": "library", "language": "en"},
    ("POST", "~/prompts/<str:slot>/<str:language>"): {"text": _shipped()},
    ("POST", "~/endpoints"): {"name": "Other", "base_url": "http://127.0.0.1:11434/v1"},
    ("PATCH", "~/endpoints/<int:endpoint_id>"): {"name": "Renamed"},
    ("POST", "~/endpoints/<int:endpoint_id>/test"): {"model": "m"},
    ("PUT", "~/endpoints/<int:endpoint_id>/key"): {"key": "sk-something"},
    ("POST", "~/decisions"): DECIDED,
    ("POST", "~/rounds"): {"name": "Another", "chosen": {"reason": "unheard of"}},
    ("POST", "~/judgements"): {"action": "skip"},
    ("POST", "~/pairs/<int:pair_id>/hold-back"): {"version": 1},
    ("POST", "~/pairs/<int:pair_id>/release"): {"version": 1},
    ("POST", "~/pairs/<int:pair_id>/undo"): {"entry": 1},
    ("POST", "~/pair-reports"): {"state": "exportable"},
    ("POST", "~/pair-reports/<int:report_id>/remedies"): {"do": "review", "finding": "longer_wins"},
    ("POST", "~/selections"): {"budget": 5},
    ("POST", "~/quality-reports"): {"criteria": {"state": "approved"}},
    ("POST", "~/quality-reports/<int:quality_id>/remedies"): {"do": "drop", "finding": "check.refusal"},
    ("POST", "~/samples/<int:sample_id>/reopen"): PUT_BACK,
    ("POST", "~/samples/<int:sample_id>/restore"): PUT_BACK,
    ("PATCH", "~/datasets/<int:dataset_id>/versions/<int:number>"): {"note": "Looked at"},
    ("POST", "~/datasets/<int:dataset_id>/versions/<int:number>/held-out"): {"split": "test"},
    ("POST", "~/exports"): {"format": "alpaca", "layout": "json"},
    ("POST", "~/exports/offer"): {"format": "alpaca", "layout": "json"},
    ("POST", "~/runs"): {"recipe": "few_shot"},
    ("POST", "~/workflows"): {"name": "Nightly", "steps": [{"recipe": "few_shot"}]},
    ("PUT", "~/workflows/<int:workflow_id>"): {"name": "Weekly", "steps": [{"recipe": "few_shot"}]},
    ("POST", "~/runs/estimate"): {"recipe": "few_shot"},
    ("POST", "~/runs/preview"): {"recipe": "few_shot"},
    ("POST", "~/runs/<int:run_id>/budget"): {"budget": "1.5"},
}
