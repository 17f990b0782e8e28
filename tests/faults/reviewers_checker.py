"""Compares what reviewers saw with what the database holds. It reads plain SQL and shares no code with FDC."""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path

from tests.faults.reviewers import Reviewer

STATE_OF = {"approve": "approved", "edit_approve": "approved", "reject:1": "rejected", "skip": "needs_review"}


def faults_in(database: Path, reviewers: list[Reviewer], *, finished: bool) -> list[str]:
    """Every promise that was broken, as a sentence. `finished` says that all samples must be decided by now."""
    rows = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    found = [fault for each in reviewers for fault in each.faults]
    found += _acknowledged(rows, reviewers)
    found += _decided_twice(rows)
    found += _broken_chains(rows)
    found += _held_by_two(reviewers)
    found += _wrong_tallies(rows)
    if finished:
        left = rows.execute("SELECT count(*) FROM generation_sample WHERE state = 'needs_review'").fetchone()[0]
        by_all = rows.execute(
            "SELECT count(*) FROM (SELECT sample_id FROM review_decision WHERE action = 'skip'"
            " GROUP BY sample_id HAVING count(DISTINCT person_id) = ?)", [len(reviewers)]
        ).fetchone()[0]  # fmt: skip
        found += [f"{left - by_all} samples were lost: undecided, and offered to nobody"] if left > by_all else []
    return found


def _acknowledged(rows: sqlite3.Connection, reviewers: list[Reviewer]) -> list[str]:
    stored = Counter(rows.execute("SELECT person_id, key FROM review_decision").fetchall())
    sent = {(event.client, event.key) for each in reviewers for event in each.events}
    found = [f"{key} is stored {n} times" for key, n in stored.items() if n > 1]
    found += [f"{key} is stored, but nobody sent it" for key in stored if key not in sent]
    for each in reviewers:
        for event in each.events:
            there = stored[event.client, event.key]
            if event.outcome == "ok" and not there:
                found.append(f"{event.key} was acknowledged and is not there")
            if event.outcome == "ok" and event.op != "skip" and event.state != STATE_OF[event.op]:
                found.append(f"{event.key} said {event.op} and was answered {event.state}")
            if event.outcome == "conflict" and there:
                found.append(f"{event.key} was refused and is there")
    return found


def _decided_twice(rows: sqlite3.Connection) -> list[str]:
    query = (
        "SELECT sample_id, count(*) FROM review_decision WHERE action IN ('approve', 'reject')"
        " GROUP BY sample_id HAVING count(*) > 1"
    )
    return [f"sample {sample} was decided {n} times" for sample, n in rows.execute(query)]


def _broken_chains(rows: sqlite3.Connection) -> list[str]:
    versions: dict[int, list[int]] = defaultdict(list)
    for sample, version in rows.execute("SELECT sample_id, version FROM review_decision WHERE action != 'skip'"):
        versions[sample].append(version)
    found = []
    for sample, state, version in rows.execute("SELECT id, state, version FROM generation_sample"):
        chain = sorted(versions[sample])
        if chain != list(range(2, version + 1)):
            found.append(f"sample {sample} ({state}) is at version {version} by the decisions {chain}")
    return found


def _held_by_two(reviewers: list[Reviewer]) -> list[str]:
    """Two people had one sample before them at the same time."""
    by_sample = defaultdict(list)
    for each in reviewers:
        for holding in each.holdings:
            by_sample[holding.sample].append(holding)
    found = []
    for sample, holdings in by_sample.items():
        holdings.sort(key=lambda holding: holding.since)
        for one, next_one in pairwise(holdings):
            if one.client != next_one.client and next_one.since < one.until:
                found.append(f"sample {sample} was held by {one.client} and {next_one.client} at once")
    return found


def _wrong_tallies(rows: sqlite3.Connection) -> list[str]:
    told = dict(rows.execute("SELECT state, sum(count) FROM generation_tally WHERE kind = 'sample' GROUP BY state"))
    real = dict(rows.execute("SELECT state, count(*) FROM generation_sample GROUP BY state"))
    told = {state: n for state, n in told.items() if n}
    return [] if told == real else [f"tallies say {told}, the rows say {real}"]
