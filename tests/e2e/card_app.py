"""The smallest page around the review card: a made-up run, a log in SQLite, and the card."""

from __future__ import annotations

import gc
import json
import os
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import streamlit as st

from labelclean.label_set import LabelSet
from labelclean.review.decision_table import DecisionTable
from labelclean.review.decisions import DecisionSource, EventKind, ReviewEvent, Verdict
from labelclean.review.log import review_state
from labelclean.review.outbox import read_outbox
from labelclean.review.payload import OtherColumn, Outlook
from labelclean.review.preferences import Preferences
from labelclean.review.queue import build_queue
from labelclean.review.queue_filter import QueueFilter
from labelclean.review.session import build_card_data, names_for, starting_index
from labelclean.ui.components.guideline.guideline import guideline_panel
from labelclean.ui.components.review_card.card import received_outbox, review_card
from tests.e2e.card_evidence import evidence_for
from tests.e2e.card_material import KINDS, Material, make_material

KEY = "card"
GUIDELINE = "# Rules\n\n- **First** <img src=x> rule with a [link](http://example.com/page)\n"
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
    "batch",
    "source",
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
        rows = [(project, *(_plain(getattr(event, field)) for field in FIELDS[1:])) for event in events]
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
    fields: dict[str, object] = {
        "kind": EventKind(stored["kind"]),
        "verdict": verdict,
        "source": DecisionSource(stored["source"]),
    }
    label = stored["label"]
    if label is not None and label.startswith("["):
        fields["label"] = LabelSet(json.loads(label))
    return ReviewEvent(**{**stored, **fields, "decided_at": datetime.now(UTC)})


def _plain(value: object) -> object:
    """Return a field as the table holds it; a label set is a list in JSON."""
    return json.dumps(list(value)) if isinstance(value, LabelSet) else value


@st.cache_resource
def _log() -> Log:
    """Open the log, and keep the garbage collector away from the imports."""
    gc.collect()
    gc.freeze()
    return Log(Path(os.environ["CARD_DB"]))


@st.cache_resource
def _material(n_rows: int, *, kind: str) -> Material:
    return make_material(n_rows, kind)


def _relearnt(run: SimpleNamespace) -> SimpleNamespace:
    """Return the run as if the decisions had taught it to suggest the class after the next."""
    return SimpleNamespace(**{**vars(run), "suggested_labels": (run.suggested_labels + 1) % len(run.class_names)})


def _outlook(n_decided: int) -> Outlook:
    return Outlook(
        lines=[f"{n_decided} of 20 were errors (5 to 40 %)", "about 12 errors left"],
        how=["Counted among your last decisions.", "Estimated from the scores of the rows left."],
        stop="Of the next 100 rows about 1 is wrong.",
    )


def _columns(row: int) -> list[OtherColumn]:
    return [OtherColumn(name="city", value=f"City {row}"), OtherColumn(name="<b>note</b>", value="")]


def main() -> None:
    """Store what the card sent, then show the card."""
    st.set_page_config(page_title="card", layout="wide")
    reviewer = "tester"
    project = st.query_params.get("project", "harness")
    n_rows = int(st.query_params.get("size", "200"))
    kind = next((name for name in KINDS if name in st.query_params), "")
    material = _material(n_rows, kind=kind)
    dataset, run = material.dataset, material.run
    log = _log()
    names = names_for(run.class_names, log.load_events(project))
    outbox = read_outbox(
        received_outbox(KEY), names=names, n_examples=dataset.n_examples, reviewer=reviewer, now=datetime.now(UTC)
    )
    acked = log.append_events(project, outbox.events)
    events = log.load_events(project)
    state = review_state(events, reviewer)
    wanted = QueueFilter.from_params(dict(st.query_params))
    queue = st.session_state.get("queue")
    if queue is None or queue.queue_filter != wanted:
        queue = build_queue(run, material.sources, wanted, state.decisions)
        st.session_state["queue"] = queue
        st.session_state["at"] = starting_index(queue, DecisionTable.of(run, state.decisions), None)
    if outbox.at is not None and outbox.queue == queue.digest:
        st.session_state["at"] = outbox.at
    if "relearn" in st.query_params and events:
        run = _relearnt(run)
    data = build_card_data(
        project_id=project,
        run=run,
        dataset=dataset,
        names=names_for(run.class_names, events),
        queue=queue,
        state=state,
        reviewer=reviewer,
        at=st.session_state["at"],
        acked=acked,
        outbox=outbox,
        evidence=lambda _: evidence_for(run.suggested_labels, run.labels) if kind == "evidence" else {},
        label_cells=material.cells,
        copies_of=material.sources.group_of,
        control_rows=range(1, 2) if "control" in st.query_params else (),
        outlook=_outlook(len(state.decisions)) if "outlook" in st.query_params else None,
        preferences=Preferences.from_json(json.loads(st.query_params.get("prefs", "null"))),
        has_guideline="guideline" in st.query_params,
        columns_of=_columns if "columns" in st.query_params else None,
    )
    if "guideline" in st.query_params:
        guideline_panel(GUIDELINE, project_id=project, shortcut="P", key="guideline")
    review_card(data, key=KEY)
    if st.query_params.get("dialog"):
        st.button("Open", on_click=_dialog)


@st.dialog("A dialog of the page")
def _dialog() -> None:
    st.write("Behind me the keys rest.")


main()
