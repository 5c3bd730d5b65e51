"""Evidence, signals and lessons in the store, on a real SQLite file and on a real PostgreSQL server."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace

import numpy as np
import pytest
from sqlalchemy import func, select, update

from labelclean.errors import NotFoundError, StoreError
from labelclean.explain.evidence import Neighbour, RowEvidence, Span
from labelclean.results import NoiseEstimate
from labelclean.review.learning import LearnedRanking
from labelclean.store.records import ProjectRecord
from labelclean.store.run_records import ComputedRun, StoredRun
from labelclean.store.sql import SqlStore
from labelclean.store.tables import evidence, rerankings, signals
from tests.store_examples import decide, take_back_to

MakeRun = Callable[[int], StoredRun]


def explained(row: int) -> RowEvidence:
    """Return evidence of every kind, with awkward text."""
    return RowEvidence(
        row=row,
        suggested=1,
        given=0,
        sentence='“不” \x00 \ud800 "quoted" speaks for it.',
        spans=(Span(start=0, end=2, weight=1.0, side="suggested"), Span(start=3, end=4, weight=0.25, side="given")),
        words_for=("不",),
        words_against=("\U0001f4ec",),
        neighbours=(Neighbour(row=2, similarity=0.5, label=1),),
        n_suggested=1,
        n_given=0,
        counter_example=Neighbour(row=1, similarity=0.125, label=0),
    )


def learned_from(run: StoredRun) -> LearnedRanking:
    """Return a ranking that turns the run's around and knows one class more."""
    matrix = np.eye(4) / 4
    return LearnedRanking(
        new_labels=("ü new",),
        suggested_labels=np.full(run.n_examples, 3),
        error_probabilities=np.where(np.isnan(run.error_probabilities), np.nan, 1 - run.error_probabilities),
        is_issue=~run.is_issue,
        ranked_rows=run.ranked_rows[::-1].copy(),
        noise=NoiseEstimate(
            confident_joint=np.eye(4, dtype=np.int64),
            joint=matrix,
            noise_matrix=np.eye(4),
            inverse_noise_matrix=np.eye(4),
            class_priors=np.full(4, 0.25),
            n_label_errors=5,
        ),
        n_verdicts=12,
        moved=0.375,
    )


def count_of(store: SqlStore, table: object) -> int:
    """Return the number of rows of a table."""
    with store._database.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())  # type: ignore[arg-type]  # a table


# Evidence


def test_evidence_comes_back_for_the_rows_asked_for(store: SqlStore, project: ProjectRecord, make_run: MakeRun) -> None:
    """A window of rows is read, not the whole run; rows that were not explained are absent."""
    store.save_run(project.id, ComputedRun(run=make_run(9), evidence=tuple(explained(row) for row in (1, 4, 7))))

    found = store.load_evidence(project.id, [4, 5, 7])

    assert found == {4: explained(4), 7: explained(7)}
    assert store.load_evidence(project.id, []) == {}
    assert store.load_evidence("none", [4]) == {}


def test_evidence_of_thousands_of_rows_is_stored(store: SqlStore, project: ProjectRecord, make_run: MakeRun) -> None:
    """More rows than go into one statement."""
    store.save_run(project.id, ComputedRun(run=make_run(9), evidence=tuple(explained(row) for row in range(4_500))))

    assert count_of(store, evidence) == 4_500
    assert store.load_evidence(project.id, [4_499]) == {4_499: explained(4_499)}


def test_a_new_run_takes_what_was_beside_the_old_one_along(
    store: SqlStore, project: ProjectRecord, make_run: MakeRun
) -> None:
    """Evidence, signals and lessons belong to the run that they are about."""
    run = make_run(9)
    run_id = store.save_run(project.id, ComputedRun(run=run, evidence=(explained(1),), signals=b"old"))
    store.save_lesson(project.id, run_id, learned_from(run))

    store.save_run(project.id, ComputedRun(run=make_run(5)))

    assert [count_of(store, table) for table in (evidence, signals, rerankings)] == [0, 0, 0]
    assert store.load_signals(project.id) is None
    assert store.get_project(project.id).lesson_id is None


def test_a_run_with_evidence_that_cannot_be_stored_leaves_the_old_one(
    store: SqlStore, project: ProjectRecord, make_run: MakeRun
) -> None:
    """Run, evidence and signals are stored together or not at all."""
    store.save_run(project.id, ComputedRun(run=make_run(9), evidence=(explained(1),)))

    with pytest.raises(StoreError):
        store.save_run(project.id, ComputedRun(run=make_run(5), evidence=(explained(2), explained(2))))

    run = store.load_run(project.id)
    assert run is not None
    assert run.n_examples == 9
    assert store.load_evidence(project.id, [1, 2]) == {1: explained(1)}


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"row": "x"}'])
def test_damaged_evidence_is_said(store: SqlStore, project: ProjectRecord, make_run: MakeRun, content: str) -> None:
    """Whatever someone wrote into the database, there is a message and no traceback."""
    store.save_run(project.id, ComputedRun(run=make_run(9), evidence=(explained(1),)))
    with store._database.writing() as connection:
        connection.execute(update(evidence).values(content=content))

    with pytest.raises(StoreError, match="damaged"):
        store.load_evidence(project.id, [1])


# What a run says as a whole, and what a re-ranking starts from


def test_statement_interval_and_signals_come_back(store: SqlStore, project: ProjectRecord, make_run: MakeRun) -> None:
    """They are stored with the run."""
    run = replace(make_run(9), statement="Labels look systematically produced: ü.", n_errors_interval=(84, 121))
    store.save_run(project.id, ComputedRun(run=run, signals=b"\x00packed"))

    found = store.load_run(project.id)

    assert found is not None
    assert (found.statement, found.n_errors_interval, found.lesson) == (run.statement, (84, 121), None)
    assert store.load_signals(project.id) == b"\x00packed"


