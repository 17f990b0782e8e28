"""A crowd that compares over HTTP, whatever fails, and a checker that shares no code with FDC and reads plain SQL."""

from __future__ import annotations

import re
import sqlite3
import time
import uuid
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg

from tests.faults.reviewers import Holding, Reviewer

CARD = re.compile(r'data-card="(\d+)" data-version="(\d+)"')
WANTED = 3
Ask = Callable[[str], list[tuple[Any, ...]]]


class Comparer(Reviewer):
    """One person who votes by key: two cards, one request a vote, the same key again."""

    page, post = "/p/crowd/compare/1", "/p/crowd/compare/1/judge"

    def received(self, html: str, desk: dict[int, tuple[str, str]]) -> dict[int, tuple[str, str]]:
        """The desk with the cards in this answer on it."""
        for found in CARD.finditer(html):
            if int(found[1]) not in desk:
                self.holdings.append(Holding(self.person, int(found[1]), time.monotonic()))
            desk[int(found[1])] = (found[2], "")
        return desk

    def decide(self, desk: dict[int, tuple[str, str]]) -> dict[int, tuple[str, str]]:
        """Votes on the first card, as often as it takes to get an answer; sometimes the same key once more."""
        pk, (version, _) = next(iter(desk.items()))
        # Nobody skips towards the end: there might be nobody left who could take over.
        skips = 0 if len(self.events) > 8 else 20
        say = self.rng.choices(["left", "right", "tie", "skip"], [45, 40, 12, skips])[0]
        rest = {other: seen for other, seen in desk.items() if other != pk}
        fields: dict[str, object] = {
            "comparison": pk, "sample": pk, "version": version, "key": uuid.uuid4().hex, "say": say,
            "have": ",".join(map(str, rest)),
        }  # fmt: skip
        answer = self.until_answered(say, fields)
        if answer is None:
            return {}
        for holding in self.holdings:
            if holding.sample == pk and holding.until == float("inf"):
                holding.until = time.monotonic()
        if answer["saved"] and self.rng.random() < 0.05:
            self.again(fields, answer)
        for html in answer["cards"].values():
            self.received(html, rest)
        return rest

    def again(self, fields: dict[str, object], first: dict[str, Any]) -> None:
        """The same key, saying something else: nothing more may be written."""
        status, _ = self.ask("POST", self.post, {**fields, "say": "tie", "have": "0,1"})
        if status not in (0, 200, 502, 503):
            self.faults.append(f"key {fields['key']} was saved and then refused with {status}")


def asking(where: Path | str) -> Ask:
    """A function that runs a query on a SQLite file or on a PostgreSQL database."""

    def ask(query: str) -> list[tuple[Any, ...]]:
        if isinstance(where, Path):
            with sqlite3.connect(f"file:{where}?mode=ro", uri=True) as rows:
                return rows.execute(query).fetchall()
        with psycopg.connect(where) as connection:
            return connection.execute(query).fetchall()  # type: ignore[arg-type]

    return ask


def faults_in(ask: Ask, people: list[Comparer], *, pairs: int) -> list[str]:
    """Every promise that was broken, as a sentence."""
    found = [fault for each in people for fault in each.faults]
    votes = ask("SELECT comparison_id, person_id, slot FROM review_judgement WHERE action = 'vote' AND live")
    per_pair, per_person = Counter(row[0] for row in votes), Counter(row[:2] for row in votes)
    found += [f"comparison {pk} has {n} votes" for pk, n in per_pair.items() if n > WANTED]
    found += [f"person {who} voted {n} times on {pk}" for (pk, who), n in per_person.items() if n > 1]
    if missing := pairs * WANTED - len(votes):
        found.append(f"{missing} votes were lost: nobody was asked for them any more")
    for pk, counted, wanted, state in ask("SELECT id, votes, wanted, state FROM review_comparison"):
        if counted != per_pair[pk] or (state == "open") != (counted < wanted):
            found.append(f"comparison {pk} is {state}, counts {counted} votes and has {per_pair[pk]}")
    return found + _acknowledged(ask, people) + _held(people) + _tallies(ask)


def _acknowledged(ask: Ask, people: list[Comparer]) -> list[str]:
    stored = Counter(ask("SELECT person_id, key FROM review_judgement"))
    found = [f"{key} is stored {n} times" for key, n in stored.items() if n > 1]
    for event in (event for each in people for event in each.events):
        there = stored[event.client, event.key]
        if (event.outcome == "ok") != bool(there) and event.outcome != "unknown":
            found.append(f"{event.key} was answered {event.outcome} and is stored {there} times")
    return found


def _held(people: list[Comparer]) -> list[str]:
    """Nobody may have the same comparison before them again once it was answered, nor more than three at once."""
    found, by_pair = [], defaultdict(list)
    for each in people:
        answered = {event.sample for event in each.events if event.outcome == "ok"}
        shown = Counter(holding.sample for holding in each.holdings if holding.until != float("inf"))
        found += [f"{each.person} was shown {pk} {n} times" for pk, n in shown.items() if n > 1 and pk in answered]
        for holding in each.holdings:
            by_pair[holding.sample].append(holding)
    for pk, holdings in by_pair.items():
        moments = sorted([(h.since, 1) for h in holdings] + [(h.until, -1) for h in holdings])
        at_once = most = 0
        for _, step in moments:
            at_once += step
            most = max(most, at_once)
        if most > WANTED:
            found.append(f"comparison {pk} was before {most} people at once")
    return found


def _tallies(ask: Ask) -> list[str]:
    counted = "SELECT state, sum(count) FROM generation_tally WHERE kind = 'pair' GROUP BY state"
    real = {str(state): n for state, n in ask("SELECT state, count(*) FROM generation_preferencepair GROUP BY state")}
    told = {str(state): int(n) for state, n in ask(counted) if n}
    return [] if told == real else [f"tallies say {told}, the rows say {real}"]
