"""The funnel's picture is true to scale."""

import re

from hypothesis import given
from hypothesis import strategies as st

from review.reports.funnel import FULL, Funnel, draw, funnel_from


def edges(funnel: Funnel) -> dict[tuple[str, float], float]:
    """(colour, x) -> height of the solid edges."""
    found = {}
    for band in draw(funnel).bands:
        if match := re.fullmatch(r"M([\d.]+),[\d.]+h4v([\d.]+)h-4Z", band.path):
            found[band.classes, float(match[1])] = float(match[2])
    return found


def test_tallies_become_the_funnel():
    funnel = funnel_from({"active": 7}, {"filtered": 1, "approved": 2, "rejected": 3, "needs_review": 4}, exported=2)
    assert (funnel.seeds, funnel.generated, funnel.decided, funnel.exported) == (7, 10, 5, 2)


def test_the_largest_band_fills_the_picture_and_half_of_it_half():
    heights = edges(Funnel(seeds=0, waiting=0, filtered=0, needs_review=50, approved=50, rejected=0, exported=25))
    assert heights["f-acc", 165.0] == FULL
    assert heights["f-ok", 660.0] == FULL / 2
    assert heights["f-ok", 825.0] == FULL / 4


def test_nothing_rejected_draws_no_red():
    picture = draw(Funnel(seeds=1, waiting=0, filtered=0, needs_review=5, approved=5, rejected=0, exported=0))
    assert not [band for band in picture.bands if "f-bad" in band.classes]


counts = st.integers(0, 10_000)


@given(
    st.builds(
        Funnel,
        seeds=counts,
        waiting=counts,
        filtered=counts,
        needs_review=counts,
        approved=counts,
        rejected=counts,
        exported=counts,
    )
)
def test_no_band_leaves_the_picture(funnel):
    picture = draw(funnel)
    for band in picture.bands:
        figures = [float(figure) for figure in re.findall(r"-?\d+\.\d+", band.path)]
        assert all(0 <= x <= 990 for x in figures[::2] if "C" in band.path)
        assert all(-0.1 <= y <= picture.height + 1 for y in figures[1::2] if "C" in band.path)
