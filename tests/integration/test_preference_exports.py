"""What leaves of preferences: only what stands on a ground, a prompt on one side, a set for each trainer."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from generation.actions.jobs import work_on
from generation.formats import format_named
from generation.models import PreferencePair, Sample
from review.actions.datasets import dataset_of, freeze
from review.actions.exports import build_export, file_path, start_export
from review.exporting.options import ExportOptions
from review.mixes.recipe import Recipe, Source
from review.mixes.uses import use_named
from review.models import DatasetVersion
from review.pair_rules import ground_of
from review.reports.doubts import doubts
from review.rows import pinned_rows
from review.selection import Selection
from tests.cast import NOW, Cast, make_cast, make_samples
from tests.pairs import make_answer, make_pair, make_ranking

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(settings: Any, tmp_path: Any) -> Cast:
    settings.EXPORT_ROOT = tmp_path / "exports"
    return make_cast()


def frozen(cast: Cast, kind: str, *, ratios: tuple[int, ...] = (), ready: bool = False) -> DatasetVersion:
    use = use_named("ranking" if kind == "ranking" else "preference")
    assert use is not None
    source = Source("", Selection(kind=kind, ready=ready))
    recipe = Recipe((source,), ratios=ratios, apart=use.apart, shuffle=True)
    return freeze(dataset_of(cast.project, now=NOW, name=kind, kind=kind), recipe=recipe, by=cast.alice, now=NOW)


def exported(cast: Cast, version: DatasetVersion, name: str, **options: Any) -> list[dict[str, Any]]:
    made = start_export(
        cast.project, format_name=name, by=cast.alice, now=NOW, version=version,
        options=ExportOptions(**options),
    )  # fmt: skip
    work_on(made.job_id, owner="w", clock=timezone.now, work=lambda job: build_export(job, clock=timezone.now))
    return [json.loads(line) for line in file_path(made).read_text(encoding="utf-8").splitlines()]


def test_002_18_every_exported_pair_satisfies_score_or_consistent_judge_or_people_or_rules(cast: Cast) -> None:
    grounds = itertools.product(
        ("human", "judge", "model_gap", "score", "edit", "rules", "import"),
        ("ready", "agreed", "disputed", "exportable", "held_back"), (None, True, False), (None, 0.0, 0.4, 2.0),
    )  # fmt: skip
    for at, (source, state, consistent, margin) in enumerate(grounds):
        make_pair(
            cast.project, f"Prompt {at}", "Better", "Worse", source=source, state=state, consistent=consistent,
            margin=margin,
        )  # fmt: skip
    for ready in (False, True):
        version = frozen(cast, "preference", ready=ready)
        left = PreferencePair.objects.filter(pk__in=version.pins.values("pair"))
        assert left
        for pair in left:
            waits = ready and (pair.state, pair.source) == ("ready", "import")
            assert pair.state == "exportable" or waits
            assert ground_of(pair) in ("people", "rules", "judge", "score", "import")
            if pair.source in ("judge", "model_gap", "score"):
                assert pair.consistent is not False
                assert pair.consistent or (pair.margin or 0) > 0
    assert not left.filter(source="import", state="held_back").exists()


def test_what_was_held_back_since_is_told_before_an_old_version_is_exported(cast: Cast) -> None:
    pair = make_pair(cast.project, "Why?", "Because.", "No.")
    version = frozen(cast, "preference")
    assert "held_since" not in [remark.code for remark in doubts(cast.seat("alice"), version)]
    PreferencePair.objects.filter(pk=pair.pk).update(state="held_back", reason="both_bad")
    assert [remark.values for remark in doubts(cast.seat("alice"), version) if remark.code == "held_since"] == [
        {"rows": 1}
    ]


def test_pairs_of_two_rubrics_in_one_version_are_warned_of(cast: Cast) -> None:
    for at, rubric in enumerate("aab"):
        make_pair(cast.project, f"Ask {at}", "x", "y", source="judge", consistent=True, rubric=rubric * 64)
    found = {remark.code: remark.values for remark in doubts(cast.seat("alice"), frozen(cast, "preference"))}
    assert found["rubrics_mixed"] == {"count": 2}


def test_002_26_nine_ranked_answers_are_36_pairs_on_one_side_of_the_split(cast: Cast) -> None:
    for at in range(10):
        make_ranking(cast.project, f"Ranked {at}", [f"{at} answer {number}" for number in range(9)])
    version = frozen(cast, "ranking", ratios=(80, 0, 20))
    assert version.splits == {"train": 8, "test": 2}
    train = exported(cast, version, "trl_preference", split="train")
    test = exported(cast, version, "trl_preference", split="test")
    assert (len(train), len(test)) == (8 * 36, 2 * 36)
    assert not {row["prompt"] for row in train} & {row["prompt"] for row in test}
    assert format_named("trl_preference").check(train[0]) == []


@pytest.mark.parametrize("answers", range(4, 10))
def test_002_26_k_answers_of_one_prompt_are_k_over_2_pairs(cast: Cast, answers: int) -> None:
    make_ranking(cast.project, "Which?", [f"Answer {number}" for number in range(answers)])
    assert len(exported(cast, frozen(cast, "ranking"), "preference")) == answers * (answers - 1) // 2


def test_002_25_reward_pairs_prompts_and_a_held_out_side_by_prompt_and_family(cast: Cast) -> None:
    [root] = make_samples(cast.project, [("Root", "x")])
    for at in range(20):
        prompts = make_samples(
            cast.project, [(f"Prompt {at}", "")], state=Sample.State.GENERATED, root=root if at < 3 else None
        )
        texts = [make_answer(prompts[0], f"Answer {at} {number}") for number in range(3)]
        for better, worse in itertools.combinations(texts, 2):
            PreferencePair.objects.create(
                project=cast.project, sample=prompts[0], chosen=better, rejected=worse, source="human",
                state="exportable", created_at=NOW,
            )  # fmt: skip
    version = frozen(cast, "preference", ratios=(80, 0, 20))
    assert version.splits == {"train": 48, "test": 12}
    sides: dict[str, set[str]] = {}
    for row in (row for batch in pinned_rows(version) for row in batch):
        family = "root" if row.row.prompt.instruction in {f"Prompt {at}" for at in range(3)} else ""  # type: ignore[union-attr]
        sides.setdefault(family or row.row.prompt.instruction, set()).add(row.split)  # type: ignore[union-attr]
    assert all(len(side) == 1 for side in sides.values()), "no prompt and no family on two sides"
    reward = exported(cast, version, "trl_preference_implicit_chat", split="train")
    prompts_only = exported(cast, version, "trl_prompt_only", split="train")
    held_out = exported(cast, version, "trl_preference", split="test")
    assert (len(reward), len(prompts_only), len(held_out)) == (48, 16, 12)
    assert format_named("trl_preference_implicit_chat").check(reward[0]) == []
    asked = {row["prompt"] for row in prompts_only}
    assert len(asked) == 16, "each prompt once, however many pairs it has"
    assert not asked & {row["prompt"] for row in held_out}


def test_the_page_offers_a_set_for_each_trainer_and_trains_on_the_training_side(cast: Cast, client: Client) -> None:
    for at in range(10):
        make_pair(cast.project, f"Ask {at}", "Good.", "Bad.", scores=(8.5, 3.2))
    version = frozen(cast, "preference", ratios=(80, 0, 20))
    client.force_login(cast.bob)
    page = client.get(reverse("export_new", args=["poems"]), {"version": str(version.pk)}).content.decode()
    assert "8 rows of the frozen version go into the file" in page, "the test side is left out unless it is asked for"
    for title in ("DPO, SimPO, ORPO", "Reward model", "Prompts only (GRPO, PPO)", "KTO", "Held-out evaluation"):
        assert title in page
    assert "good_from=6.25" in page, "3.5 of 5 on the scale of these scores"
    mixed = client.get(
        reverse("export_new", args=["poems"]), {"version": str(version.pk), "asked": "1"}
    ).content.decode()
    assert "All splits go into one file" in mixed


def test_002_25_help_says_what_reward_models_ppo_and_the_objectives_make_of_it(cast: Cast, client: Client) -> None:
    client.force_login(cast.bob)
    page = client.get(reverse("stages")).content.decode()
    for told in (
        "0.693147",
        "β 2 to 2.5",
        "λ 0.1 to 0.25",
        "between 1 and 4/3",
        "6 to 36 pairs",
        "PPO, GRPO",
        "Measuring",
    ):
        assert told in page
