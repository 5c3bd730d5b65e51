"""The check in plain words, for people."""

from __future__ import annotations

from labelclean.checking.check import CheckResult
from labelclean.checking.places import FilePlaces
from labelclean.checking.rules import shown_name

__all__ = ["check_lines", "errors_in_words", "suspect_table"]

_MOST_SUSPECTS = 20


def errors_in_words(result: CheckResult) -> str:
    """Return one sentence about the label errors and their limit."""
    if result.audited is None:
        return "The labels were not judged."
    n_errors, interval = result.audited.n_errors, result.audited.interval
    share = f"{100 * n_errors / result.n_labelled:.1f} %" if result.n_labelled else "none"
    between = "" if interval is None else f" ({interval[0]:,} to {interval[1]:,})"
    sentence = f"About {n_errors:,.0f}{between} of {result.n_labelled:,} labels are wrong, {share}"
    limit = result.options.max_errors
    if limit is None:
        return f"{sentence}."
    against = "the lower end" if interval is not None and not result.options.is_strict else "the estimate"
    outcome = "is above" if result.has_too_many_errors else "is within"
    return f"{sentence}; {against} {outcome} the limit of {limit}."


def check_lines(result: CheckResult, places: FilePlaces) -> list[str]:
    """Return the report line by line, without the table of suspects."""
    rows = f"{result.n_rows:,} rows, {result.n_labelled:,} with a label, {result.n_classes:,} classes"
    lines = [f"{places.name}: {rows}"]
    if result.audited is not None:
        is_demanded = result.options.max_errors is not None
        mark = _mark(is_demanded=is_demanded, is_broken=result.has_too_many_errors)
        lines.append(f"{mark}  label-errors: {errors_in_words(result)}")
        if result.audited.statement:
            lines.append(f"      {result.audited.statement}")
    for breach in result.breaches:
        mark = _mark(is_demanded=breach.rule in result.options.fail_on, is_broken=breach.n_rows > 0)
        if breach.n_rows or breach.rule in result.options.fail_on:
            lines.append(f"{mark}  {breach.rule}: {breach.message}")
    return lines


def suspect_table(result: CheckResult, places: FilePlaces) -> list[tuple[str, ...]]:
    """Return the head and the first 20 suspects as cells; empty where there are none."""
    suspects = result.audited.suspects if result.audited else ()
    if not suspects:
        return []
    head = ("row", "line", "given label", "suggested label", "error probability")
    return [
        head,
        *(
            (
                str(suspect.row),
                str(places.lines.get(suspect.row, "")),
                shown_name(suspect.given),
                shown_name(suspect.suggested),
                f"{100 * suspect.error_probability:.0f} %",
            )
            for suspect in suspects[:_MOST_SUSPECTS]
        ),
    ]


def _mark(*, is_demanded: bool, is_broken: bool) -> str:
    if not is_demanded:
        return "info"
    return "FAIL" if is_broken else "ok  "
