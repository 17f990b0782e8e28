"""One run over many workers, on PostgreSQL and Redis: nothing lost, nothing twice, one pace for all, and fair shares.

Full counts only: each scene takes half a minute, because a pace is measured in calls a minute.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faults.report import FULL, write_down
from tests.faults.scene import Scene
from tests.scripted_server.beside import serving
from tests.services import Services

pytestmark = [pytest.mark.services, pytest.mark.skipif(not FULL, reason="half a minute each: only in `make trust`")]

RECORD = json.dumps([{"instruction": "Where does the {w1} {w2} keep its {w3}?", "input": "", "output": "In the {w4}."}])
QUICK = {"latency_ms": 50, "rules": [{"name": "all", "match": "", "replies": [RECORD]}]}
STUCK = {"rules": [{"name": "all", "match": "", "replies": [RECORD], "every_fault": [
    {"kind": "hang", "from": 0.0, "to": 1.0, "times": 99}]}]}  # fmt: skip
PER_MINUTE = 1200
SOURCES = {
    "seeds": [{"instruction": "Where does the crow sleep?", "instances": [{"input": "", "output": "In the elm."}]}],
    "vocabulary": {"birds": [f"bird {number}" for number in range(800)]},
}


@pytest.fixture
def scene(tmp_path: Path, services: Services):
    script = tmp_path / "script.json"
    script.write_text(json.dumps(QUICK))
    with Scene(tmp_path, script, variables=services.variables) as ready:
        ready.prepare(None, max_in_flight=64, price="1")
        ready.ask("planted", sources=SOURCES, language="en")
        yield ready


def started(scene: Scene, calls: int, *, endpoint: str = "Scripted") -> int:
    """A run of so many single calls."""
    params = {"generate_times": calls, "random_seed_num": 1, "records_per_call": 1, "entity_drawing": "stratified"}
    return scene.ask("start", params=params, recipe="domain_generation", endpoint=endpoint)


def check_whole(scene: Scene, run: int, *, calls: int) -> None:
    """Every call was answered once, no item is open, and the rows agree with the server's own log."""
    end, rows = scene.until_over(run), scene.ask("audit", run=run)
    assert end["state"] == "completed"
    assert end["calls"]["answered"] == calls == rows["requests"]
    assert rows["items"] == {"done": calls}
    assert max(len(each) for each in rows["bodies"].values()) == 1, "no request was sent twice"


@pytest.mark.parametrize("workers", [2, 4])
def test_many_workers_keep_one_pace_and_neither_lose_nor_repeat(scene, workers):
    scene.ask("pace", endpoint="Scripted", per_minute=PER_MINUTE)
    for _ in range(workers):
        scene.work()
    calls = 700
    run = started(scene, calls)
    scene.until_over(run, patience=150)
    check_whole(scene, run, calls=calls)
    assert set(scene.answered().values()) == {1}
    assert len(scene.answered()) == calls
    times = sorted(line["t"] for line in scene.statement() if line["event"] == "received")
    steady = [moment for moment in times if times[0] + 3 <= moment <= times[-1] - 1]
    pace = (len(steady) - 1) / (steady[-1] - steady[0]) * 60
    seconds = Counter(int(moment - times[0]) for moment in steady)
    write_down(
        scene="width", workers=workers, calls=calls, per_minute=PER_MINUTE, measured=round(pace, 1),
        busiest_second=max(seconds.values()),
    )  # fmt: skip
    assert abs(pace / PER_MINUTE - 1) <= 0.02, sorted(seconds.items())


def test_two_runs_at_one_endpoint_go_forward_side_by_side(scene):
    scene.ask("pace", endpoint="Scripted", per_minute=PER_MINUTE)
    for _ in range(2):
        scene.work()
    runs = [started(scene, 400), started(scene, 401)]
    scene.until(lambda: sum(done(scene, run) for run in runs) >= 400, patience=120)
    shares = [done(scene, run) for run in runs]
    write_down(scene="fair shares of two runs", calls_of_each=shares)
    assert max(shares) / min(shares) <= 1.5


def test_a_stuck_provider_holds_up_nobody_else(scene, tmp_path):
    with beside(tmp_path / "stuck") as base_url:
        scene.ask("another", called="Stuck", base_url=base_url)
        scene.work()
        stuck = [started(scene, 200 + at, endpoint="Stuck") for at in range(6)]
        scene.until(lambda: any(scene.ask("look", run=run)["calls"]["on_wire"] for run in stuck), patience=30)
        quick = started(scene, 300)
        scene.until_over(quick, patience=40)
        check_whole(scene, quick, calls=300)
        write_down(scene="a stuck provider", runs_stuck=len(stuck), calls_answered_beside_them=300)
        for run in stuck:
            scene.ask("do", verb="cancel", run=run)


@contextmanager
def beside(folder: Path) -> Iterator[str]:
    """A second server, on which every call hangs; its address."""
    folder.mkdir()
    script = folder / "script.json"
    script.write_text(json.dumps(STUCK))
    with serving(script, folder) as served:
        yield served.base_url


def done(scene: Scene, run: int) -> int:
    """Answered calls of the run."""
    return int(scene.ask("look", run=run)["calls"]["answered"])
