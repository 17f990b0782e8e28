"""Pause, resume, cancel, retry-failed and a budget that runs out, each with 64 calls in flight."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from generation.engine.sending import places
from tests.faults.books import check_bill, check_books
from tests.faults.report import write_down
from tests.faults.scene import ROOT, Scene
from tests.faults.seeds import OWN

STEADY = ROOT / "tests" / "scripted_server" / "steady.json"
EXPECTED = json.loads(STEADY.with_suffix(".expected.json").read_text(encoding="utf-8"))
IN_FLIGHT = 64
READY = places(IN_FLIGHT)


def script(folder: Path, *, latency_ms: int, faults: dict[str, dict[str, list[dict[str, Any]]]] | None = None) -> Path:
    """The steady script with another latency, and faults by rule and arrival."""
    data = json.loads(STEADY.read_text(encoding="utf-8"))
    data["latency_ms"] = latency_ms
    for rule in data["rules"]:
        rule["faults"] = (faults or {}).get(rule["name"], {})
    path = folder / "script.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


def begin(scene: Scene, *, budget: int | None = None, until_answered: int = 60) -> int:
    """A run at work: its seeds are in, and so many calls are answered."""
    scene.prepare(OWN, max_in_flight=IN_FLIGHT, price="1")
    scene.work()
    scene.until(lambda: scene.ask("imported", job=scene.job)["state"] == "done", patience=60)
    run: int = scene.ask("start", params=EXPECTED["params"], budget=budget)
    scene.until(lambda: calls(scene, run)["answered"] >= until_answered, patience=60, pause=0.05)
    return run


def calls(scene: Scene, run: int) -> dict[str, int]:
    found: dict[str, int] = scene.ask("look", run=run)["calls"]
    return found


def check_whole(scene: Scene, run: int) -> dict[str, Any]:
    """The run came to the end that was reckoned for it."""
    seen = scene.until_over(run)
    audit = scene.ask("audit", run=run)
    assert seen["drafts"] == EXPECTED["drafts"], scene.tail()
    assert seen["state"] == "completed"
    check_books(audit, seen)
    return audit


def quiet(scene: Scene, *, seconds: float = 1.5) -> bool:
    """Whether the server hears nothing for a while."""
    before = sum(scene.received().values())
    time.sleep(seconds)
    return sum(scene.received().values()) == before


def test_a_paused_run_lets_calls_come_home_and_goes_on_where_it_stood(tmp_path: Path) -> None:
    with Scene(tmp_path, script(tmp_path, latency_ms=400)) as scene:
        run = begin(scene)
        assert scene.ask("do", verb="pause", run=run) == "paused"
        at_pause = sum(scene.received().values())
        scene.until(lambda: calls(scene, run)["on_wire"] == 0, patience=30)
        assert quiet(scene)
        after = sum(scene.received().values()) - at_pause
        assert after <= READY
        audit = scene.ask("audit", run=run)
        assert audit["unknown"] == 0
        check_books(audit, scene.ask("look", run=run))
        assert scene.ask("do", verb="resume", run=run) == "running"
        assert check_bill(check_whole(scene, run), scene.received()) == 0
        write_down(test="pause and resume at 64 in flight", sent_after_the_pause=after, repeats=0)


def test_a_cancelled_run_cuts_off_what_is_on_the_wire_and_lists_it(tmp_path: Path) -> None:
    with Scene(tmp_path, script(tmp_path, latency_ms=1500)) as scene:
        run = begin(scene, until_answered=38)
        scene.until(lambda: calls(scene, run)["on_wire"] >= 32, patience=30, pause=0.02)
        assert scene.ask("do", verb="cancel", run=run) == "stopping"
        begun = time.monotonic()
        seen = scene.until_over(run, patience=30)
        took = time.monotonic() - begun
        assert seen["state"] == "cancelled"
        assert quiet(scene)
        audit = scene.ask("audit", run=run)
        assert 0 < audit["unknown"] <= READY
        assert seen["maybe_billed"] > 0
        assert seen["items"]["cancelled"] > 0
        check_books(audit, seen)
        assert check_bill(audit, scene.received()) == 0
        write_down(test="cancel at 64 in flight", cut_off=audit["unknown"], seconds=round(took, 1))


def test_retrying_what_failed_asks_for_nothing_that_was_answered(tmp_path: Path) -> None:
    outage = [{"kind": "status", "status": 500}] * 4
    failing = {"classify b": {"3": outage, "5": outage}, "examples a": {"7": outage}, "examples c": {"2": outage}}
    with Scene(tmp_path, script(tmp_path, latency_ms=50, faults=failing)) as scene:
        run = begin(scene)
        seen = scene.until_over(run)
        assert seen["state"] == "completed_with_errors"
        assert seen["calls"]["failed"] == 4
        assert seen["items"]["failed"] == 4
        assert seen["drafts"]["self_instruct.instances"]["call_failed"] == 4
        before = scene.received()
        assert scene.ask("do", verb="retry", run=run) == 4
        audit = check_whole(scene, run)
        again = {request for request, count in scene.received().items() if count > before[request]}
        answered = {request for request, tries in audit["bodies"].items() if len(tries) == 1}
        assert not (again & answered - set(scene.received() - before))
        for request in again:
            assert before[request] in (0, 4), "only what failed, and what comes after it, is asked"
        assert scene.ask("look", run=run)["samples"] == EXPECTED["samples"]


def test_a_budget_is_kept_to_the_last_token_with_64_calls_in_flight(tmp_path: Path) -> None:
    cap = 90_000
    with Scene(tmp_path, script(tmp_path, latency_ms=100)) as scene:
        run = begin(scene, budget=cap, until_answered=5)
        scene.until(lambda: scene.ask("look", run=run)["state"] == "paused", patience=120)
        scene.until(lambda: calls(scene, run)["on_wire"] == 0, patience=30)
        seen = scene.ask("look", run=run)
        assert seen["reason"] == "budget"
        assert seen["spent"] + seen["reserved"] + seen["maybe_billed"] <= cap
        assert seen["spent"] > cap * 0.8, "the run stops when the cap is near, not long before"
        billed = sum(sum(line["billed"]) for line in scene.statement() if line["event"] == "ended")
        assert billed == seen["spent"] <= cap
        check_books(scene.ask("audit", run=run), seen)
        assert scene.ask("budget", run=run, micro=10**12) == "running"
        assert check_bill(check_whole(scene, run), scene.received()) == 0
        write_down(test="budget at 64 in flight", cap=cap, spent=seen["spent"], billed=billed)


def test_f13_a_revoked_key_pauses_the_run_once_and_resuming_goes_on(tmp_path: Path) -> None:
    refusal = {"kind": "status", "status": 401, "error": {"message": "Incorrect API key provided"}}
    with Scene(tmp_path, script(tmp_path, latency_ms=200, faults={"classify a": {"4": [refusal]}})) as scene:
        run = begin(scene)
        scene.until(lambda: scene.ask("look", run=run)["state"] == "paused", patience=60, pause=0.02)
        scene.until(lambda: calls(scene, run)["on_wire"] == 0, patience=30)
        seen = scene.ask("look", run=run)
        assert seen["reason"] == "auth"
        assert seen["calls"]["failed"] == 0
        lines = scene.statement()
        refused = next(at for at, line in enumerate(lines) if line.get("outcome") == "status")
        after = sum(line["event"] == "received" for line in lines[refused:])
        assert after <= READY
        scene.ask("do", verb="resume", run=run)
        check_whole(scene, run)
        write_down(test="revoked key at 64 in flight", calls_after_the_first_401=after)
