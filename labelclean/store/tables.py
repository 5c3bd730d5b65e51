"""The tables of the store; a change here needs a new file under ``migrations/versions``."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

from labelclean.store.column_types import PlainText, UtcDateTime

__all__ = [
    "datasets",
    "decisions",
    "evidence",
    "jobs",
    "metadata",
    "problems",
    "project_settings",
    "projects",
    "rerankings",
    "runs",
    "settings",
    "signals",
    "suspects",
]

# Constraints have names of their own, so that a later migration can speak of them on both databases.
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

datasets = Table(
    "datasets",
    metadata,
    Column("id", Text, primary_key=True),
    Column("sha256", Text, nullable=False, index=True),
    Column("file_name", PlainText, nullable=False),
    Column("n_bytes", BigInteger, nullable=False),
    Column("layout", Text, nullable=False),  # JSON
    Column("roles", Text, nullable=False),  # JSON
    Column("pred_probs", Text),  # JSON; NULL where labelclean trains a model itself
    Column("embeddings", Text),  # JSON; NULL where the texts speak for themselves
)

projects = Table(
    "projects",
    metadata,
    Column("id", Text, primary_key=True),
    Column("dataset_id", Text, ForeignKey("datasets.id"), nullable=False, index=True),
    Column("name", PlainText, nullable=False),
    Column("is_demo", Boolean, nullable=False),
    Column("bookmark", Text, nullable=False),  # JSON
    Column("last_position", BigInteger, nullable=False),  # of its log; whoever raises it holds the row's lock
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
)

# Runs have a number besides their id: a million suspects each repeat it.
runs = Table(
    "runs",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("project_id", Text, ForeignKey("projects.id", ondelete="CASCADE"), nullable=False, unique=True),
    Column("config", Text, nullable=False),  # JSON
    Column("class_names", Text, nullable=False),  # JSON
    Column("n_examples", BigInteger, nullable=False),
    Column("n_issues", BigInteger, nullable=False),
    Column("n_likely", Integer, nullable=False),
    Column("noise", LargeBinary, nullable=False),  # compressed npz
    Column("created_at", UtcDateTime, nullable=False),
    Column("statement", PlainText),
    Column("n_errors_low", BigInteger),  # both ends of the interval, or neither
    Column("n_errors_high", BigInteger),
    Column("label_noise", Text),  # JSON; NULL where each text has one label
    Column("annotators", Text),  # JSON; NULL where nobody knows who gave which label
    Column("label_cells", LargeBinary),  # compressed npz; of label sets: the labels that matter in each row
    Column("label_confusions", Text),  # JSON; of label sets: which label was given where which one was meant
    sqlite_autoincrement=True,
)

suspects = Table(
    "suspects",
    metadata,
    Column(
        "run_number",
        Integer,
        ForeignKey("runs.number", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("rank", Integer, primary_key=True, autoincrement=False),  # 1 = most suspect
    Column("row", Integer, nullable=False),
    Column("given", Integer, nullable=False),  # class code; -1 = not labelled
    Column("suggested", Integer, nullable=False),  # class code
    Column("label_quality", Float(53)),  # NULL for unlabelled rows
    Column("error_probability", Float(53)),  # NULL for unlabelled rows
    Column("is_issue", Boolean, nullable=False),
    Column("likely_labels", LargeBinary, nullable=False),  # n_likely little-endian int32
    Column("likely_probs", LargeBinary, nullable=False),  # n_likely little-endian float32
    sqlite_with_rowid=False,
)

evidence = Table(
    "evidence",
    metadata,
    Column(
        "run_number",
        Integer,
        ForeignKey("runs.number", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("row", Integer, primary_key=True, autoincrement=False),
    Column("content", Text, nullable=False),  # JSON
)

# What a re-ranking starts from; apart from the runs, so that they load without it.
signals = Table(
    "signals",
    metadata,
    Column(
        "run_number",
        Integer,
        ForeignKey("runs.number", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("content", LargeBinary, nullable=False),  # compressed npz
)

# What the decisions taught, laid over the run, which stays as it is; at most one for each run.
rerankings = Table(
    "rerankings",
    metadata,
    Column(
        "run_number",
        Integer,
        ForeignKey("runs.number", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("id", Text, nullable=False, unique=True),
    Column("n_verdicts", Integer, nullable=False),
    Column("n_issues", BigInteger, nullable=False),
    Column("new_labels", Text, nullable=False),  # JSON; classes that reviewers made, after those of the run
    Column("moved", Float(53), nullable=False),
    Column("noise", LargeBinary, nullable=False),  # compressed npz
    Column("ranking", LargeBinary, nullable=False),  # compressed npz
    Column("created_at", UtcDateTime, nullable=False),
    Column("account", Text),  # JSON; what was learnt in words and figures
)

# What else is wrong with the data of a run, besides its labels.
problems = Table(
    "problems",
    metadata,
    Column(
        "run_number",
        Integer,
        ForeignKey("runs.number", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("kind", Text, primary_key=True),
    Column("content", LargeBinary, nullable=False),  # compressed JSON
)

decisions = Table(
    "decisions",
    metadata,
    Column("uuid", PlainText, primary_key=True),
    Column("project_id", Text, ForeignKey("projects.id", ondelete="CASCADE"), nullable=False),
    Column("position", BigInteger, nullable=False),  # rising within the project
    Column("row", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("verdict", Text),
    Column("label", Text),  # JSON
    Column("target_uuid", PlainText),
    Column("reviewer", PlainText, nullable=False),
    Column("sequence", BigInteger, nullable=False),  # the client's own counter
    Column("decided_at", UtcDateTime, nullable=False),  # the client's clock
    Column("received_at", UtcDateTime, nullable=False),  # the store's clock
    Column("seconds_spent", Float(53)),
    Column("error_probability", Float(53)),
    Column("suggested_label", Text),  # JSON
    Column("note", PlainText, nullable=False),
    Column("merged", Text),  # JSON; NULL but for merges of names
    Column("batch", PlainText),  # shared by decisions made at once; NULL for single ones
    Column("source", Text, nullable=False, server_default="queue"),
    UniqueConstraint("project_id", "position"),
)

jobs = Table(
    "jobs",
    metadata,
    Column("number", Integer, primary_key=True),  # tells which of two is the later one, whatever the clock says
    Column("id", Text, nullable=False, unique=True),
    Column("project_id", Text, ForeignKey("projects.id", ondelete="CASCADE"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("options", Text, nullable=False),  # JSON
    Column("state", Text, nullable=False),
    Column("step", PlainText, nullable=False),
    Column("fraction", Float(53), nullable=False),
    Column("pid", BigInteger),
    Column("message", PlainText, nullable=False),
    Column("fix", PlainText, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("started_at", UtcDateTime),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    Index(None, "project_id", "number"),
    sqlite_autoincrement=True,
)

# Guideline, saved queues, switches: small things that everybody at a project shares.
project_settings = Table(
    "project_settings",
    metadata,
    Column("project_id", Text, ForeignKey("projects.id", ondelete="CASCADE"), primary_key=True),
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),  # JSON
)

settings = Table(
    "settings",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),  # JSON
)
