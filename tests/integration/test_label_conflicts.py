"""The same answer called good and bad is listed."""

from __future__ import annotations

import pytest

from review.reports.label_conflicts import label_conflicts
from tests.cast import make_cast
from tests.pairs import make_feedback


@pytest.mark.django_db
def test_003_23_the_same_prompt_and_completion_with_both_labels_is_listed() -> None:
    cast = make_cast()
    said = [("Why?", "Because.", True), ("Why?", "Because.", False), ("Why?", "So.", False), ("How?", "Because.", True)]
    make_feedback(cast.project, said)
    make_feedback(cast.other_project, [("How?", "Because.", False)])
    [found] = label_conflicts(cast.project)
    assert (found.prompt, found.completion, found.good, found.bad) == ("Why?", "Because.", 1, 1)
