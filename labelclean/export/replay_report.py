"""The report of a replayed log: one line for each line of the log, as CSV."""

from __future__ import annotations

import csv
import io

from labelclean.export.change_log import escape_cell
from labelclean.export.label_words import label_text
from labelclean.export.replay import Replay

__all__ = ["REPORT_COLUMNS", "replay_report"]

REPORT_COLUMNS = ("line", "row", "id", "status", "row_now", "is_moved", "old", "new", "label_now", "reason")
"""
The columns of the report: line and row as the log has them, what becomes of the row, where it is in the file now,
whether that is another place, the labels of the log, the label in the file, and why nothing can be done.
"""


def replay_report(replay: Replay) -> bytes:
    """
    Return the report as CSV.

    Parameters
    ----------
    replay : Replay
        As ``replay_log`` gives it.

    Returns
    -------
    bytes
        UTF-8, commas, CRLF; cells that a spreadsheet would run as formulas have an apostrophe in front.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(REPORT_COLUMNS)
    for row in replay.rows:
        entry = row.entry
        writer.writerow(
            [
                entry.line,
                entry.row,
                escape_cell(entry.row_id or ""),
                row.status,
                "" if row.row is None else row.row,
                "true" if row.is_moved else "false",
                escape_cell(label_text(entry.old)),
                escape_cell(label_text(entry.new)),
                "" if row.row is None else escape_cell(label_text(row.now)),
                row.reason,
            ]
        )
    return text.getvalue().encode("utf-8", "surrogatepass")
