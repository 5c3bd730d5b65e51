"""Made texts, and what auditing them may take."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from tests.benchmarks.detection_made import make_texts
from tests.benchmarks.detection_reranking import made_signals, rerank_made
from tests.benchmarks.detection_results import Measured
from tests.benchmarks.detection_scale import PARTS, Part, audit_made


def test_made_texts_depend_on_the_seed_alone() -> None:
    """Another seed, other texts."""
    first, again, other = (make_texts(50, 3, seed=seed) for seed in (1, 1, 2))

    assert first.texts == again.texts != other.texts
    assert first.given.tolist() == again.given.tolist()


def test_a_planted_error_is_another_class() -> None:
    """At rate 1 every label is wrong, at rate 0 none; a tenth by default, give or take five standard deviations."""
    assert (make_texts(200, 2, error_rate=1.0).given == 1 - make_texts(200, 2, error_rate=1.0).true).all()
    none, some = make_texts(200, 5, error_rate=0.0), make_texts(4000, 5)

    assert (none.given == none.true).all()
    assert np.mean(some.given != some.true) == pytest.approx(0.1, abs=5 * (0.1 * 0.9 / 4000) ** 0.5)


def test_a_few_words_are_common_and_most_are_rare() -> None:
    """As in real texts: of the different words about half come once; lengths are 4 to 18 words."""
    made = make_texts(5000, 10)
    counts = Counter(word for text in made.texts for word in text.split())

    assert {len(text.split()) for text in made.texts} == set(range(4, 19))
    assert 0.4 < np.mean([count == 1 for count in counts.values()]) < 0.7
    assert max(counts.values()) > 0.02 * sum(counts.values())


def test_a_part_is_reached_if_time_memory_and_recall_are() -> None:
    """One of them too far is enough."""
    part = Part(run=lambda: good, most_seconds=2.0, most_mib=100.0, least_recall=0.8)
    good = _measured()

    assert part.is_reached(good)
    assert not part.is_reached(_measured(wall=2.1))
    assert not part.is_reached(_measured(mib=101.0))
    assert not part.is_reached(_measured(recall=0.79))
    assert part.limits == "2 s, 100 MiB, recall 0.8"


def test_an_audit_of_made_texts_is_measured() -> None:
    """Small enough to be quick; the planted errors come early."""
    found = audit_made(n_rows=600, n_classes=3)

    assert found.average_precision > 0.3
    assert found.recall > 0.3
    assert found.wall_seconds > 0.0
    assert found.peak_mib > 10


def test_made_signals_fit_together() -> None:
    """The joint counts each row once, and the suggestion differs from the given label just where it is flagged."""
    signals, is_wrong = made_signals(2000, 10)

    assert signals.confident_joint.sum(axis=1).tolist() == np.bincount(signals.labels, minlength=10).tolist()
    assert ((signals.suggested_labels != signals.labels) == signals.is_issue).all()
    assert np.mean(signals.error_probabilities[is_wrong]) > np.mean(signals.error_probabilities[~is_wrong]) + 0.2


def test_a_reranking_of_made_signals_is_measured() -> None:
    """It still finds what was planted."""
    found = rerank_made(n_rows=2000, n_classes=10, queue_share=0.15)

    assert found.recall > 0.8
    assert found.wall_seconds > 0.0


def test_most_of_the_demos_planted_errors_come_early() -> None:
    """Its answers are matched to its rows by their ids; by chance 15 % would be there."""
    assert PARTS["demo"].run().recall > 0.5


def _measured(*, wall: float = 1.0, mib: float = 50.0, recall: float = 0.9) -> Measured:
    return Measured(wall_seconds=wall, cpu_seconds=1.0, peak_mib=mib, average_precision=0.5, recall=recall)