# Lessons


def test_a_lesson_is_laid_over_the_run(store: SqlStore, project: ProjectRecord, make_run: MakeRun) -> None:
    """What was learnt counts; the rest is the audit's; without an interval, since the estimate is another one."""
    run = replace(make_run(9), n_errors_interval=(1, 3))
    run_id = store.save_run(project.id, ComputedRun(run=run))
    learned = learned_from(run)

    lesson_id = store.save_lesson(project.id, run_id, learned)

    found = store.load_run(project.id)
    assert found is not None
    for name in ("suggested_labels", "error_probabilities", "is_issue", "ranked_rows"):
        np.testing.assert_array_equal(getattr(found, name), getattr(learned, name), err_msg=name, strict=True)
        assert not getattr(found, name).flags.writeable
    for name in ("labels", "label_quality_scores", "likely_labels", "likely_probs"):
        np.testing.assert_array_equal(getattr(found, name), getattr(run, name), err_msg=name, strict=True)
    for field in fields(NoiseEstimate):
        np.testing.assert_array_equal(getattr(found.noise, field.name), getattr(learned.noise, field.name))
    assert found.class_names[3:] == ("ü new",)
    assert found.n_errors_interval is None
    assert found.lesson is not None
    assert (found.lesson.n_verdicts, found.lesson.moved) == (12, 0.375)
    project_now = store.get_project(project.id)
    assert (project_now.run_id, project_now.lesson_id) == (run_id, lesson_id)
    assert project_now.n_issues == int(learned.is_issue.sum())


def test_the_audits_own_ranking_stays(store: SqlStore, project: ProjectRecord, make_run: MakeRun) -> None:
    """It is what the next lesson starts from, and what forgetting brings back; decisions stay as they are."""
    run = make_run(9)
    run_id = store.save_run(project.id, ComputedRun(run=run))
    store.append_events(project.id, [decide("e1", row=1, error_probability=0.75)])
    store.save_lesson(project.id, run_id, learned_from(run))

    original = store.load_run(project.id, as_learned=False)
    store.drop_lesson(project.id)
    dropped = store.load_run(project.id)

    assert original is not None
    assert dropped is not None
    for found in (original, dropped):
        np.testing.assert_array_equal(found.ranked_rows, run.ranked_rows)
        assert found.lesson is None
    assert store.get_project(project.id).n_issues == run.n_issues
    assert [event.error_probability for event in store.load_events(project.id)] == [0.75]


def test_a_lesson_takes_the_place_of_the_one_before(store: SqlStore, project: ProjectRecord, make_run: MakeRun) -> None:
    """A run has one at most; each has an id of its own, so that screens notice."""
    run = make_run(9)
    run_id = store.save_run(project.id, ComputedRun(run=run))
    first = store.save_lesson(project.id, run_id, learned_from(run))

    second = store.save_lesson(project.id, run_id, replace(learned_from(run), n_verdicts=30))

    found = store.load_run(project.id)
    assert found is not None
    assert found.lesson is not None
    assert found.lesson.n_verdicts == 30
    assert first != second
    assert count_of(store, rerankings) == 1


def test_a_lesson_about_a_run_that_is_gone_is_refused(
    store: SqlStore, project: ProjectRecord, make_run: MakeRun
) -> None:
    """The file was analysed again while something was learnt about the run before."""
    run = make_run(9)
    old = store.save_run(project.id, ComputedRun(run=run))
    store.save_run(project.id, ComputedRun(run=make_run(5)))

    with pytest.raises(NotFoundError, match="do not exist any more"):
        store.save_lesson(project.id, old, learned_from(run))

    assert store.get_project(project.id).lesson_id is None


@pytest.mark.parametrize("content", [b"", b"no archive"])
def test_a_damaged_lesson_is_said(store: SqlStore, project: ProjectRecord, make_run: MakeRun, content: bytes) -> None:
    """There is a message and a way out."""
    run = make_run(9)
    run_id = store.save_run(project.id, ComputedRun(run=run))
    store.save_lesson(project.id, run_id, learned_from(run))
    with store._database.writing() as connection:
        connection.execute(update(rerankings).values(ranking=content))

    with pytest.raises(StoreError, match="damaged"):
        store.load_run(project.id)


def test_a_lesson_of_another_length_is_damaged(store: SqlStore, project: ProjectRecord, make_run: MakeRun) -> None:
    """Its columns must fit the run."""
    run_id = store.save_run(project.id, ComputedRun(run=make_run(9)))
    store.save_lesson(project.id, run_id, learned_from(make_run(5)))

    with pytest.raises(StoreError, match="damaged"):
        store.load_run(project.id)


def test_a_database_of_the_version_before_is_brought_up_to_date(
    store: SqlStore, store_url: str, project: ProjectRecord, make_run: MakeRun
) -> None:
    """Its runs and decisions are there afterwards, without evidence and with nothing learnt."""
    run = make_run(9)
    store.save_run(project.id, ComputedRun(run=run))
    store.append_events(project.id, [decide("e1")])
    before = store.get_project(project.id)
    take_back_to(store, "0002")
    store.close()

    again = SqlStore.open(store_url)

    found = again.load_run(project.id)
    assert again.get_project(project.id) == before
    assert found is not None
    np.testing.assert_array_equal(found.ranked_rows, run.ranked_rows)
    assert (found.statement, found.n_errors_interval, found.lesson) == ("", None, None)
    assert again.load_evidence(project.id, [0, 1]) == {}
    assert again.load_signals(project.id) is None
    again.close()
