"""What the command line says when something goes wrong."""

from __future__ import annotations

import warnings

import pytest
import typer

from labelclean.cli.reporting import noted_warnings, report_errors, shown_progress
from labelclean.errors import FileContentError, LabelCleanError, LabelCleanWarning, NotFoundError
from labelclean.protocols import no_progress


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (FileContentError("It is empty.", fix="Use another."), 2),
        (LabelCleanError("It is empty.", fix="Use another."), 2),
        (NotFoundError("It is empty.", fix="Use another."), 3),
    ],
)
def test_an_error_of_ours_is_said_in_two_lines(
    error: LabelCleanError, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """What happened and how to fix it, on stderr, without a traceback."""
    with pytest.raises(typer.Exit) as ended, report_errors():
        raise error

    assert ended.value.exit_code == code
    shown = capsys.readouterr()
    assert shown.err == "error: It is empty.\nfix: Use another.\n"
    assert shown.out == ""


def test_an_error_without_a_fix_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """No empty promise."""
    with pytest.raises(typer.Exit), report_errors():
        raise LabelCleanError("It is empty.")

    assert capsys.readouterr().err == "error: It is empty.\n"


def test_an_unexpected_error_says_where_but_not_what(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its message could hold a text of the dataset, so that only its kind and place are shown."""
    monkeypatch.delenv("LABELCLEAN_DEBUG", raising=False)

    with pytest.raises(typer.Exit) as ended, report_errors():
        raise RuntimeError("private text")

    assert ended.value.exit_code == 1
    shown = capsys.readouterr().err
    assert "RuntimeError" in shown
    assert "private text" not in shown
    assert "Traceback" not in shown


def test_a_traceback_is_shown_on_request(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """LABELCLEAN_DEBUG is for whoever reports the error."""
    monkeypatch.setenv("LABELCLEAN_DEBUG", "1")

    with pytest.raises(typer.Exit), report_errors():
        raise RuntimeError("details")

    assert "Traceback" in capsys.readouterr().err


def test_an_interruption_has_the_shells_code(capsys: pytest.CaptureFixture[str]) -> None:
    """Ctrl+C is neither an error nor a success."""
    with pytest.raises(typer.Exit) as ended, report_errors():
        raise KeyboardInterrupt

    assert ended.value.exit_code == 130
    assert capsys.readouterr().err == "interrupted\n"


def test_no_bar_is_drawn_without_a_stderr(monkeypatch: pytest.MonkeyPatch) -> None:
    """A service may be started without one; Python then has None there."""
    monkeypatch.setattr("sys.stderr", None)

    with shown_progress(quiet=False) as progress:
        progress("Reading", 0.5)

    assert progress is no_progress


def test_no_bar_is_drawn_where_nobody_watches(capsys: pytest.CaptureFixture[str]) -> None:
    """A log file or a pipe gets no progress bar."""
    with shown_progress(quiet=False) as progress:
        progress("Reading", 0.5)

    assert progress is no_progress
    assert capsys.readouterr() == ("", "")


def test_a_bar_names_the_step_on_a_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a terminal the step under way can be read, on stderr only."""
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    monkeypatch.setenv("FORCE_COLOR", "1")

    with shown_progress(quiet=False) as progress:
        progress("Training [fold 1]", 0.5)

    shown = capsys.readouterr()
    assert "Training [fold 1]" in shown.err
    assert shown.out == ""


def test_warnings_of_the_package_are_said_in_plain_sentences(capsys: pytest.CaptureFixture[str]) -> None:
    """Without the place in the code that Python adds."""
    with noted_warnings():
        warnings.warn("Only one annotator voted.", LabelCleanWarning, stacklevel=1)

    assert capsys.readouterr().err == "warning: Only one annotator voted.\n"
