"""The store's records."""

from __future__ import annotations

import json

import pytest

from labelclean.errors import StoreError
from labelclean.store.records import FINISHED_STATES, EmbeddingsRecord, JobState, PredProbsRecord


def test_a_record_of_probabilities_comes_back_from_plain_values() -> None:
    """Through JSON, which knows no tuples."""
    record = PredProbsRecord(
        sha256="ab", file_name="p.npy", n_bytes=3, class_names=("x", "y"), row_id=None, findings=(("odd", "fix"),)
    )

    assert PredProbsRecord.from_dict(json.loads(json.dumps(record.to_dict()))) == record


@pytest.mark.parametrize("values", [{}, {"class_names": None, "findings": [["only one"]]}, {"unknown": 1}])
def test_a_damaged_record_of_probabilities_is_said(values: dict[str, object]) -> None:
    """It names the way out."""
    with pytest.raises(StoreError, match="is damaged"):
        PredProbsRecord.from_dict(values)


def test_a_damaged_record_of_embeddings_is_said() -> None:
    """It names the way out."""
    with pytest.raises(StoreError, match="is damaged"):
        EmbeddingsRecord.from_dict({"sha256": "ab"})


def test_three_states_are_final() -> None:
    """A job is over when it is done, failed or cancelled."""
    assert set(JobState) - FINISHED_STATES == {JobState.QUEUED, JobState.RUNNING}
