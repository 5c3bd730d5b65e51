"""What ``labelclean find`` writes."""

from __future__ import annotations

import csv
import io
import json

import numpy as np

from labelclean.arrays import Label
from labelclean.cli.suspects import summarise, totals, write_summary, write_suspects
from labelclean.config import AuditConfig
from labelclean.results import AuditResult, NoiseEstimate


def _result(class_names: tuple[Label, ...] = (7, "7", "a,b")) -> AuditResult:
    """Return four rows: the third class right, the first suspect, one without a label, the second suspect most."""
    counts = np.array([[1, 0, 0], [1, 0, 0], [0, 1, 0]])
    noise = NoiseEstimate(
        confident_joint=counts,
        joint=counts / counts.sum(),
        noise_matrix=np.eye(3),
        inverse_noise_matrix=np.eye(3),
        class_priors=np.full(3, 1 / 3),
        n_label_errors=2,
    )
    return AuditResult(
        class_names=class_names,
        labels=np.array([2, 0, -1, 1]),
        pred_probs=np.full((4, 3), 1 / 3),
        suggested_labels=np.array([2, 1, 2, 2]),
        label_quality_scores=np.array([0.9, 1 / 3, np.nan, 0.1]),
        error_probabilities=np.array([0.1, 2 / 3, np.nan, 1.0]),
        is_issue=np.array([False, True, False, True]),
        ranked_rows=np.array([3, 1, 0, 2]),
        likely_labels=np.zeros((4, 3), dtype=np.int64),
        likely_probs=np.zeros((4, 3)),
        noise=noise,
    )


def test_the_table_holds_every_row_most_suspect_first() -> None:
    """Ranks count from 1, rows from 0; unlabelled rows have no scores; labels that look alike are told apart."""
    target = io.BytesIO()

    write_suspects(_result(), target)

    assert target.getvalue().decode() == (
        "rank,row,given_label,suggested_label,label_quality,error_probability,is_issue\n"
        '1,3,"""7""","a,b",0.1,1.0,true\n'
        '2,1,7,"""7""",0.3333333333333333,0.6666666666666666,true\n'
        '3,0,"a,b","a,b",0.9,0.1,false\n'
        '4,2,,"a,b",,,false\n'
    )


def test_labels_that_spreadsheets_would_run_are_escaped() -> None:
    """An apostrophe stands before them, as in the change log; plain negative numbers stay."""
    target = io.BytesIO()

    write_suspects(_result((-1, "=1+1", "'@b")), target)

    rows = list(csv.DictReader(io.StringIO(target.getvalue().decode())))
    assert [row["given_label"] for row in rows] == ["'=1+1", "-1", "''@b", ""]
    assert [row["suggested_label"] for row in rows] == ["''@b", "'=1+1", "''@b", "''@b"]


def test_halves_of_characters_are_written() -> None:
    """They can stand in the labels of JSON files; the summary spells them as JSON does."""
    table, summary = io.BytesIO(), io.BytesIO()
    result = _result(("a", "b", "\ud83d"))

    write_suspects(result, table)
    write_summary(summarise(totals(result), config=AuditConfig(), warnings=[], seconds=1.0), summary)

    assert table.getvalue().decode("utf-8", "surrogatepass").splitlines()[3] == "3,0,\ud83d,\ud83d,0.9,0.1,false"
    assert json.loads(summary.getvalue())["classes"][2]["label"] == "\ud83d"


def test_numbers_read_back_as_the_same_numbers() -> None:
    """Nothing is rounded on the way into the file."""
    target = io.BytesIO()

    write_suspects(_result(), target)

    rows = list(csv.DictReader(io.StringIO(target.getvalue().decode())))
    assert float(rows[1]["label_quality"]) == 1 / 3


def test_the_table_leaves_its_stream_open() -> None:
    """Whoever opened a stream closes it."""
    target = io.BytesIO()

    write_suspects(_result(), target)

    assert not target.closed


def test_the_summary_counts_what_was_found() -> None:
    """Errors per class are the off-diagonal counts of its row; the partner is the largest of them."""
    summary = summarise(
        totals(_result()), config=AuditConfig(n_folds=3), warnings=["Two texts are empty."], seconds=1.23456
    )

    assert summary["n_rows"] == 4
    assert summary["n_labelled"] == 3
    assert summary["n_unlabelled"] == 1
    assert summary["n_classes"] == 3
    assert summary["n_issues"] == 2
    assert summary["n_estimated_label_errors"] == 2
    assert summary["label_accuracy"] == 1 - 2 / 3
    assert summary["warnings"] == ["Two texts are empty."]
    assert summary["seconds"] == 1.235
    assert summary["classes"] == [
        {"label": 7, "n_given": 1, "n_estimated_errors": 0, "most_often_confused_with": None},
        {"label": "7", "n_given": 1, "n_estimated_errors": 1, "most_often_confused_with": 7},
        {"label": "a,b", "n_given": 1, "n_estimated_errors": 1, "most_often_confused_with": "7"},
    ]


def test_the_summary_is_plain_json() -> None:
    """Any reader can take it, with the options of the run in it."""
    target = io.BytesIO()

    write_summary(summarise(totals(_result()), config=AuditConfig(n_folds=3), warnings=["é"], seconds=1.0), target)

    read = json.loads(target.getvalue())
    assert read["config"]["n_folds"] == 3
    assert "é".encode() in target.getvalue()
