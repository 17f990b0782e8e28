"""The one stage: compose a request, have it answered, correct what rules find wanting, verify the whole again."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from generation.preferences.gate import Case, held_back
from generation.quality.checks.refusal import is_refusal
from generation.quality.constraints import draw, holds
from generation.recipes.asking import ask
from generation.recipes.base import Context, PromptSlot, Work
from generation.recipes.complex_from_simple.composing import (
    MOST_KEYWORDS,
    demands_of,
    enough,
    keywords_in,
    request_of,
    words_wanted,
)
from generation.recipes.complex_from_simple.correcting import revised
from generation.recipes.complex_from_simple.params import Params
from generation.recipes.json_replies import ask_json
from generation.recipes.material import Material, material_of, materials
from generation.recipes.wording import fence
from generation.types import Draft, PoolView, Prompt, Reply, Sampling, Task

KEYWORDS = PromptSlot("complex_from_simple.keywords", ("task", "count"), ("task",))
ANSWER = PromptSlot("complex_from_simple.answer", ("request",), ("request",))
CORRECT = PromptSlot(
    "complex_from_simple.correct", ("task", "constraint", "response"), ("constraint", "response")
)  # fmt: skip
TEACHER = "teacher"
"""The part that corrects and names keywords; the run's own model is the student."""
_LONGEST_REPEATED = 200
_KEYWORD_SCHEMA = {"type": "array", "items": {"type": "string"}}


@dataclass(frozen=True, slots=True)
class Request:
    """A request with its constraints. `text` is the instruction that carries them, the row's input stands beside it."""

    row: Material
    language: str
    demands: Sequence[dict[str, Any]]
    text: str
    notes: tuple[str, ...] = ()

    def unmet(self, answer: str, *, loose: bool) -> list[int]:
        """The places of the constraints that the answer misses, in order."""
        return [at for at, each in enumerate(self.demands) if not holds(answer, each, loose=loose)]

    def draft(self, kind: Any, **changes: Any) -> Draft:
        """A draft of the request; `data` keeps the constraints."""
        data = {"constraints": list(self.demands), **changes.pop("data", {})}
        return self.row.draft(kind, instruction=self.text, data=data, **changes)

    def dropped(self, reason: str, *, output: str = "", **data: Any) -> list[Draft]:
        """Nothing but the reason why there is nothing."""
        return [self.draft("sample", output=output, drop_reason=reason, data=data)]


@dataclass(slots=True)
class Course:
    """How an answer came to its final form: (place of the constraint, text before its correction) for each of them."""

    text: str
    first: list[int]
    student: str = ""
    teacher: str = ""
    steps: list[tuple[int, str]] = field(default_factory=list)
    failure: str = ""


class Answers:
    """One task for each row and draw."""

    name = "complex_from_simple.answers"
    prompts: tuple[PromptSlot, ...] = (KEYWORDS, ANSWER, CORRECT)
    checks: tuple[str, ...] = (
        "control_characters", "empty_output", "placeholder_output", "hidden_characters", "special_tokens",
        "recipe_notes",
    )  # fmt: skip
    novel = False

    def plan(self, pool: PoolView, context: Context) -> list[dict[str, Any]]:
        """The next rows with the kinds of constraints that each is to get, drawn with the wave's chance."""
        params, planned = context.params, pool.planned.get(self.name, 0)
        rows = materials(pool, language=context.language)
        places = range(planned, min(tasks_of(pool, params), planned + params.wave_size))
        return [self._payload(rows[at % len(rows)], context) for at in islice(places, params.wave_size)]

    def work(self, task: Task, context: Context) -> Work:
        """Up to one call for keywords, one for the answer, one for each constraint that it misses."""
        request = yield from _compose(task.payload, context)
        variables = {
            "request": fence(_asked(request)), "task": request.row.task, "demands": list(request.demands),
            "language": request.language,
        }  # fmt: skip
        reply = yield from ask(_prompt(ANSWER, variables, context))
        answer = reply.text.strip()
        if reply.failed or reply.truncated or not answer or is_refusal(answer):
            return request.dropped(_why(reply), output=answer, failure=reply.failure)
        loose = context.params.judging == "loose"
        course = Course(answer, request.unmet(answer, loose=loose), reply.model)
        yield from _correct(request, course, context)
        if course.failure:
            return request.dropped(course.failure, output=course.text, failed=_names(request, course.first))
        return _drafts(request, course, context.params)

    def _payload(self, row: Material, context: Context) -> dict[str, Any]:
        params = context.params
        language = "zh" if row.language == "zh" else "en"
        kinds = draw(
            context.rng, language=language, least=params.least_constraints, most=params.most_constraints,
            left_out=[*params.left_out, *([] if _repeatable(row.instruction) else ["repeat_prompt"])],
        )  # fmt: skip
        return {"row": row.payload(), "kinds": list(kinds), "language": language}


def tasks_of(pool: PoolView, params: Params) -> int:
    """How many requests the run makes."""
    rows = sum(bool(row.instruction) for row in pool.seeds) + sum(bool(row.instruction) for row in pool.samples)
    every = rows * params.draws
    return min(every, params.most_rows) if params.most_rows else every


