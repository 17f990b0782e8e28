"""What must be true of a run's books, whatever happened while they were kept."""

from __future__ import annotations

from collections import Counter
from typing import Any


def check_books(audit: dict[str, Any], seen: dict[str, Any]) -> None:
    """Counters equal rows, money equals rows, and nothing is held back when the run is over."""
    tallies, live = Counter(audit["tallies"]), Counter(audit["live"])
    assert tallies["call.asked"] == audit["requests"]
    assert tallies["call.answered"] == live["parsed"]
    assert tallies["call.failed"] == live["failed"] + live["unknown"]
    failures = sum(count for name, count in tallies.items() if name.startswith("failure."))
    assert failures == tallies["call.failed"], "every failed call has its kind"
    assert seen["spent"] == audit["spent"]
    assert seen["maybe_billed"] == audit["maybe_billed"]
    assert audit["tokens"] == [tallies["tokens.in"], tallies["tokens.out"]]
    assert audit["numbers"] == list(range(len(audit["numbers"]))), "items are numbered without gaps"
    assert tallies["item.planned"] == len(audit["numbers"])
    for stage, state, reason, count in audit["drafts"]:
        if state != "pending":
            assert tallies[f"draft.{stage}.{reason or 'admitted'}"] == count, (stage, reason)
    assert audit["samples"] == audit["distinct"]
    if seen["state"] not in ("running", "paused"):
        assert seen["reserved"] == 0
        assert tallies["call.wire"] == 0
        ended = tallies["call.answered"] + tallies["call.failed"] + tallies["call.skipped"]
        assert tallies["call.asked"] == ended
    else:
        assert tallies["call.wire"] == live["sent"] + live["answered"]


def check_bill(audit: dict[str, Any], received: Counter[str]) -> int:
    """Every request that the server saw is in the books, and every repeat is a call that is listed as maybe billed.

    Returns the number of repeats. For scripts without faults: there, nothing else is a reason to ask again.
    """
    bodies = audit["bodies"]
    assert set(received) <= set(bodies), "the server saw a request that the books do not know"
    repeats = 0
    for request, tries in bodies.items():
        lost = sum(each["state"] == "unknown" or (each["superseded"] and each["raw"] > 0) for each in tries)
        wanted = len({tuple(each["wanted_by"]) for each in tries})
        again = max(0, received[request] - wanted)
        assert again <= lost, f"{again} repeats, {lost} listed"
        used = [each for each in tries if each["state"] == "parsed" and not each["superseded"]]
        assert len(used) <= wanted
        repeats += again
    return repeats
