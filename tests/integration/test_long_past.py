"""A sample with a long past still has a page that opens at once."""

from __future__ import annotations

import pytest

from generation.models import Revision
from review.reports.browse import MOST_SHOWN, steps_of
from tests.cast import NOW, make_cast, make_samples

pytestmark = pytest.mark.django_db


def test_the_newest_revisions_are_shown_each_with_the_one_before_it():
    sample = make_samples(make_cast().project, 1)[0]
    sample.first_revision().save()
    Revision.objects.bulk_create(
        Revision(sample=sample, number=number, instruction=f"v{number}", content_hash=str(number), created_at=NOW)
        for number in range(2, MOST_SHOWN + 12)
    )
    steps = steps_of(sample)
    assert [step.revision.number for step in steps] == list(range(MOST_SHOWN + 11, 11, -1))
    assert all(step.before and step.before.number == step.revision.number - 1 for step in steps)


def test_the_first_revision_has_none_before_it():
    (step,) = steps_of(make_samples(make_cast().project, 1)[0])
    assert step.before is None
