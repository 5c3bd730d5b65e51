"""The smallest page around the review card: a made-up run, a log in SQLite, and the card."""

from __future__ import annotations

import gc
import os
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import streamlit as st

from labelclean.dataset import Dataset
from labelclean.review.decision_table import DecisionTable
from labelclean.review.decisions import EventKind, ReviewEvent, Verdict
from labelclean.review.log import review_state
from labelclean.review.outbox import read_outbox
from labelclean.review.queue import TextSources, build_queue, fold_texts
from labelclean.review.queue_filter import QueueFilter
from labelclean.review.session import build_card_data, names_for, starting_index
from labelclean.review.text_search import FoldedTexts
from labelclean.ui.components.review_card.card import received_outbox, review_card
from tests.e2e.card_evidence import EVIDENCE_TEXTS, evidence_for

KEY = "card"
CLASSES = ("billing", "change_address", "delivery_time", "parcel_missing", "place_order", "refund")
TRICKY_TEXTS = (
    "<script>window.hacked = 1</script><img src=x onerror='window.hacked = 2'>",
    "**bold** [link](http://example.com) `code` # heading\n\n- list :smile: :red[colour] $x^2$ $$\\int$$",
    "اين طردي؟ طلبت مصباحا يوم الاثنين ولم يصل بعد",
)
FIELDS = (
    "project",
    "uuid",
    "row",
    "kind",
    "verdict",
    "label",
    "target_uuid",
    "reviewer",
    "sequence",
    "seconds_spent",
    "note",
)


class Log:
    """Append-only logs of events, one for each project, in one table."""

    def __init__(self, path: Path) -> None:
        self.connection = sqlite3.connect(path, check_same_thread=False)
        columns = ", ".join(FIELDS)
        self.connection.execute(f"CREATE TABLE IF NOT EXISTS events (position INTEGER PRIMARY KEY, {columns})")
        self.connection.execute("CREATE UNIQUE INDEX IF NOT EXISTS by_uuid ON events (uuid)")
        self.connection.commit()

    def append_events(self, project: str, events: Sequence[ReviewEvent]) -> frozenset[str]:
        """Store what is new; return the uuids now stored."""
        rows = [(project, *(getattr(event, field) for field in FIELDS[1:])) for event in events]
        marks = ", ".join("?" * len(FIELDS))
        with self.connection:
            statement = f"INSERT OR IGNORE INTO events ({', '.join(FIELDS)}) VALUES ({marks})"  # noqa: S608  (constants)
            self.connection.executemany(statement, rows)
        return frozenset(event.uuid for event in events)

    def load_events(self, project: str) -> list[ReviewEvent]:
        """Return the log of a project in its order."""
        statement = f"SELECT {', '.join(FIELDS[1:])} FROM events WHERE project = ? ORDER BY position"  # noqa: S608  (constants)
        rows = self.connection.execute(statement, [project])
        return [_event(dict(zip(FIELDS[1:], row, strict=True))) for row in rows]


def _event(stored: dict[str, Any]) -> ReviewEvent:
    verdict = Verdict(stored["verdict"]) if stored["verdict"] else None
    kind = EventKind(stored["kind"])
    return ReviewEvent(**{**stored, "kind": kind, "verdict": verdict, "decided_at": datetime.now(UTC)})


@st.cache_resource
def _log() -> Log:
    """Open the log, and keep the garbage collector away from the imports."""
    gc.collect()
    gc.freeze()
    return Log(Path(os.environ["CARD_DB"]))


@st.cache_resource
def _material(n_rows: int, *, special: str) -> tuple[Dataset, SimpleNamespace, FoldedTexts]:
    """Make rows whose given label is one class off; those with evidence have the demo's delivery time suggested."""
    chosen = {"tricky": TRICKY_TEXTS, "evidence": EVIDENCE_TEXTS}.get(special, ())
    texts = [*chosen, *(f"Message number {row}: where is my parcel?" for row in range(len(chosen), n_rows))]
    n_classes = min(len(CLASSES), n_rows)
    codes = np.arange(n_rows) % n_classes
    labels = [None if row % 50 == 49 else CLASSES[code] for row, code in enumerate(codes.tolist())]
    dataset = Dataset.from_labels(texts, labels, row_ids=[f"m{row:04d}" for row in range(n_rows)])
    suggested = np.where(np.arange(n_rows) % 20 == 19, codes, (codes + 1) % n_classes)
    if special == "evidence":
        labels[:6] = [CLASSES[3]] * 6
        suggested[:6] = 2
        dataset = Dataset.from_labels(texts, labels, row_ids=dataset.row_ids)
    likely = (suggested[:, None] + np.arange(n_classes)) % n_classes
    run = SimpleNamespace(
        class_names=dataset.class_names,
        labels=dataset.labels,
        suggested_labels=suggested,
        label_quality_scores=np.full(n_rows, 0.02),
        error_probabilities=np.linspace(0.97, 0.2, n_rows),
        is_issue=np.ones(n_rows, dtype=np.bool_),
        ranked_rows=np.arange(n_rows),
        likely_labels=likely,
        likely_probs=np.tile(np.array([0.71, 0.14, 0.06, 0.04, 0.03, 0.02][:n_classes]), (n_rows, 1)),
    )
    return dataset, run, fold_texts(dataset.texts)


def main() -> None:
    """Store what the card sent, then show the card."""
    st.set_page_config(page_title="card", layout="wide")
    reviewer = "tester"
    project = st.query_params.get("project", "harness")
    n_rows = int(st.query_params.get("size", "200"))
    special = next((name for name in ("tricky", "evidence") if name in st.query_params), "")
    dataset, run, folded = _material(n_rows, special=special)
    log = _log()
    names = names_for(dataset.class_names, log.load_events(project))
    outbox = read_outbox(
        received_outbox(KEY), names=names, n_examples=dataset.n_examples, reviewer=reviewer, now=datetime.now(UTC)
    )
    acked = log.append_events(project, outbox.events)
    events = log.load_events(project)
    state = review_state(events, reviewer)
    wanted = QueueFilter.from_params(dict(st.query_params))
    queue = st.session_state.get("queue")
    if queue is None or queue.queue_filter != wanted:
        queue = build_queue(run, TextSources(folded_texts=folded), wanted, state.decisions)
        st.session_state["queue"] = queue
        st.session_state["at"] = starting_index(queue, DecisionTable.of(run, state.decisions), None)
    if outbox.at is not None and outbox.queue == queue.digest:
        st.session_state["at"] = outbox.at
    data = build_card_data(
        project_id=project,
        run=run,
        dataset=dataset,
        names=names_for(dataset.class_names, events),
        queue=queue,
        state=state,
        reviewer=reviewer,
        at=st.session_state["at"],
        acked=acked,
        outbox=outbox,
        evidence=lambda _: evidence_for(run.suggested_labels, run.labels) if special == "evidence" else {},
    )
    review_card(data, key=KEY)
    if st.query_params.get("dialog"):
        st.button("Open", on_click=_dialog)


@st.dialog("A dialog of the page")
def _dialog() -> None:
    st.write("Behind me the keys rest.")


main()
