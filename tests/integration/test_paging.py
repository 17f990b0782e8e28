"""Lists go by key."""

import pytest

from fdc_project.web.paging import capped_count, page_of
from generation.models import Sample
from tests.cast import make_cast, make_samples

pytestmark = pytest.mark.django_db


@pytest.fixture
def samples():
    return make_samples(make_cast().project, 5)


@pytest.mark.parametrize("newest_first", [False, True])
def test_the_pages_together_are_the_whole_list(samples, newest_first):
    found, after = [], None
    while True:
        page = page_of(Sample.objects.all(), after=after, size=2, newest_first=newest_first)
        found += [row.pk for row in page.rows]
        if page.after is None:
            break
        after = str(page.after)
    assert found == sorted((row.pk for row in samples), reverse=newest_first)


@pytest.mark.parametrize("key", [None, "", "x", "1e9"])
def test_a_key_that_is_none_starts_at_the_beginning(samples, key):
    assert page_of(Sample.objects.all(), after=key).first


def test_a_page_costs_one_statement(samples, django_assert_num_queries):
    with django_assert_num_queries(1):
        page_of(Sample.objects.all(), after=samples[1].pk, size=2)


def test_counting_stops_at_the_cap(samples):
    assert (capped_count(Sample.objects.all(), cap=5).number, capped_count(Sample.objects.all(), cap=5).more) == (
        5,
        False,
    )
    assert (capped_count(Sample.objects.all(), cap=4).number, capped_count(Sample.objects.all(), cap=4).more) == (
        4,
        True,
    )
