"""What leaves the program: the corrected file, the change log, the report."""

from labelclean.export.certificate import Certificate
from labelclean.export.change_log import change_log_csv, change_log_jsonl
from labelclean.export.corrected_file import write_atomically, write_corrected_file
from labelclean.export.log_reader import LogEntry, read_change_log
from labelclean.export.planned import CellChange, planned_changes
from labelclean.export.replay import Replay, ReplayedRow, replay_log
from labelclean.export.replay_report import replay_report
from labelclean.export.report import ReportFacts, html_report
from labelclean.export.report_figures import ClassMap
from labelclean.export.report_review import ReportClass, ReviewFacts

__all__ = [
    "CellChange",
    "Certificate",
    "ClassMap",
    "LogEntry",
    "Replay",
    "ReplayedRow",
    "ReportClass",
    "ReportFacts",
    "ReviewFacts",
    "change_log_csv",
    "change_log_jsonl",
    "html_report",
    "planned_changes",
    "read_change_log",
    "replay_log",
    "replay_report",
    "write_atomically",
    "write_corrected_file",
]
