"""Who works on a job, and what becomes of it when its worker does not come back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fdc_project.web.states import TransitionError
from generation.actions import jobs
from generation.models import Job
from tests.cast import NOW, make_cast

pytestmark = pytest.mark.django_db

LATER = NOW + jobs.LEASE + timedelta(seconds=1)


@pytest.fixture
def job():
    cast = make_cast()
    return jobs.start_job(cast.project, kind="review.build_export", params={"a": 1}, by=cast.alice, now=NOW)


def test_a_started_job_waits_and_is_due(job):
    assert job.state == Job.State.WAITING
    assert list(Job.objects.due(NOW)) == [job]


def test_one_worker_claims_it_and_a_second_finds_nothing(job):
    held = jobs.claim_job(job.pk, owner="one", now=NOW)
    assert held is not None
    assert (held.state, held.owner, held.attempt) == (Job.State.RUNNING, "one", 1)
    assert jobs.claim_job(job.pk, owner="two", now=NOW) is None


def test_a_job_whose_time_has_not_come_is_not_claimed(job):
    Job.objects.update(not_before=NOW + timedelta(minutes=1))
    assert jobs.claim_job(job.pk, owner="one", now=NOW) is None
    assert jobs.claim_job(job.pk, owner="one", now=NOW + timedelta(minutes=1)) is not None


def test_progress_renews_the_lease_and_is_kept_for_whoever_goes_on(job):
    held = jobs.claim_job(job.pk, owner="one", now=NOW)
    jobs.save_progress(held, now=NOW + 0.9 * jobs.LEASE, cursor={"line": 7}, done=7)
    assert jobs.claim_job(job.pk, owner="two", now=NOW + 1.1 * jobs.LEASE) is None
    taken = jobs.claim_job(job.pk, owner="two", now=NOW + 2 * jobs.LEASE)
    assert (taken.cursor["line"], taken.done, taken.attempt) == (7, 7, 2)


def test_a_worker_that_comes_back_after_its_lease_writes_nothing(job):
    late = jobs.claim_job(job.pk, owner="one", now=NOW)
    jobs.claim_job(job.pk, owner="two", now=LATER)
    with pytest.raises(jobs.JobLostError):
        jobs.save_progress(late, now=LATER, done=99)
    with pytest.raises(jobs.JobLostError):
        jobs.finish_job(late, now=LATER)
    job.refresh_from_db()
    assert (job.state, job.done, job.owner) == (Job.State.RUNNING, 0, "two")


def test_a_cancelled_job_tells_its_worker_at_the_next_write(job):
    held = jobs.claim_job(job.pk, owner="one", now=NOW)
    jobs.cancel_job(job, now=NOW)
    with pytest.raises(jobs.JobLostError):
        jobs.save_progress(held, now=NOW)
    job.refresh_from_db()
    assert (job.state, job.finished_at) == (Job.State.CANCELLED, NOW)


def test_a_job_that_is_over_cannot_be_cancelled(job):
    jobs.finish_job(jobs.claim_job(job.pk, owner="one", now=NOW), now=NOW)
    with pytest.raises(TransitionError):
        jobs.cancel_job(job, now=NOW)


def test_only_a_failed_job_is_tried_again_and_from_where_it_stood(job):
    with pytest.raises(TransitionError):
        jobs.retry_job(job, now=NOW)
    held = jobs.claim_job(job.pk, owner="one", now=NOW)
    with pytest.raises(TransitionError):
        jobs.retry_job(job, now=NOW)
    jobs.save_progress(held, now=NOW, cursor={"line": 7})
    jobs.fail_job(held, message="disk_full", now=NOW)
    again = jobs.retry_job(job, now=NOW)
    assert (again.state, again.message, again.cursor) == (Job.State.WAITING, "", {"line": 7})
    assert jobs.claim_job(job.pk, owner="two", now=NOW).attempt == 2


def test_a_released_job_goes_on_when_its_time_comes(job):
    held = jobs.claim_job(job.pk, owner="one", now=NOW)
    jobs.release_job(held, now=NOW, not_before=NOW + timedelta(seconds=5))
    assert jobs.claim_job(job.pk, owner="two", now=NOW) is None
    assert jobs.claim_job(job.pk, owner="two", now=NOW + timedelta(seconds=5)) is not None


def test_a_job_that_always_kills_its_worker_is_parked(job):
    now = NOW
    for _ in range(jobs.MOST_CRASHES):
        assert jobs.claim_job(job.pk, owner="one", now=now) is not None
        now += jobs.LEASE + timedelta(seconds=1)
    assert jobs.claim_job(job.pk, owner="one", now=now) is None
    job.refresh_from_db()
    assert (job.state, job.message) == (Job.State.FAILED, "crashed_too_often")


def test_a_job_that_moves_on_between_crashes_is_not_parked(job):
    now = NOW
    for line in range(3 * jobs.MOST_CRASHES):
        held = jobs.claim_job(job.pk, owner="one", now=now)
        jobs.save_progress(held, now=now, cursor={"line": line})
        now += jobs.LEASE + timedelta(seconds=1)
    job.refresh_from_db()
    assert job.state == Job.State.RUNNING


def test_work_that_raises_fails_the_job_and_the_error_is_seen(job):
    def work(_):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        jobs.work_on(job.pk, owner="one", clock=lambda: NOW, work=work)
    job.refresh_from_db()
    assert (job.state, job.message) == (Job.State.FAILED, "unexpected")


def test_the_same_message_delivered_five_times_does_the_work_once(job):
    seen = []

    def work(held):
        seen.append(held.pk)
        jobs.finish_job(held, now=NOW)

    for _ in range(5):
        jobs.work_on(job.pk, owner="one", clock=lambda: NOW, work=work)
    assert seen == [job.pk]
