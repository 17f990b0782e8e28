"""Self-augmentation: each segment of the documents is an output, and a model says what it answers."""

from __future__ import annotations

import re
from typing import Any

from generation.quality.checks.refusal import is_refusal
from generation.recipes.asking import ask
from generation.recipes.backtranslation.segments import Segment, segments_of
from generation.recipes.base import Context, PromptSlot, Work
from generation.recipes.wording import fence, language_of
from generation.types import DocumentView, Draft, PoolView, Prompt, Sampling, Span, Task

AUGMENT = "backtranslation.augment"
NONE = "<none>"
_TOKENS = 512
_SHOWN_OF_THE_REST = 300
_ABOUT_THE_TEXT = re.compile(
    r"\b(the|this|that|above|following|given|provided) (text|passage|article|segment|excerpt|paragraph|document)\b"
    r"|\b(text|passage|article) (above|below)\b"
    r"|(上文|上述|下文|原文|本文|该文|这段|这篇|此段|以上(?:的)?(?:文字|内容|材料|段落)|给定的?(?:文字|文本|材料))",
    re.IGNORECASE,
)


class Augment:
    """One task for each segment; those that a filter rules out are dropped without a call."""

    name = AUGMENT
    prompts: tuple[PromptSlot, ...] = (PromptSlot(AUGMENT, ("text", "headings"), ("text",)),)
    checks: tuple[str, ...] = (
        "not_empty",
        "control_characters",
        "character_bounds",
        "language_mismatch",
        "hidden_characters",
        "special_tokens",
        "missing_reference",
    )
    novel = False

    def plan(self, pool: PoolView, context: Context) -> list[dict[str, Any]]:
        """All in the first wave; where there are more segments than wanted, as many drawn by the run's chance."""
        if pool.planned.get(self.name):
            return []
        params = context.params
        found = [(document, segment) for document in pool.documents for segment in _segments(document, params)]
        good = [at for at, (_, segment) in enumerate(found) if not segment.reason]
        drawn = set(context.rng.sample(good, params.segments)) if len(good) > params.segments else set(good)
        return [_payload(*each, context) for at, each in enumerate(found) if each[1].reason or at in drawn]

    def work(self, task: Task, context: Context) -> Work:
        """One call, unless the segment is ruled out."""
        payload = task.payload
        if payload["reason"]:
            yield from ()
            return [_draft(payload, context, reason=payload["reason"])]
        headings = " / ".join(payload["headings"])
        variables = {
            "text": fence(payload["text"]), "headings": fence(headings), "given": payload["text"],
            "titles": payload["headings"], "language": payload["language"],
        }  # fmt: skip
        sampling = Sampling(max_tokens=_TOKENS, temperature=context.params.temperature, top_p=0.9)
        reply = yield from ask(Prompt(AUGMENT, context.messages(AUGMENT, variables), variables, sampling))
        if reply.failed:
            return [_draft(payload, context, reason="call_failed", failure=reply.failure)]
        instruction = reply.text.strip()
        return [_draft(payload, context, instruction, reason=_fault(instruction, truncated=reply.truncated))]


def _segments(document: DocumentView, params: Any) -> list[Segment]:
    return segments_of(document, shortest=params.shortest, longest=params.longest, unheaded=params.unheaded)


def _payload(document: DocumentView, segment: Segment, context: Context) -> dict[str, Any]:
    text = document.text[segment.start : segment.end]
    return {
        "document": document.id,
        "start": segment.start,
        "end": segment.end,
        "headings": list(segment.headings),
        "text": text[:_SHOWN_OF_THE_REST] if segment.reason else text,
        "language": document.language or language_of(text, otherwise=context.language),
        "reason": segment.reason,
    }


def _fault(instruction: str, *, truncated: bool) -> str:
    if truncated:
        return "truncated_reply"
    if instruction.strip(" .。\"'") == NONE:
        return "no_request"
    if is_refusal(instruction):
        return "refusal"
    return "refers_to_text" if _ABOUT_THE_TEXT.search(instruction) else ""


def _draft(payload: Any, context: Context, instruction: str = "", *, reason: str = "", failure: str = "") -> Draft:
    return Draft(
        kind="instruction",
        instruction=instruction,
        output=payload["text"],
        system=context.params.system,
        task_type="generation",
        language=payload["language"],
        spans=(Span(payload["document"], payload["start"], payload["end"]),),
        data={"headings": payload["headings"], **({"failure": failure} if failure else {})},
        drop_reason=reason,
    )
