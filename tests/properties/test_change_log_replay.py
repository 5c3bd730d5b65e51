"""A change log replayed on its file gives exactly the corrections it was written for."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from labelclean.arrays import Label
from labelclean.dataset import Dataset, label_key
from labelclean.export import (
    change_log_csv,
    change_log_jsonl,
    planned_changes,
    read_change_log,
    replay_log,
)
from labelclean.review.decisions import EventKind, ReviewEvent, Verdict

# Many that a spreadsheet, a CSV reader or a JSON reader could stumble over.
TEXTS = st.one_of(
    st.text(alphabet="'=+-@\t\r\n1. ,;\"aé退\u2028\ufeff", min_size=1, max_size=6),
    st.text(min_size=1, max_size=8),
).filter(lambda text: bool(text.strip()))
SCALARS = st.one_of(TEXTS, st.integers(), st.booleans(), st.floats(allow_nan=False, allow_infinity=False))


def decisions_of(dataset: Dataset, answers: Sequence[tuple[Verdict, Label]]) -> dict[int, ReviewEvent]:
    """Decide the first rows."""
    return {
        row: ReviewEvent(
            uuid=str(row),
            row=row,
            kind=EventKind.DECIDE,
            verdict=verdict,
            label=label if verdict in {Verdict.ACCEPT, Verdict.RELABEL} else None,
            decided_at=datetime(2026, 3, 1, tzinfo=UTC),
            note=str(label),
            reviewer=str(label),
        )
        for row, (verdict, label) in enumerate(answers[: dataset.n_examples])
    }


def keys(corrections: dict[int, Label | None]) -> dict[int, tuple[str, Label]]:
    """Tell 1, True and "1" apart."""
    return {row: label_key(label) for row, label in corrections.items() if label is not None}


def replayed(log: bytes, dataset: Dataset) -> dict[int, Label | None]:
    """Read a log and replay it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "log"
        path.write_bytes(log)
        replay = replay_log(read_change_log(path), dataset)
    assert replay.problems == ()
    return replay.corrections


@given(st.data(), st.lists(TEXTS, min_size=1, max_size=8))
def test_a_csv_log_of_text_labels_gives_the_corrections_it_was_written_for(
    data: st.DataObject, labels: list[str]
) -> None:
    """Whatever the classes, the ids, the notes are called."""
    ids = data.draw(st.lists(TEXTS, min_size=len(labels), max_size=len(labels), unique=True))
    answers = data.draw(st.lists(st.tuples(st.sampled_from(Verdict), st.one_of(TEXTS, st.sampled_from(labels)))))
    dataset = Dataset.from_labels(["text"] * len(labels), labels, row_ids=ids)
    changes = planned_changes(dataset, decisions_of(dataset, answers))

    corrections = replayed(change_log_csv(changes), dataset)

    assert keys(corrections) == {c.row: ("str", c.new) for c in changes if c.new != c.old}


@given(st.data(), st.lists(st.one_of(st.none(), SCALARS), min_size=1, max_size=8))
def test_a_json_log_of_any_labels_gives_the_corrections_it_was_written_for(
    data: st.DataObject, labels: list[Label | None]
) -> None:
    """Labels keep their kind."""
    answers = data.draw(st.lists(st.tuples(st.sampled_from(Verdict), SCALARS)))
    dataset = Dataset.from_labels(["text"] * len(labels), labels)
    decisions = decisions_of(dataset, answers)
    expected = {
        row: label_key(event.label)
        for row, event in decisions.items()
        if event.label is not None and (labels[row] is None or label_key(event.label) != label_key(labels[row]))
    }

    corrections = replayed(change_log_jsonl(planned_changes(dataset, decisions)), dataset)

    assert keys(corrections) == expected
