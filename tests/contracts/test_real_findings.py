"""What the checks say of public files is held against what a person said of each finding."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.real_findings import at_hand, judged, key, refreshed

LEAST = 0.93
"""Of all findings of a code that is found ten times or more."""


def test_every_finding_is_judged_once_with_a_reason():
    lines = judged()
    assert max(Counter(map(key, lines)).values()) == 1
    assert all(line["why"] and (line["then"] or line["now"]) for line in lines)


def test_what_is_found_in_public_files_is_right():
    found, right = Counter(), Counter()
    for line in judged():
        if line["now"]:
            found[line["code"]] += 1
            right[line["code"]] += line["right"]
    assert {
        code: right[code] / count for code, count in found.items() if count >= 10 and right[code] < LEAST * count
    } == {}
    assert sum(right.values()) >= 0.98 * sum(found.values())


@pytest.mark.skipif(not at_hand(), reason="the public files are not at hand")
def test_the_files_are_judged_as_they_are_found_now():
    assert refreshed() == judged(), "run `make checks`"
