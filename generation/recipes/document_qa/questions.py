"""A passage goes out, questions with answers and their evidence come back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from generation.recipes.base import Context, PromptSlot, Work
from generation.recipes.document_qa.passages import Passage, passages_of
from generation.recipes.document_qa.replies import objection, pairs_in, same_question, span_of, verdict
from generation.recipes.json_replies import ask_json
from generation.recipes.wording import fence, language_of
from generation.types import Draft, PoolView, Prompt, Sampling, Span, Task

_OFFERS = ("passage", "title", "headings", "count", "kinds", "language")
ASK = PromptSlot("document_qa.ask", _OFFERS, ("passage", "kinds"))
BESIDE = PromptSlot("document_qa.ask_beside", _OFFERS, ("passage", "kinds"))
CHECK = PromptSlot("document_qa.check", ("passage", "question", "answer"), ("passage", "question", "answer"))

_KINDS = {
    "en": {
        "fact": "fact: asks for one thing that the passage states",
        "reason": "reason: asks why or how something came about; the passage gives the reason",
        "summary": "summary: asks for the main points of a topic, answered in two to four sentences",
        "comparison": "comparison: asks how two things that the passage speaks of differ or are alike",
        "unanswerable": "unanswerable: fits the topic, but the passage does not hold the answer; the answer says so "
        "and guesses nothing, the quote is empty",
    },
    "zh": {
        "fact": "fact（事实）：问段落中说明的一件事",
        "reason": "reason（原因）：问某事为什么或怎样发生，段落给出了原因",
        "summary": "summary（概括）：问某个主题的要点，用两到四句话回答",
        "comparison": "comparison（比较）：问段落中提到的两件事物有何异同",
        "unanswerable": "unanswerable（无法回答）：与主题相关，但段落中没有答案；回答要如实说明段落没有提到，不作猜测，"
        "quote 为空",
    },
}
_LANGUAGES = {"en": {"en": "English", "zh": "Chinese"}, "zh": {"en": "英文", "zh": "中文"}}
_CHECK_TOKENS = 16


class Questions:
    """One task for each passage. What kinds of questions it wants is decided in the plan."""

    checks: tuple[str, ...] = (
        "control_characters",
        "empty_output",
        "input_equals_output",
        "placeholder_output",
        "hidden_characters",
        "special_tokens",
        "output_language",
        "recipe_notes",
    )

    def __init__(self, name: str, slot: PromptSlot, *, novel: bool) -> None:
        self.name = name
        self.novel = novel
        self.prompts: tuple[PromptSlot, ...] = (slot, CHECK) if novel else (slot,)
        self._slot = slot

    def plan(self, pool: PoolView, context: Context) -> list[dict[str, Any]]:
        """The next passages; none for the stage that the params do not want."""
        params = context.params
        if params.context_in_input == self.novel:
            return []
        first = pool.planned.get(self.name, 0)
        found = passages_of(pool.documents, params)[first : first + params.wave_size]
        return [_payload(passage, number, context) for number, passage in enumerate(found, first)]

    def work(self, task: Task, context: Context) -> Work:
        """One call for the questions, and one for each answer where answers are checked."""
        payload, params = task.payload, context.params
        asked = yield from ask_json(self._prompt(payload, context), context, pairs_in)
        if asked.reason:
            failure = {"failure": asked.reply.failure} if asked.reply.failed else {}
            return [_draft(payload, {}, "", data=failure, drop_reason=asked.reason)]
        drafts = [self._judged(payload, pair, at) for at, pair in enumerate(asked.value)]
        drafts = _once_each(drafts)
        if params.check_answers:
            return (yield from _checked(drafts, payload, context))
        return drafts

    def _prompt(self, payload: Mapping[str, Any], context: Context) -> Prompt:
        words = _KINDS["zh" if context.language == "zh" else "en"]
        names = _LANGUAGES["zh" if context.language == "zh" else "en"]
        variables = {
            "passage": fence(payload["passage"]),
            "title": fence(payload["title"]),
            "headings": fence(" > ".join(payload["headings"]) or "-"),
            "count": len(payload["types"]),
            "kinds": "\n".join(f"{at}. {words[each]}" for at, each in enumerate(payload["types"], 1)),
            "language": names[payload["language"]],
        }
        messages = context.messages(self._slot.name, variables)
        told = {"text": payload["passage"], "types": payload["types"], "written_in": payload["language"]}
        sampling = Sampling(max_tokens=context.params.max_tokens, temperature=context.params.temperature)
        return Prompt(self._slot.name, messages, variables | told, sampling)

    def _judged(self, payload: Mapping[str, Any], pair: Mapping[str, str], at: int) -> Draft:
        """The draft of one question, with the place of its evidence or the reason why it goes."""
        wanted = payload["types"]
        kind = pair["type"] if pair["type"] in wanted else wanted[min(at, len(wanted) - 1)]
        reason = "over_limit" if at >= len(wanted) else objection(pair, kind=kind, alone=self.novel)
        whole = Span(payload["document"], payload["start"], payload["end"])
        spans: tuple[Span, ...] = (whole,)
        if not reason and kind != "unanswerable":
            place = span_of(pair["quote"], payload["passage"], document=whole.document, start=whole.start)
            reason = reason if place else "quote_not_found"
            spans = (place, whole) if place else spans
        return _draft(payload, pair, kind, spans=spans, beside=not self.novel, drop_reason=reason)


def _payload(passage: Passage, number: int, context: Context) -> dict[str, Any]:
    document, chunk = passage.document, passage.chunk
    return {
        "document": document.id,
        "title": document.name,
        "headings": list(chunk.headings),
        "start": chunk.start,
        "end": chunk.end,
        "passage": passage.text,
        "types": _dealt(number, context),
        "language": language_of(passage.text, otherwise="zh" if context.language == "zh" else "en"),
    }


def _dealt(number: int, context: Context) -> list[str]:
    """The kinds that a passage is asked for: every kind as often as any other over the passages, in mixed order."""
    kinds, count = context.params.types, context.params.questions
    first = number * count
    wanted = [kinds[(first + at) % len(kinds)] for at in range(count)]
    context.rng.shuffle(wanted)
    return wanted


def _once_each(drafts: list[Draft]) -> list[Draft]:
    """The drafts with every question that came before dropped."""
    seen: set[str] = set()
    told = []
    for draft in drafts:
        key = same_question(draft.instruction)
        again = bool(key) and key in seen and not draft.dropped
        told.append(replace(draft, drop_reason="duplicate_instance") if again else draft)
        seen |= set() if draft.dropped else {key}
    return told


def _checked(drafts: list[Draft], payload: Mapping[str, Any], context: Context) -> Work:
    """The drafts with those dropped whose answer a second look does not find in the passage; no verdict is no pass."""
    open_ = [draft for draft in drafts if not draft.dropped]
    if not open_:
        return drafts
    replies = yield [_check_prompt(draft, at, payload, context) for at, draft in enumerate(open_)]
    reasons: dict[int, str] = {}
    for draft, reply in zip(open_, replies if isinstance(replies, list) else [replies], strict=True):
        found = verdict(reply.text)
        if reply.failed or found is not True:
            reasons[id(draft)] = (
                "check_failed" if reply.failed else "not_grounded" if found is False else "unreadable_verdict"
            )
    return [replace(draft, drop_reason=reasons.get(id(draft), draft.drop_reason)) for draft in drafts]


def _check_prompt(draft: Draft, at: int, payload: Mapping[str, Any], context: Context) -> Prompt:
    variables = {
        "passage": fence(payload["passage"]),
        "question": fence(draft.instruction),
        "answer": fence(draft.output),
    }
    messages = context.messages(CHECK.name, variables)
    told = {"text": payload["passage"], "said": draft.output, "kind": draft.task_type}
    return Prompt(CHECK.name, messages, variables | told, Sampling(max_tokens=_CHECK_TOKENS, temperature=0.0), None, at)


def _draft(
    payload: Mapping[str, Any], pair: Mapping[str, str], kind: str, *, spans: tuple[Span, ...] = (),
    beside: bool = False, data: Mapping[str, Any] | None = None, drop_reason: str = "",
) -> Draft:  # fmt: skip
    return Draft(
        kind="sample",
        instruction=pair.get("question", ""),
        input=payload["passage"] if beside else "",
        output=pair.get("answer", ""),
        task_type=kind,
        language=payload["language"],
        spans=spans or (Span(payload["document"], payload["start"], payload["end"]),),
        data={"quote": pair.get("quote", ""), **(data or {})},
        counted={"type": kind} if kind else {},
        drop_reason=drop_reason,
    )
