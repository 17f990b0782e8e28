"""A run that was killed goes on with what it began with: a part that was changed meanwhile is noticed, not mixed in."""

from __future__ import annotations

import pytest

from generation.models import Call, Endpoint, Item, Run
from tests.integration.test_parts import asked, begin, cast, servers  # noqa: F401 - fixtures
from tests.runs import work_through

pytestmark = pytest.mark.django_db(transaction=True)


def killed(run: Run) -> Run:
    """The run as a kill leaves it: every call answered and stored, the last item not yet finished."""
    last = Item.objects.filter(run=run).order_by("-pk")[0]
    last.drafts.all().delete()
    Item.objects.filter(pk=last.pk).update(state="planned", admitted=False, failure="", owner="")
    Run.objects.filter(pk=run.pk).update(state="running", finished_at=None)
    return Run.objects.get(pk=run.pk)


def test_a_part_with_another_model_fails_what_was_half_done_and_pays_for_nothing_twice(cast, servers, asked):  # noqa: F811
    run = killed(work_through(begin(cast, asked)))
    sent = [len(server.bodies) for server in servers]
    calls = list(Call.objects.order_by("pk").values_list("pk", "model", "text"))
    parts = {"teacher": run.parts["teacher"] | {"model": "m-other"}}
    Run.objects.filter(pk=run.pk).update(parts=parts)
    again = work_through(Run.objects.get(pk=run.pk))
    assert again.state.startswith("completed")
    failed = Item.objects.filter(run=run).exclude(failure="")
    assert list(failed.values_list("failure", flat=True)) == ["recipe_changed"]
    assert [len(server.bodies) for server in servers] == sent
    assert list(Call.objects.order_by("pk").values_list("pk", "model", "text")) == calls


def test_an_address_that_was_changed_under_a_key_is_sent_nothing(cast, servers, asked):  # noqa: F811
    run = killed(work_through(begin(cast, asked)))
    sent = [len(server.bodies) for server in servers]
    Endpoint.objects.filter(pk=asked[1].pk).update(base_url=servers[0].base_url)
    again = work_through(run)
    assert (again.state, again.pause_reason) == ("paused", "auth")
    assert [len(server.bodies) for server in servers] == sent
