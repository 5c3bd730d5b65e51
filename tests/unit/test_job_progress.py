"""What is said of a job under way: the time left, and progress written not too often."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from labelclean import jobs
from labelclean.store.records import JobRecord, JobState
from labelclean.worker import ThrottledProgress

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def running(fraction: float, *, seconds: float = 30.0, state: JobState = JobState.RUNNING) -> JobRecord:
    """Make the record of a job that has run for some time."""
    started = NOW - timedelta(seconds=seconds)
    return JobRecord(
        id="j",
        project_id="p",
        kind="audit",
        options={},
        state=state,
        step="",
        fraction=fraction,
        pid=1,
        message="",
        fix="",
        created_at=started,
        started_at=started,
        updated_at=NOW,
        finished_at=None,
    )


@pytest.mark.parametrize(
    ("fraction", "seconds"), [(0.0, None), (0.049, None), (0.05, 570.0), (0.5, 30.0), (0.75, 10.0), (1.0, 0.0)]
)
def test_time_left_follows_from_what_is_done(fraction: float, seconds: float | None) -> None:
    """Thirty seconds ago it began; under five percent nothing is said."""
    left = jobs.seconds_left(running(fraction), NOW)

    assert left == (None if seconds is None else pytest.approx(seconds))


def test_a_job_that_does_not_run_has_no_time_left() -> None:
    """Queued and done."""
    assert jobs.seconds_left(running(0.5, state=JobState.QUEUED), NOW) is None
    assert jobs.seconds_left(running(1.0, state=JobState.DONE), NOW) is None


class Clock:
    """Seconds that a test moves by hand."""

    now = 0.0

    def __call__(self) -> float:
        """Tell the time."""
        return self.now


def test_progress_is_written_at_most_five_times_in_any_second() -> None:
    """A thousand calls in ten seconds, the steps changing all the time."""
    clock, times = Clock(), list[float]()
    progress = ThrottledProgress(lambda step, fraction: times.append(clock.now), clock)  # noqa: ARG005  (only when)

    for number in range(1000):
        clock.now = number / 100
        progress(f"step {number % 7}", number / 1000)

    assert 40 <= len(times) <= 50
    assert all(sum(1 for other in times if time <= other < time + 1.0) <= 5 for time in times)


def test_a_new_step_is_written_at_once() -> None:
    """A long step must not stand under the name of the short one before it."""
    clock, written = Clock(), list[tuple[str, float]]()
    progress = ThrottledProgress(lambda step, fraction: written.append((step, fraction)), clock)

    progress("Reading", 0.0)
    clock.now = 0.05
    progress("Reading", 0.05)
    clock.now = 0.06
    progress("Training", 0.1)

    assert written == [("Reading", 0.0), ("Training", 0.1)]


def test_written_progress_never_falls() -> None:
    """Even if a step says so, or goes beyond the end."""
    clock, written = Clock(), list[float]()
    progress = ThrottledProgress(lambda step, fraction: written.append(fraction), clock)  # noqa: ARG005  (only how far)

    for fraction in (0.2, 0.5, 0.4, 1.5):
        clock.now += 1.0
        progress("Training", fraction)

    assert written == [0.2, 0.5, 0.5, 1.0]
