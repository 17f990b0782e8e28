"""The seam that every recipe is written against. Pure: no Django, no provider, no clock.

A recipe is a list of stages. A stage *plans* tasks from the pool as it stands and *works* each task as a generator: it
yields a `Prompt` (or a list of prompts that may run side by side), is sent the `Reply` (or the list of replies, in the
same order), and returns a list of `Draft`s. The same task, context and replies always lead to the same prompts; that is
what lets a crashed worker replay a task from the replies already stored.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol

from pydantic import BaseModel, ConfigDict

from generation.types import Draft, Message, PoolView, Prompt, Reply, Stock, Task

Source = Literal["seeds", "samples", "documents", "vocabulary", "answers"]
"""What a run may draw from; "answers" are samples with two answers or more, each with all of them."""
Work = Generator["Prompt | list[Prompt]", "Reply | list[Reply]", list[Draft]]

MAKES = ("instructions", "rows", "answers", "conversations", "preferences", "scores")
"""What recipes make, in the order in which they are shown: new tasks with answers, rows in another form, better
answers, conversations, pairs, and scores or prompts."""
PROMPT_FOLDER = Path(__file__).parent / "prompts"
_VARIABLE = re.compile(r"\{\{\s*([^\W\d]\w*)\s*\}\}")  # any script: a column may be called 文本
_SECTION = re.compile(r"^\[(system|user|assistant)\]\s*$", re.MULTILINE)


class RecipeParams(BaseModel):
    """Base of every recipe's `Params`: only bool, int, float, str, Literal and list[str] fields, with bounds."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class TemplateError(ValueError):
    """A template names a variable that its stage does not offer, or leaves one out that it must use."""


@dataclass(frozen=True, slots=True)
class PromptText:
    """A template's text: `[system]`, `[user]` and `[assistant]` sections with `{{ name }}` variables.

    Text before the first section marker is a user turn. There is no logic: a recipe prepares what is to be shown.
    """

    text: str

    def variables(self) -> tuple[str, ...]:
        """The variable names that the text uses, sorted."""
        return tuple(sorted(set(_VARIABLE.findall(self.text))))

    def render(self, variables: Mapping[str, Any]) -> tuple[Message, ...]:
        """The messages with every variable filled in; `TemplateError` for a name that is not offered."""
        unknown = [name for name in self.variables() if name not in variables]
        if unknown:
            raise TemplateError(", ".join(unknown))
        pieces = _SECTION.split(self.text)
        turns = [("user", pieces[0])] if pieces[0].strip() else []
        turns += list(zip(pieces[1::2], pieces[2::2], strict=True))
        return tuple(
            Message(role, _VARIABLE.sub(lambda m: str(variables[m[1]]), body).strip())  # type: ignore[arg-type]
            for role, body in turns
        )


@dataclass(frozen=True, slots=True)
class Context:
    """All that a stage may use besides its task: checked params, template texts by stage, its own chance, and which of
    the recipe's further models were chosen for the run (None: rules answer every one of them)."""

    params: Any
    prompts: Mapping[str, PromptText]
    language: str
    rng: random.Random
    parts: tuple[str, ...] | None = None

    def messages(self, stage: str, variables: Mapping[str, Any]) -> tuple[Message, ...]:
        """The messages of `stage`'s template, filled with `variables`."""
        return self.prompts[stage].render(variables)


@dataclass(frozen=True, slots=True)
class PromptSlot:
    """One template that a stage needs: its name, the variables it offers, and those a template must not leave out.

    `placeholders` are names in angle brackets that stand for a variable in templates from elsewhere ("sample_list" for
    "samples"); a stage that has some renders its template through `placeholders.braced`. `advises` is given a text and
    the run's params and says what is odd about them, as (code, name); nothing of it forbids the text.
    """

    name: str
    offers: tuple[str, ...]
    requires: tuple[str, ...] = ()
    placeholders: Mapping[str, str] = field(default_factory=dict)
    advises: Callable[[str, Any], Sequence[tuple[str, str]]] = lambda text, params: ()

    def shipped(self, language: str) -> str:
        """The text that ships for `language` ("en", "zh")."""
        return (PROMPT_FOLDER / f"{self.name}.{language}.txt").read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Part:
    """A further model that a run asks besides its own: prompts name it by `Prompt.part`.

    One that nobody chose is the run's own model, unless it is `required` or `empty` says otherwise; one that is
    `unlike` must be another model than the run's own.
    """

    name: str
    title: str
    help: str = ""
    required: bool = False
    unlike: bool = False
    empty: str = ""
    """What an empty field means, where the run's own model does not take its place."""