def _compose(payload: Any, context: Context) -> Generator[Prompt | list[Prompt], Reply | list[Reply], Request]:
    """The request; its keywords are the model's where it gives any that can be read, else our own."""
    row, language, kinds = material_of(payload["row"]), payload["language"], payload["kinds"]
    words: list[str] = []
    notes: tuple[str, ...] = ()
    if context.params.ask_for_keywords and words_wanted(kinds):
        variables = {"task": fence(row.task), "count": MOST_KEYWORDS, "row": row.task, "language": language}
        messages = context.messages(KEYWORDS.name, variables)
        asked_so = Sampling(300, 0.7)
        prompt = Prompt(KEYWORDS.name, messages, variables, asked_so, json_schema=_KEYWORD_SCHEMA, part=TEACHER)
        asked = yield from ask_json(prompt, context, keywords_in)
        words = asked.value or []
        notes = () if words else ("own_keywords",)
    words = enough(words, context.rng, language=language, wanted=words_wanted(kinds))
    demands = demands_of(kinds, context.rng, language=language, prompt=row.instruction, words=words)
    return Request(row, language, demands, request_of(row.instruction, demands, context.rng), notes)


def _correct(
    request: Request, course: Course, context: Context
) -> Generator[Prompt | list[Prompt], Reply | list[Reply], None]:
    """Has each missed constraint corrected in its turn; one that an earlier correction met on the way needs none."""
    loose = context.params.judging == "loose"
    for at in course.first:
        made = request.demands[at]
        if holds(course.text, made, loose=loose):
            continue
        variables = {
            "task": fence(_asked(request)), "constraint": fence(made["text"]), "response": fence(course.text),
            "text": course.text, "at": at, "demands": list(request.demands), "language": request.language,
        }  # fmt: skip
        reply = yield from ask(_prompt(CORRECT, variables, context, temperature=0.0, part=TEACHER))
        text = "" if reply.failed or reply.truncated else revised(reply.text, before=course.text)
        if not text:
            course.failure = "call_failed" if reply.failed else "no_revision"
            return
        course.steps.append((at, course.text))
        course.text, course.teacher = text, reply.model


def _drafts(request: Request, course: Course, params: Params) -> list[Draft]:
    """The final text as a sample, and for each correction a pair with the text before it. Where a constraint is missed
    at the end nothing is kept, or the sample with a note and the pairs of the constraints that it meets."""
    unmet = request.unmet(course.text, loose=params.judging == "loose")
    told: dict[str, Any] = {
        "failed": _names(request, course.first), "student": course.student, "teacher": course.teacher,
        "notes": list(request.notes),
    }  # fmt: skip
    if unmet:
        reason = "constraint_unmet" if set(unmet) & set(course.first) else "constraint_broken"
        told["unmet"] = _names(request, unmet)
        if params.unmet == "drop":
            return request.dropped(reason, output=course.text, **told)
        told["notes"].append(reason)
    pairs = [_pair(request, course, at, before, met=at not in unmet) for at, before in course.steps]
    return [request.draft("sample", output=course.text, data=told), *pairs]


def _pair(request: Request, course: Course, at: int, before: str, *, met: bool) -> Draft:
    made = request.demands[at]
    # A correction changes as little as it can: rules say what the change is worth, not its size. One that changes
    # signs or the size of letters alone is held back all the same, because no format takes such a pair.
    case = Case(course.text, before, similarity=0.0, verified=True)
    data = {
        "pair_source": "rules", "held": held_back(case, least_margin=0.0), "chosen_model": course.teacher,
        "rejected_model": course.student if course.steps[0][1] == before else course.teacher,
        "meta": {"failed": made["kind"], "constraint": made["text"]},
    }  # fmt: skip
    reason = "" if met else "constraint_unmet"
    if before.strip() == course.text.strip():
        reason = "equal_texts"
    return request.draft("pair", output=course.text, rejected=before, data=data, drop_reason=reason)


def _repeatable(instruction: str) -> bool:
    """Whether a reply may begin with the instruction without missing a constraint for that alone."""
    return len(instruction) <= _LONGEST_REPEATED and not any(sign in instruction for sign in ",，\n")


def _asked(request: Request) -> str:
    return f"{request.text}\n\n{request.row.input}" if request.row.input else request.text


def _names(request: Request, places: Sequence[int]) -> list[str]:
    return [request.demands[at]["kind"] for at in places]


def _why(reply: Reply) -> str:
    if reply.failed:
        return "call_failed"
    if reply.truncated:
        return "truncated_reply"
    return "refusal" if reply.text.strip() else "empty_output"


def _prompt(
    slot: PromptSlot, variables: dict[str, Any], context: Context, *, temperature: float | None = None, part: str = ""
) -> Prompt:
    asked = Sampling(context.params.answer_tokens, context.params.temperature if temperature is None else temperature)
    return Prompt(slot.name, context.messages(slot.name, variables), variables, asked, part=part)
