"""Rows of one kind as rows of another: a preference pair as an answer to learn, ratings as pairs. `ARROWS` lists them.

Between two formats of the same kind nothing is converted here: the one reads and the other encodes.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from generation.conversions.feedback_pairs import Matcher
from generation.conversions.pairing import Strategy, pairs_of
from generation.conversions.prompts_once import Once
from generation.files.strict_json import Fault
from generation.types import N_, Candidate, Example, Feedback, Kind, Pair, Ranking, Row, RowError, Stepwise, Text

Numbered = tuple[int, Row | RowError]
"""A row with the line that it came from, or the fault that stood there."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a conversion leaves open.

    `strategy` and `min_margin` (score units, inclusive) choose the pairs of a ranked list; `most_pairs` caps what one
    prompt's good and bad answers may give. `good_from` is the score from which an answer counts as good; without it the
    chosen answer is good and the rejected one bad, whatever their scores. `step_separator` joins the steps of a
    solution. `render` turns an example into text (a chat template); without it nothing becomes text.
    """

    strategy: Strategy = "all_pairs"
    min_margin: float = 0
    most_pairs: int = 16
    good_from: float | None = None
    step_separator: str = "\n"
    render: Callable[[Example], str] | None = None
    random_seed: int = 42


@dataclass(frozen=True, slots=True)
class Arrow:
    """One way between two kinds. `lost` says what does not come along, empty when everything does."""

    source: Kind
    target: Kind
    lost: str
    turn: Callable[[Row, Settings, random.Random], Iterable[Row]] | None = None


class NoArrow(LookupError):  # noqa: N818 - the name says what is the matter
    """No rows of that kind can be made of these."""


def kind_of(row: Row) -> Kind:
    """The kind that a row is of; an example with neither output nor calls is a prompt."""
    if isinstance(row, Example):
        return "sft" if row.output or row.calls else "prompt"
    return _KINDS[type(row)]


def kinds_reachable(kind: Kind) -> tuple[Kind, ...]:
    """The kinds that rows of this kind can become, itself first."""
    return (kind, *(arrow.target for arrow in ARROWS if arrow.source == kind))


def arrow(source: Kind, target: Kind) -> Arrow:
    """The way from one kind to another; `NoArrow` where there is none."""
    try:
        return _BY_ENDS[source, target]
    except KeyError:
        raise NoArrow(f"{source} -> {target}") from None


def convert(rows: Iterable[Numbered], *, to: Kind, settings: Settings = Settings()) -> Iterator[Numbered]:
    """The rows as rows of kind `to`, streaming, each with the line of the row that it was made of.

    Faults pass through. A row that gives nothing is a `RowError`: an error where its kind cannot become the wanted one,
    a warning where it has nothing to give (all answers tie, a bad answer for fine-tuning, feedback without its
    opposite, a prompt that the answers of another row gave). Rows of the kind itself pass unchanged. The same rows and
    settings always give the same.
    """
    matcher = Matcher(most_pairs=settings.most_pairs)
    once = Once()
    for line, row in rows:
        if isinstance(row, RowError) or kind_of(row) == to:
            yield line, row
        elif isinstance(row, Feedback) and to == "preference":
            try:
                for pair in matcher.pairs_with(row, line=line):
                    yield line, pair
            except Fault as fault:
                yield line, _refused(line, fault)
        elif to == "prompt" and not isinstance(row, Example):
            # Many pairs of one prompt are many rows; a prompt to be answered anew is one.
            yield from (once.first(*each) for each in _turned(line, row, to, settings))
        else:
            yield from _turned(line, row, to, settings)
    for line in matcher.lonely():
        yield line, RowError(line, "no_counterpart", severity="warning")


def _turned(line: int, row: Row, to: Kind, settings: Settings) -> Iterator[Numbered]:
    try:
        turn = arrow(kind_of(row), to).turn
        made = list(turn(row, settings, random.Random(f"{settings.random_seed}:{line}"))) if turn else []
    except NoArrow as error:
        yield line, RowError(line, "wrong_kind", message=str(error))
    except Fault as fault:
        yield line, _refused(line, fault)
    else:
        yield from ((line, each) for each in made)


def _refused(line: int, fault: Fault) -> RowError:
    return RowError(
        line, fault.code, fault.path, fault.message, severity="warning" if fault.code in _NOTHING_LOST else "error"
    )


def answered(prompt: Example, answer: Candidate) -> Example:
    """The prompt with this answer to it: what a trainer would learn."""
    return replace(
        prompt, output=answer.text, steps=prompt.steps + answer.steps, calls=answer.calls, weight=None
    )  # fmt: skip


def asked(example: Example) -> Example:
    """The example without what the assistant did after the last user turn."""
    return replace(example, output="", steps=(), calls=(), weight=None)


def _prompt_of_sft(row: Row, _settings: Settings, _rng: random.Random) -> Iterable[Row]:
    assert isinstance(row, Example)
    yield asked(row)


def _prompt_of_answers(row: Row, _settings: Settings, _rng: random.Random) -> Iterable[Row]:
    assert isinstance(row, Pair | Ranking)
    yield replace(row.prompt, meta={**row.prompt.meta, **row.meta})


def _prompt_of_feedback(row: Row, _settings: Settings, _rng: random.Random) -> Iterable[Row]:
    assert isinstance(row, Feedback)
    yield replace(asked(row.example), meta={**row.example.meta, **row.meta})


def _text(row: Row, settings: Settings, _rng: random.Random) -> Iterable[Row]:
    assert isinstance(row, Example)
    if settings.render is None:
        raise Fault("no_template")
    yield Text(settings.render(row), meta=row.meta)


def _chosen(row: Row, _settings: Settings, _rng: random.Random) -> Iterable[Row]:
    assert isinstance(row, Pair)
    yield replace(answered(row.prompt, row.chosen), meta={**row.prompt.meta, **row.meta})


def _both_rated(row: Row, settings: Settings, _rng: random.Random) -> Iterable[Row]:
    assert isinstance(row, Pair)
    for answer, good in ((row.chosen, True), (row.rejected, False)):
        if settings.good_from is not None and answer.score is not None:
            good = answer.score >= settings.good_from
        yield Feedback(answered(row.prompt, answer), good, meta=row.meta)


def _two_ranked(row: Row, _settings: Settings, _rng: random.Random) -> Iterable[Row]:
    assert isinstance(row, Pair)
    yield Ranking(row.prompt, (replace(row.chosen, rank=1), replace(row.rejected, rank=2)), meta=row.meta)


def _pairs(row: Row, settings: Settings, rng: random.Random) -> Iterable[Row]:
    assert isinstance(row, Ranking)
    found = pairs_of(row.answers, strategy=settings.strategy, min_margin=settings.min_margin, rng=rng)
    if not found:
        raise Fault("no_pair", path="answers")
    for better, worse in found:
        yield Pair(row.prompt, replace(better, rank=None), replace(worse, rank=None), meta=row.meta)


def _best(row: Row, _settings: Settings, rng: random.Random) -> Iterable[Row]:
    assert isinstance(row, Ranking)
    found = pairs_of(row.answers, strategy="best_worst", rng=rng)
    if not found:
        raise Fault("no_pair", path="answers")
    yield replace(answered(row.prompt, found[0][0]), meta={**row.prompt.meta, **row.meta})


def _each_rated(row: Row, settings: Settings, _rng: random.Random) -> Iterable[Row]:
    assert isinstance(row, Ranking)
    if settings.good_from is None:
        raise Fault("no_threshold", path="answers")
    for at, answer in enumerate(row.answers):
        if answer.score is None:
            raise Fault("no_order", path=f"answers.{at}")
        yield Feedback(answered(row.prompt, answer), answer.score >= settings.good_from, meta=row.meta)


def _good_only(row: Row, _settings: Settings, _rng: random.Random) -> Iterable[Row]:
    assert isinstance(row, Feedback)
    if not row.good:
        raise Fault("bad_answer", path="label")
    yield replace(row.example, meta={**row.example.meta, **row.meta})


def _solution(row: Row, settings: Settings, _rng: random.Random) -> Iterable[Row]:
    assert isinstance(row, Stepwise)
    if not all(row.labels):
        raise Fault("bad_answer", path="labels")
    yield Example(row.prompt, output=settings.step_separator.join(row.completions), meta=row.meta)


def _solution_rated(row: Row, settings: Settings, _rng: random.Random) -> Iterable[Row]:
    assert isinstance(row, Stepwise)
    yield Feedback(
        Example(row.prompt, output=settings.step_separator.join(row.completions)), all(row.labels), meta=row.meta
    )


def _problem(row: Row, _settings: Settings, _rng: random.Random) -> Iterable[Row]:
    assert isinstance(row, Stepwise)
    yield Example(row.prompt, meta=row.meta)


ARROWS: tuple[Arrow, ...] = (
    Arrow("sft", "prompt", N_("The answer"), _prompt_of_sft),
    Arrow("sft", "text", N_("Where one turn ends and the next begins"), _text),
    Arrow("preference", "feedback", N_("Which answer was compared with which, scores and models"), _both_rated),
    Arrow("preference", "ranking", "", _two_ranked),
    Arrow("preference", "sft", N_("The rejected answer, scores and models"), _chosen),
    Arrow("preference", "prompt", N_("Both answers"), _prompt_of_answers),
    Arrow("ranking", "preference", N_("The order of more than two answers, as far as no pair tells it"), _pairs),
    Arrow("ranking", "feedback", N_("The order, scores and models"), _each_rated),
    Arrow("ranking", "sft", N_("All answers but the best, scores and models"), _best),
    Arrow("ranking", "prompt", N_("The answers"), _prompt_of_answers),
    Arrow("feedback", "preference", N_("Answers without an opposite to the same prompt")),
    Arrow("feedback", "sft", N_("Bad answers"), _good_only),
    Arrow("feedback", "prompt", N_("The answer and whether it was good"), _prompt_of_feedback),
    Arrow("stepwise", "sft", N_("Solutions with a wrong step; where one step ends and the next begins"), _solution),
    Arrow("stepwise", "feedback", N_("Which step was wrong; where steps end"), _solution_rated),
    Arrow("stepwise", "prompt", N_("The solution"), _problem),
)

_KINDS: Mapping[type, Kind] = {
    Pair: "preference",
    Ranking: "ranking",
    Feedback: "feedback",
    Text: "text",
    Stepwise: "stepwise",
}
_BY_ENDS = {(each.source, each.target): each for each in ARROWS}
_NOTHING_LOST = frozenset({"no_pair", "bad_answer"})
