"""The demo with label sets: its file, its answers, and what the audit makes of them."""

from __future__ import annotations

import csv
from collections import Counter

from labelclean.demos import LABEL_SET_DEMO, planted_ids
from labelclean.home import asset_path
from labelclean.label_set_audit import audit_label_sets


def _rows(name: str) -> list[dict[str, str]]:
    with asset_path(f"demo/{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_label_set_demo_holds_what_its_offer_says() -> None:
    """As many remarks as are said, each once, with some of eight labels or none yet."""
    rows = _rows("product_remarks")

    sizes = Counter(len(row["labels"].split("|")) for row in rows if row["labels"])

    assert LABEL_SET_DEMO.about.startswith(f"{len(rows):,} remarks")
    assert len({row["text"] for row in rows}) == len({row["id"] for row in rows}) == 1058
    assert sum(not row["labels"] for row in rows) == 15
    assert set(sizes) <= {1, 2, 3, 4, 5}
    assert len({label for row in rows if row["labels"] for label in row["labels"].split("|")}) == 8


def test_each_planted_set_differs_from_the_true_one_as_its_kind_says() -> None:
    """One label fewer is forgotten, one more is extra, one other is swapped."""
    given = {row["id"]: set(row["labels"].split("|")) for row in _rows("product_remarks")}

    kinds = Counter[str]()
    for row in _rows("product_remarks_answers"):
        true = set(row["true_labels"].split("|"))
        expected = {"forgotten": (1, 0), "extra": (0, 1), "swapped": (1, 1)}[row["error"]]
        assert (len(true - given[row["id"]]), len(given[row["id"]] - true)) == expected
        kinds[row["error"]] += 1

    assert kinds == {"forgotten": 38, "extra": 25, "swapped": 21}


def test_the_audit_finds_most_planted_sets_early() -> None:
    """A newcomer's first look is at wrong sets: over half of them lie in the first eighth of the queue."""
    rows = _rows("product_remarks")
    planted = planted_ids(LABEL_SET_DEMO.file_name)

    result = audit_label_sets(
        [row["text"] for row in rows], [row["labels"].split("|") if row["labels"] else None for row in rows]
    )

    head = result.ranked_rows[: len(rows) // 8]
    assert sum(rows[row]["id"] in planted for row in head) > len(planted) / 2
    assert len(planted) / 1.7 < result.is_issue.sum() < len(planted) * 1.7
