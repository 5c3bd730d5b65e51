"""The check as JUnit XML, which most systems for continuous integration show as tests."""

from __future__ import annotations

import html
import re

from labelclean.checking.check import CheckResult
from labelclean.checking.places import FilePlaces
from labelclean.checking.rules import Breach, shown_name
from labelclean.checking.sarif import LABEL_ERRORS
from labelclean.checking.words import errors_in_words

__all__ = ["check_junit"]

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def check_junit(result: CheckResult, places: FilePlaces, *, with_texts: bool) -> bytes:
    """
    Return what was found as one suite of tests: one for the label errors, and one for each rule that was demanded.

    Parameters
    ----------
    result : CheckResult
        What was found.
    places : FilePlaces
        Where the listed rows stand.
    with_texts : bool
        Whether failures quote the texts.

    Returns
    -------
    bytes
        UTF-8 XML.
    """
    cases = [] if result.audited is None else [_label_errors(result, places, with_texts=with_texts)]
    cases += [
        _rule(breach, result, places, with_texts=with_texts)
        for breach in result.breaches
        if breach.rule in result.options.fail_on
    ]
    counts = f'tests="{len(cases)}" failures="{len(result.failed)}" errors="0"'
    suite = f'<testsuite name="{_safe(places.name)}" {counts} skipped="0">\n{"".join(cases)}</testsuite>\n'
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="labelclean check" {counts}>\n{suite}</testsuites>\n'
    ).encode()


def _label_errors(result: CheckResult, places: FilePlaces, *, with_texts: bool) -> str:
    suspects = result.audited.suspects if result.audited else ()
    lines = [
        f"{_place(suspect.row, places)}: {shown_name(suspect.given)} -> {shown_name(suspect.suggested)}, error "
        f"probability {100 * suspect.error_probability:.0f} %{_quoted(suspect.row, result, with_texts=with_texts)}"
        for suspect in suspects
    ]
    message = errors_in_words(result)
    return _case(LABEL_ERRORS, message, lines, is_failure=result.has_too_many_errors)


def _rule(breach: Breach, result: CheckResult, places: FilePlaces, *, with_texts: bool) -> str:
    lines = [_place(row, places) + _quoted(row, result, with_texts=with_texts) for row in result.listed_rows(breach)]
    return _case(breach.rule, breach.message, lines, is_failure=breach.n_rows > 0)


def _case(name: str, message: str, lines: list[str], *, is_failure: bool) -> str:
    head = f'<testcase classname="labelclean" name="{_safe(name)}">'
    body = _safe("\n".join(lines))
    if is_failure:
        return f'{head}<failure type="{_safe(name)}" message="{_safe(message)}">{body}</failure></testcase>\n'
    return f"{head}<system-out>{_safe(message)}{chr(10) if body else ''}{body}</system-out></testcase>\n"


def _place(row: int, places: FilePlaces) -> str:
    return f"row {row}" + (f", line {places.lines[row]}" if row in places.lines else "")


def _quoted(row: int, result: CheckResult, *, with_texts: bool) -> str:
    return f": {' '.join(result.texts[row].split())}" if with_texts else ""


def _safe(text: str) -> str:
    """Return text as XML; what XML cannot hold becomes a sign of its own."""
    return html.escape(_FORBIDDEN.sub("�", text))
