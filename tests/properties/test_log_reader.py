"""Whatever stands in a file, reading it as a change log ends with entries or with our own error."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from labelclean.dataset import Dataset
from labelclean.errors import InvalidInputError
from labelclean.export import read_change_log, replay_log, replay_report
from labelclean.label_set import LabelSet

COLUMNS = ("row", "id", "old", "new", "verdict", "time", "error_probability", "text_hash", "seconds_spent")
CELLS = st.one_of(
    st.sampled_from(
        ["", "0", "1", "99", "-1", "1e5", "a", "b", "[]", '["a"]', '""a""', "keep", "accept", "exclude", "null", "NaN"]
    ),
    st.sampled_from(
        ["2026-03-01T12:00:00Z", "0001-01-01T00:00:00+14:00", "2cf24dba5fb0a30e", "'=1", '"', "\0", "9" * 5000]
    ),
    st.text(max_size=5),
)
TABLES = st.builds(
    lambda rows: "\n".join([",".join(COLUMNS), *(",".join(row) for row in rows)]),
    st.lists(st.lists(CELLS, min_size=9, max_size=9), max_size=4),
)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats().map(str), CELLS),
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(st.sampled_from(COLUMNS), inner, max_size=2)),
    max_leaves=4,
)
LINES = st.lists(st.fixed_dictionaries(dict.fromkeys(COLUMNS[:5], VALUES)), max_size=3).map(
    lambda entries: "\n".join(map(json.dumps, entries))
)
DATASETS = st.sampled_from(
    [
        Dataset.from_labels(["hello", "bye"], ["a", "b"], row_ids=["0", "1"]),
        Dataset.from_labels(["hello", "bye", "hello"], [1, True, "1"]),
        Dataset.from_labels(["hello", "bye"], [LabelSet(["a"]), LabelSet()]),
        Dataset.from_labels(["hello"], [None]),
    ]
)


@settings(deadline=None)
@given(
    st.one_of(TABLES, LINES, st.text()).map(lambda text: text.encode("utf-8", "surrogatepass")) | st.binary(), DATASETS
)
def test_a_log_is_replayed_or_refused(content: bytes, dataset: Dataset) -> None:
    """Of whatever dataset, in both directions; and a report can be made of it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "log"
        path.write_bytes(content)
        try:
            entries = read_change_log(path)
            replays = [replay_log(entries, dataset, revert=revert) for revert in (False, True)]
        except InvalidInputError:
            return

    for replay in replays:
        assert all(0 <= row < dataset.n_examples for row in replay.corrections)
        assert replay_report(replay).count(b"\r\n") >= len(replay.rows) + 1
