"""From blind choices to files for training, by keys and with scripting off."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from review.models import Judgement
from tests.cast import make_cast
from tests.journeys.conftest import session_of
from tests.journeys.preferences_trip import CAREFUL, CHOICES, HASTY, RATED, STEPS, Preferences, make_scene

pytestmark = pytest.mark.django_db(transaction=True)
RANKS = {"south": 1, "north": 2, "west": 2, "east": 3}
"""A tie in the middle: five pairs of the six that four answers can make."""
BETTER = {("south", "north"), ("south", "west"), ("south", "east"), ("north", "east"), ("west", "east")}


@pytest.mark.parametrize("script", [True, False], ids=["by keys", "without scripting"])
def test_what_people_prefer_is_what_the_files_say(
    visit: Callable[..., Page], live_server: LiveServer, settings, tmp_path: Path, script: bool
) -> None:
    settings.EXPORT_ROOT = tmp_path / "exports"
    scene = make_scene(make_cast())
    page = visit(java_script_enabled=script)
    bob = scene.cast.bob
    for name, value in session_of(bob).items():
        page.context.add_cookies([{"name": name, "value": value, "url": live_server.url}])
    trip = Preferences(page, live_server.url, bob, script=script)

    trip.open_round("Choices", pairs="ready")
    trip.straight_on()
    for _ in range(CHOICES - 1):
        trip.choose("A careful")
    trip.choose_edited("A careful", more=" In my words.")
    trip.saved()
    trip.open_round("Order", kind="rank", task_type="steps")
    trip.rank(RANKS)
    trip.saved()
    trip.settle(scene.disputed, "careful")
    trip.open_round("Good or bad", kind="rate", of="outputs")
    for _ in range(RATED):
        trip.rate()
    trip.saved()

    mine = Judgement.objects.filter(person=bob, live=True)
    assert mine.filter(action="vote").count() == CHOICES + 1 + RATED
    assert not mine.filter(unblinded=True).exists()
    trl, factory = trip.export("preference", ["trl_preference", "llama_factory_preference"], tmp_path)
    assert said(trl) == {(row["chosen"], row["rejected"]) for row in factory} == expected()
    assert {"Longer answer wins", "Lexical leakage", "Source model"} <= set(trip.report())
    labels, kto = trip.export("kto", ["trl_unpaired", "llama_factory_kto"], tmp_path)
    assert (
        sorted((row["completion"].split()[1], row["label"]) for row in labels)
        == [("bad", False)] * 4 + [("good", True)] * 6
    )
    assert len(kto) == RATED


def said(rows: list[dict[str, str]]) -> set[tuple[str, str]]:
    return {(row["chosen"], row["rejected"]) for row in rows}


def expected() -> set[tuple[str, str]]:
    """What was preferred to what: 20 choices, one of them settled by an editor, one edited, five of the ranking."""
    chosen = {(CAREFUL.format(n), HASTY.format(n)) for n in [*range(CHOICES - 1), 99]}
    edited = {(CAREFUL.format(CHOICES - 1) + " In my words.", HASTY.format(CHOICES - 1))}
    steps = {text.split()[1]: text for text in STEPS}
    return chosen | edited | {(steps[better], steps[worse]) for better, worse in BETTER}
