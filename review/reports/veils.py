"""Rows, cards and files as somebody sees them who may not know yet what stands behind the answers."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace

from generation.access import Seat
from generation.blinding import OPEN
from generation.models import Answer, Feedback, Sample
from generation.types import Candidate, Example, Pair, Ranking, Row
from generation.types import Feedback as FeedbackRow
from review.exporting.choice import Choice
from review.labels import tells_preferences
from review.reports.family import Family, Node
from review.reports.receipts import Card, Receipt
from review.reports.sights import has_looked_at_all, sights_of
from review.rows import PinnedRow

MOST_ANSWERS = 20


def veil_cards(seat: Seat, cards: Sequence[Card]) -> list[Card]:
    """The cards that were read `with_receipt`, those of prompts that hide something without model, run, calls, cost and
    scores."""
    sights = sights_of(seat, samples=[card.sample.pk for card in cards if card.sample.hides])  # type: ignore[attr-defined]
    return [veiled_card(card) if sights.get(card.sample.pk, OPEN).blind else card for card in cards]


def veiled_card(card: Card) -> Card:
    """A card that tells nothing of who wrote it or how it was scored."""
    card.sample.scores = {}
    bare = Receipt(
        recipe=card.receipt.recipe, run_id=None, stage=card.receipt.stage, endpoint="", model="",
        seeds=card.receipt.seeds, prompts=(), calls=0, tokens=0, cost=0.0, currency="", latency_ms=0,
    )  # fmt: skip
    return replace(card, receipt=bare)


def veil_titles(seat: Seat, rows: Sequence[Sample]) -> None:
    """Takes the run off those of a list's rows that hide something, so that no line tells a model's name."""
    sights = sights_of(seat, samples=[row.pk for row in rows])
    for row in rows:
        if not sights[row.pk].names:
            row.run = None


def veil_family(seat: Seat, family: Family) -> None:
    """Takes scores and reasons off a family tree's nodes that belong to prompts which hide something."""
    nodes = list(_nodes(family.nodes))
    sights = sights_of(seat, samples=[family.sample.pk, *(node.id for node in nodes if node.kind == "sample")])
    for node in nodes:
        if not sights[node.id if node.kind == "sample" else family.sample.pk].verdicts:
            node.scores, node.reason = {}, ""


def _nodes(nodes: Sequence[Node]) -> Iterator[Node]:
    for node in nodes:
        yield node
        yield from _nodes(node.children)


def answers_of(sample: Sample) -> list[Answer]:
    """The texts of the answers to a prompt in an order that tells nothing, each once."""
    rows = Answer.objects.filter(sample=sample).order_by("pk")[:MOST_ANSWERS]
    return sorted({row.text: row for row in rows}.values(), key=lambda row: _drawn(sample.pk, row.text))


def veil_rows(seat: Seat, rows: Sequence[PinnedRow]) -> tuple[list[PinnedRow], set[int]]:
    """The rows, and the positions of those that were veiled: answers in an order that tells nothing, with neither
    model nor score."""
    prompts = {row.position: row.sample for row in rows if row.sample and isinstance(row.row, Pair | Ranking)}
    labels = {row.subject: row.position for row in rows if isinstance(row.row, FeedbackRow)}
    if labels:
        given = Feedback.objects.filter(pk__in=labels, sample__isnull=False).values_list("pk", "sample_id")
        prompts |= {labels[pk]: sample for pk, sample in given}
    sights = sights_of(seat, samples=set(prompts.values()))
    hidden = {position for position, sample in prompts.items() if not sights[sample].verdicts}
    return [_veiled(row) if row.position in hidden else row for row in rows], hidden


def emptied(row: PinnedRow) -> PinnedRow:
    """That there is a row, and nothing of it: for rows of versions whose filters tell what is kept from voters."""
    bare = Ranking(Example(""), ())
    return row._replace(subject=0, sample=None, origin="", run=None, draft=None, content_hash="", row=bare)


def sees_rows(seat: Seat, *, kind: str) -> bool:
    """Whether the person may be shown rows of this kind as a file has them: always where the file does not tell what
    was preferred, else once they looked at all."""
    return not tells_preferences(seat.project, kind=kind) or has_looked_at_all(seat)


def kind_of(choice: Choice) -> str:
    """The kind of the rows that somebody chose for an export."""
    return str(choice.version.dataset.kind if choice.version else choice.selection.kind)


def _veiled(row: PinnedRow) -> PinnedRow:
    """Chosen and rejected become two answers, a label the answer alone; where the row comes from is left out, for runs
    have models."""
    bare = _bare(row.row, salt=row.sample or 0)
    return row._replace(origin="", run=None, draft=None, content_hash="", row=bare)


def _bare(row: Row, *, salt: int) -> Row:
    if isinstance(row, Pair):
        answers: Sequence[Candidate] = (row.chosen, row.rejected)
    elif isinstance(row, Ranking):
        answers = row.answers
    else:
        return row.example if isinstance(row, FeedbackRow) else row
    told = [replace(answer, score=None, rank=None, model="", meta={}) for answer in answers]
    return Ranking(row.prompt, tuple(sorted(told, key=lambda answer: _drawn(salt, answer.text))))


def _drawn(salt: int, text: str) -> str:
    return hashlib.sha256(f"{salt} {text}".encode(errors="replace")).hexdigest()
