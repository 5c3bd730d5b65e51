"""What an audit will cost."""

from __future__ import annotations

from functools import partial
from types import SimpleNamespace

import pytest

from labelclean import estimate
from labelclean.config import AuditConfig
from labelclean.dataset import Dataset
from labelclean.estimate import estimate_run, needs_bounds
from labelclean.features.estimate import estimate_views
from tests.messages import messages


def sample(n_rows: int = 900, *, n_classes: int = 3) -> Dataset:
    """Return messages with as many classes as wanted."""
    texts, _, _ = messages(n_rows)
    return Dataset.from_labels(texts, [f"class {row % n_classes}" for row in range(n_rows)])


def test_where_there_is_memory_the_texts_are_read_whole() -> None:
    """A small file on any machine: some seconds at most, some megabytes, nothing to be said."""
    found = estimate_run(sample(), AuditConfig(), free_bytes=2**34)

    assert not found.bounded
    assert found.message == ""
    assert 0 < found.seconds < 60
    assert 2**16 < found.peak_bytes < 2**28


def test_where_memory_is_short_less_is_read_and_that_is_said() -> None:
    """The whole would not fit, hashed words do."""
    data = sample()
    whole = estimate_run(data, AuditConfig(bounded=False), free_bytes=2**34)
    least = estimate_run(data, AuditConfig(bounded=True), free_bytes=2**34)
    between = int((whole.peak_bytes + least.peak_bytes) / 2 / 0.7)

    found = estimate_run(data, AuditConfig(), free_bytes=between)

    assert found.bounded
    assert found.peak_bytes == least.peak_bytes < whole.peak_bytes
    assert "needs less memory" in found.message
    assert "would not fit" in found.message


def test_where_not_even_that_fits_it_is_said() -> None:
    """The run may go wrong, and the way out is named; a share of the memory stays free."""
    data = sample()
    least = estimate_run(data, AuditConfig(bounded=True), free_bytes=2**34).peak_bytes

    found = estimate_run(data, AuditConfig(), free_bytes=least)

    assert found.bounded
    assert found.message == ("That is more memory than this machine has free: close other programs, or use fewer rows.")


@pytest.mark.parametrize("bounded", [False, True])
def test_what_the_options_say_is_done(*, bounded: bool) -> None:
    """However much memory there is; who chose knows why."""
    roomy = estimate_run(sample(), AuditConfig(bounded=bounded), free_bytes=2**34)
    tight = estimate_run(sample(), AuditConfig(bounded=bounded), free_bytes=1)

    assert roomy.bounded == tight.bounded == bounded
    assert "would not fit" not in roomy.message
    assert "more memory than this machine has free" in tight.message


def test_the_machines_free_memory_counts_where_none_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the system reports it."""
    monkeypatch.setattr("psutil.virtual_memory", lambda: SimpleNamespace(available=1))

    assert estimate_run(sample(), AuditConfig()).bounded


def test_more_rows_classes_and_folds_cost_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the same speed of the machine each time."""
    monkeypatch.setattr(estimate, "_seconds_a_product", lambda: 1e-8)
    monkeypatch.setattr(estimate, "estimate_views", partial(estimate_views, clock=lambda: 0.0))

    def cost(data: Dataset, **options: int) -> tuple[float, int]:
        found = estimate_run(data, AuditConfig(**options), free_bytes=2**40)  # type: ignore[arg-type]  # by name
        return found.seconds, found.peak_bytes

    plain = cost(sample(n_classes=30))

    assert cost(sample(9_000, n_classes=30))[0] > plain[0]
    assert cost(sample(9_000, n_classes=30))[1] > 3 * plain[1]
    assert cost(sample(n_classes=90))[1] > plain[1]
    assert cost(sample(n_classes=90))[0] > plain[0]
    assert cost(sample(n_classes=30), n_folds=50)[0] > plain[0]


def test_small_data_fit_without_being_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is read for the answer; nor where the options give it."""
    monkeypatch.setattr(estimate, "estimate_run", lambda *_: pytest.fail("It was measured."))

    assert not needs_bounds(sample(), AuditConfig())
    assert needs_bounds(sample(), AuditConfig(bounded=True))
    assert not needs_bounds(sample(), AuditConfig(bounded=False))


@pytest.mark.parametrize("is_short", [False, True])
def test_large_data_are_measured(monkeypatch: pytest.MonkeyPatch, *, is_short: bool) -> None:
    """Here everything is large."""
    monkeypatch.setattr(estimate, "_SURELY_FITS", 1)
    monkeypatch.setattr("psutil.virtual_memory", lambda: SimpleNamespace(available=1 if is_short else 2**40))

    assert needs_bounds(sample(), AuditConfig()) == is_short