class Stage(Protocol):
    """One step of a recipe, between two admissions."""

    name: str
    prompts: tuple[PromptSlot, ...]
    checks: tuple[str, ...]
    """Names of the checks (`quality.checks.CHECKS`) that admission applies to this stage's drafts, in order."""
    novel: bool
    """Whether admission judges this stage's drafts against the pool (ROUGE-L)."""

    def plan(self, pool: PoolView, context: Context) -> list[dict[str, Any]]:
        """The payloads of the next wave's tasks (plain JSON), empty when there is nothing to plan now."""
        ...

    def work(self, task: Task, context: Context) -> Work:
        """The task as a generator of prompts."""
        ...


class Recipe(Protocol):
    """One way of making drafts. `name` is its key everywhere: URL, command line, API, prompt files.

    A recipe may also have a `caution`: words on what its findings do not say, shown where a run is started; `parts`
    (`Part`s), further models that it asks, with `own_title`, what the run's own model does there; and
    `asks_model(params)`, where it depends on the params whether any model is asked; and `first_params`, names of params
    that stand before the others in forms.
    """

    name: str
    title: str
    summary: str
    paper: str
    needs_model: bool
    makes: str
    """One of `MAKES`."""
    reads: tuple[tuple[Source, ...], ...]
    """What it draws from: of each group at least one source must hold something. Self-Instruct: (("seeds",),); a recipe
    that takes rows of either kind: (("seeds", "samples"),); one that needs both: (("seeds",), ("vocabulary",))."""
    Params: type[RecipeParams]
    stages: tuple[Stage, ...]

    def params_showing(self, slot: str) -> dict[str, Any]:
        """Values of `Params` under which a run uses the prompt slot, so that a page can show it filled."""
        ...

    def planned_calls(self, params: Any, stock: Stock) -> tuple[int, int]:
        """The least and the most calls that a run over such a stock will make, repairs of replies left out."""
        ...

    def finished(self, pool: PoolView, params: Any) -> bool:
        """Whether the run's goal is reached, so that no further wave is wanted."""
        ...

    def goal(self, params: Any) -> tuple[str, int] | None:
        """The stage whose admitted drafts are counted and how many are wanted; None when all seeds are the goal."""
        ...

    def admits(self, stage: str, admitted: int, params: Any) -> bool:
        """Whether one more draft of `stage` may be admitted after `admitted`; otherwise it drops as `over_target`."""
        ...


def reads(recipe: Recipe) -> tuple[Source, ...]:
    """Every source that a recipe may draw from, in order."""
    return tuple(dict.fromkeys(source for group in recipe.reads for source in group))


def slots(recipe: Recipe) -> Sequence[PromptSlot]:
    """Every template slot of a recipe, in stage order."""
    return [slot for stage in recipe.stages for slot in stage.prompts]


def may_ask(recipe: Recipe) -> bool:
    """Whether runs of the recipe ask a model under some params at least."""
    return recipe.needs_model or hasattr(recipe, "asks_model")


def parts(recipe: Recipe) -> tuple[Part, ...]:
    """The further models that a recipe asks, in order; none for most."""
    return tuple(getattr(recipe, "parts", ()))


def asks_model(recipe: Recipe, params: Any) -> bool:
    """Whether a run with these params asks any model at all."""
    return bool(recipe.asks_model(params)) if hasattr(recipe, "asks_model") else recipe.needs_model
