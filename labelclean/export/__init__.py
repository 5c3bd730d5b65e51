"""What leaves the program: the corrected file, the change log, the report."""

from labelclean.export.change_log import change_log_csv, change_log_jsonl
from labelclean.export.corrected_file import write_atomically, write_corrected_file
from labelclean.export.log_reader import LogEntry, read_change_log
from labelclean.export.planned import CellChange, planned_changes
from labelclean.export.replay import corrections_from_log, excluded_from_log
from labelclean.export.report import ReportFacts, html_report

__all__ = [
    "CellChange",
    "LogEntry",
    "ReportFacts",
    "change_log_csv",
    "change_log_jsonl",
    "corrections_from_log",
    "excluded_from_log",
    "html_report",
    "planned_changes",
    "read_change_log",
    "write_atomically",
    "write_corrected_file",
]
