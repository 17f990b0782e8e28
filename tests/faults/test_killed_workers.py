"""Workers are killed with -9 at named points and at random moments: nothing is lost, doubled, or paid for in secret."""

from __future__ import annotations

import json
import os
import random
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
import redis

from generation.engine.sending import places
from tests.faults.books import check_bill, check_books
from tests.faults.report import FULL, write_down
from tests.faults.scene import OVER, ROOT, Scene
from tests.faults.seeds import OWN
from tests.services import Services

SCRIPT = ROOT / "tests" / "scripted_server" / "steady.json"
EXPECTED = json.loads(SCRIPT.with_suffix(".expected.json").read_text(encoding="utf-8"))
POINTS = ("before_send", "sent", "answered", "before_commit", "after_commit")
IN_FLIGHT = 16
READY = places(IN_FLIGHT)
RANDOM_KILLS = 20 if FULL else 3
SEED = int(os.environ.get("FDC_FAULT_SEED", "20261120"))


def check_end(scene: Scene, run: int, *, kills: int, workers: int = 1) -> dict[str, Any]:
    """The run came to its end, as if nothing had happened; every repeat is listed."""
    seen = scene.until_over(run, patience=240)
    audit = scene.ask("audit", run=run)
    assert seen["state"] == EXPECTED["state"], (seen, scene.tail())
    assert seen["drafts"] == EXPECTED["drafts"]
    assert seen["samples"] == EXPECTED["samples"]
    assert {name: seen["calls"][name] for name in EXPECTED["calls"]} == EXPECTED["calls"]
    assert len(set(audit["admitted"])) == EXPECTED["params"]["target"]
    check_books(audit, seen)
    repeats = check_bill(audit, scene.received())
    assert repeats <= audit["unknown"] <= kills * READY * workers
    return {"kills": kills, "calls": seen["calls"]["asked"], "unknown": audit["unknown"], "repeats": repeats}


def test_f15_a_worker_that_dies_at_each_named_point_loses_nothing(tmp_path: Path) -> None:
    with Scene(tmp_path, SCRIPT) as scene:
        scene.prepare(OWN, max_in_flight=IN_FLIGHT, price="1")
        scene.work()
        scene.until(lambda: scene.ask("imported", job=scene.job)["state"] == "done", patience=60)
        scene.kill(scene.workers[0])
        run = scene.ask("start", params=EXPECTED["params"], budget=10**12)
        rounds = 5 if FULL else 1
        for turn in range(rounds):
            for at, point in enumerate(POINTS):
                worker = scene.work(kill_at=f"{point}:{2 + turn + at}")
                scene.until(lambda worker=worker: worker.poll() is not None, patience=60)
                scene.workers.remove(worker)
                assert worker.returncode == -9
        begun = time.monotonic()
        scene.work()
        figures = check_end(scene, run, kills=rounds * len(POINTS))
        write_down(
            test="named kill points", points=list(POINTS), seconds_to_end=round(time.monotonic() - begun, 1), **figures
        )


def test_f15_a_worker_that_dies_at_random_moments_loses_nothing(tmp_path: Path) -> None:
    chance = random.Random(SEED)
    with Scene(tmp_path, SCRIPT) as scene:
        scene.prepare(OWN, max_in_flight=IN_FLIGHT, price="1")
        worker = scene.work()
        scene.until(lambda: scene.ask("imported", job=scene.job)["state"] == "done", patience=60)
        run = scene.ask("start", params=EXPECTED["params"], budget=10**12)
        back, kills = [], 0
        while kills < RANDOM_KILLS and not _over(scene, run):
            time.sleep(chance.uniform(0.05, 0.5))
            if not _busy(scene, run):
                continue
            scene.kill(worker)
            kills += 1
            worker, seconds = _replace(scene, run)
            back.append(seconds)
        figures = check_end(scene, run, kills=kills)
        assert max(back) <= 60
        write_down(test="random kills", seed=SEED, slowest_back_at_work=round(max(back), 1), **figures)


def _busy(scene: Scene, run: int) -> list[int]:
    return [int(pid) for pid in scene.ask("at_work", run=run)]


def _replace(scene: Scene, run: int) -> tuple[subprocess.Popen[bytes], float]:
    """A new worker, and the seconds until work went on after the kill."""
    known, begun = len(scene.statement()), time.monotonic()
    worker = scene.work()
    scene.until(lambda: len(scene.statement()) > known or _over(scene, run), patience=60)
    return worker, time.monotonic() - begun


def _over(scene: Scene, run: int) -> bool:
    return scene.ask("look", run=run)["state"] in OVER


@pytest.mark.services
def test_f20_two_workers_a_kill_and_an_emptied_broker_lose_nothing(tmp_path: Path, services: Services) -> None:
    chance = random.Random(SEED)
    with Scene(tmp_path, SCRIPT, variables=services.variables) as scene:
        scene.prepare(OWN, max_in_flight=IN_FLIGHT, price="1")
        workers = {worker.pid: worker for worker in (scene.work(), scene.work())}
        scene.until(lambda: scene.ask("imported", job=scene.job)["state"] == "done", patience=60)
        run = scene.ask("start", params=EXPECTED["params"], budget=10**12)
        kills, slowest = 0, 0.0
        while kills < RANDOM_KILLS and not _over(scene, run):
            time.sleep(chance.uniform(0.05, 0.5))
            busy = [pid for pid in _busy(scene, run) if pid in workers]
            if not busy:
                continue
            if kills % 3 == 1:
                with redis.Redis.from_url(services.redis_url) as store:
                    _ = store.flushall() if FULL else store.flushdb()
            scene.kill(workers.pop(chance.choice(busy)))
            kills += 1
            fresh, seconds = _replace(scene, run)
            workers[fresh.pid] = fresh
            slowest = max(slowest, seconds)
        figures = check_end(scene, run, kills=kills, workers=2)
        assert slowest <= 60
        write_down(test="two workers, kills, FLUSHALL", seed=SEED, slowest_back_at_work=round(slowest, 1), **figures)
