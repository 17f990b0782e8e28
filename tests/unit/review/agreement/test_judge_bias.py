"""A judge beside people, with the numbers worked out beforehand."""

from __future__ import annotations

import pytest

from review.agreement.judge_bias import Judged, figures_of


def test_a_judge_beside_people() -> None:
    """Ten pairs: eight that both decided for a side (six alike), one tie of people, one that nobody decided."""
    rows = [Judged("chosen", people="chosen", longer="chosen")] * 5
    rows += [Judged("rejected", people="rejected", longer="rejected")]
    rows += [Judged("chosen", people="rejected", longer="chosen")] * 2
    rows += [Judged("chosen", people="tie"), Judged("chosen", longer="rejected")]
    found = figures_of(rows)
    assert (found.agreement.value, found.agreement.n) == (0.75, 8)
    assert found.agreement.low == pytest.approx(0.4093, abs=1e-4)
    assert found.kappa.n == 9
    # with the names taken off: 6 of 9 alike, the judge's sides .5 .5, people's 4/9 4/9 and ties 1/9
    assert found.kappa.value == pytest.approx((6 / 9 - 4 / 9) / (1 - 4 / 9))
    assert (found.longer.value, found.longer.n) == (8 / 9, 9)
    assert (found.longer_there.value, found.people_longer.value) == (1.0, 0.75)
    assert "disagrees" not in found.findings()


def test_a_judge_that_follows_the_place() -> None:
    """Twelve duels: ten go to whoever stands first, two hold in both orders."""
    rows = [Judged("tie", forward="chosen", backward="rejected", first="chosen")] * 6
    rows += [Judged("tie", forward="rejected", backward="chosen", first="rejected")] * 4
    rows += [Judged("chosen", forward="chosen", backward="chosen", first="rejected")] * 2
    rows += [Judged("invalid", forward="invalid", backward="chosen")]
    found = figures_of(rows)
    assert (found.consistency.value, found.consistency.n) == (2 / 12, 12)
    assert (found.first.value, found.first.n) == (22 / 24, 24)
    assert found.first_p is not None
    assert found.first_p < 0.001
    assert (found.invalid.value, found.pairs) == (1 / 13, 13)
    assert found.findings(fooled=1) == ("fooled", "position")


def test_a_judge_that_likes_its_own_model_and_length() -> None:
    own = [Judged("chosen", own="chosen", longer="rejected", people="rejected")] * 12
    own += [Judged("rejected", own="rejected", longer="rejected", people="rejected")] * 8
    found = figures_of(own)
    assert (found.own_there.value, found.people_own.value) == (1.0, 0.4)
    assert (found.longer_there.value, found.people_longer.value) == (0.4, 1.0)
    assert found.findings() == ("disagrees", "self")
    turned = [Judged("chosen", longer="chosen", people="chosen" if n % 2 else "rejected") for n in range(40)]
    assert figures_of(turned).findings() == ("disagrees", "length")


def test_nothing_is_said_of_a_judge_that_nobody_checked() -> None:
    found = figures_of([Judged("chosen", forward="chosen", backward="chosen")] * 3)
    assert (found.agreement.value, found.kappa.value, found.people_longer.value) == (None, None, None)
    assert (found.first.value, found.first_p, found.findings()) == (0.5, 1.0, ())
    assert figures_of([]).invalid.value is None
