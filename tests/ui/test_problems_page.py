"""The page of other problems without a browser."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from streamlit.testing.v1 import AppTest

from labelclean.issues.problem import DataProblem, ProblemReport, problem_of
from labelclean.issues.problem_words import ProblemKind
from labelclean.review.queue_filter import QueueFilter
from labelclean.store.records import JobState, ProjectRecord
from labelclean.ui.problem_examples import (
    ProblemExample,
    class_bars_html,
    example_html,
    examples_html,
    pair_html,
)
from labelclean.workspace import Workspace


def html_of(page: AppTest) -> str:
    """Return all that the page says outside of widgets."""
    return "".join(element.proto.body for element in page.get("html"))


def problem(kind: ProblemKind, *rows: int, reason: str = "Because.", groups: int | None = None) -> DataProblem:
    """Return a problem of some rows, all in one group or alone."""
    found = problem_of(
        kind,
        rows,
        [0.5] * len(rows),
        [reason] * len(rows),
        groups=None if groups is None else np.full(len(rows), groups),
        is_spare=None if groups is None else np.arange(len(rows)) > 0,
    )
    assert found is not None
    return found


def store_report(workspace: Workspace, project: ProjectRecord, *problems: DataProblem) -> None:
    """Have these problems found in a project, and nothing else."""
    report = ProblemReport(problems=problems, checked=("outliers", "label_leaks"), left_out=(("ambiguous", "No."),))
    workspace.store.save_problems(project.id, str(project.run_id), report)


def test_each_problem_shows_its_count_its_meaning_and_examples(
    view: Callable[..., AppTest], make_project: Callable[..., ProjectRecord], workspace: Workspace
) -> None:
    """And what was looked for and not found, or not looked for."""
    project = make_project()
    store_report(workspace, project, problem("outliers", 3, 5, reason="It is <odd>."))

    page = view("problems", project)

    assert not page.exception
    said = html_of(page)
    assert "Texts unlike all others" in said
    assert "<b>2</b> rows" in said
    assert "It is &lt;odd&gt;." in said
    assert "Looked for and not found: texts that give their label away." in said
    assert "Ambiguous texts not looked for: No." in said


def test_the_rows_of_a_problem_are_a_queue(
    view: Callable[..., AppTest], make_project: Callable[..., ProjectRecord], workspace: Workspace
) -> None:
    """Flagged or not."""
    project = make_project()
    store_report(workspace, project, problem("outliers", 3, 5))
    page = view("problems", project)

    page.button(key="problem-review-outliers").click().run()

    assert page.session_state["labelclean.filter"] == QueueFilter(problem="outliers", only_issues=False)


def test_of_copies_one_stays(
    view: Callable[..., AppTest], make_project: Callable[..., ProjectRecord], workspace: Workspace
) -> None:
    """The way to excluding them all leaves the first row of each group, and the action is chosen already."""
    project = make_project()
    store_report(workspace, project, problem("near_duplicates", 3, 5, 6, groups=3))
    page = view("problems", project)

    assert page.button(key="problem-exclude-near_duplicates").label == "Exclude 2 copies …"
    page.button(key="problem-exclude-near_duplicates").click().run()

    assert page.session_state["labelclean.filter"] == QueueFilter(problem="near_duplicates:spare", only_issues=False)
    assert page.session_state["labelclean.bulk_kind"] == "exclude"


def test_classes_with_few_rows_are_bars_and_cannot_be_excluded(
    view: Callable[..., AppTest], make_project: Callable[..., ProjectRecord], workspace: Workspace
) -> None:
    """Too few rows are no reason to drop them."""
    project = make_project()
    store_report(workspace, project, problem("class_imbalance", 3))

    page = view("problems", project)

    assert "lc-class-bars" in html_of(page)
    assert [button.key for button in page.button] == ["problem-review-class_imbalance", "problems-search"]


def test_nothing_found_says_what_was_looked_for(
    view: Callable[..., AppTest], make_project: Callable[..., ProjectRecord], workspace: Workspace
) -> None:
    """A calm page, not an empty one."""
    project = make_project()
    store_report(workspace, project)

    said = html_of(view("problems", project))

    assert "Nothing found" in said
    assert "texts that give their label away, texts unlike all others" in said


def test_a_project_that_nobody_looked_at_offers_the_search(
    view: Callable[..., AppTest], make_project: Callable[..., ProjectRecord]
) -> None:
    """It was analysed by an older version."""
    page = view("problems", make_project())

    assert "Nobody has looked yet" in html_of(page)
    assert [button.label for button in page.button] == ["Look for problems"]


def test_a_search_that_failed_says_why(
    view: Callable[..., AppTest], make_project: Callable[..., ProjectRecord], workspace: Workspace
) -> None:
    """With the next step."""
    project = make_project()
    job = workspace.store.create_job(project.id, "problems", {})
    workspace.store.update_job(job.id, state=JobState.FAILED, message="It went wrong.", fix="Try again.")

    said = html_of(view("problems", project))

    assert "It went wrong." in said
    assert "Try again." in said


def test_the_demo_was_looked_at_when_it_was_analysed(view: Callable[..., AppTest], demo: ProjectRecord) -> None:
    """The page is there at once."""
    page = view("problems", demo)

    assert not page.exception
    assert "Nobody has looked yet" not in html_of(page)


# Examples


PLAIN = ProblemExample(row=1, text="a <b> text", given="re<fund", reason="Because.")


def test_texts_and_labels_are_escaped() -> None:
    """Nothing of the user's becomes HTML."""
    shown = example_html(PLAIN) + pair_html(PLAIN, PLAIN, 2) + class_bars_html([("<i>", 1), ("b", 2)])

    assert "a &lt;b&gt; text" in shown
    assert "re&lt;fund" in shown
    assert "&lt;i&gt;" in shown
    assert "and 2 more" in shown


def test_a_reason_that_examples_share_is_said_once() -> None:
    """Reasons that differ stand with their texts."""
    other = replace(PLAIN, reason="Otherwise.")

    assert examples_html([PLAIN, PLAIN, PLAIN]).count("Because.") == 1
    assert examples_html([PLAIN, PLAIN, other]).count("Because.") == 2


def test_a_string_is_marked_where_it_stands() -> None:
    """Whatever the case; of a long text, what is around it is shown."""
    long = replace(PLAIN, text=f"{'x' * 300} [Spam] tail", mark="[spam]")

    shown = example_html(long)

    assert "<mark class='lc-leak'>[Spam]</mark> tail" in shown
    assert "x" * 100 not in shown


def test_a_damaged_text_is_shown_with_its_repair() -> None:
    """Both around the damage."""
    shown = example_html(replace(PLAIN, text="y" * 300 + "cafÃ©", repaired="y" * 300 + "café"))

    assert "cafÃ©" in shown
    assert "Repaired: … yy" in shown


def test_of_many_classes_the_smallest_and_the_largest_are_drawn() -> None:
    """Eight, and one for comparison."""
    shown = class_bars_html([(f"class {number}", number) for number in range(1, 21)])

    assert shown.count("<li>") == 9
    assert "11 more between them" in shown
    assert class_bars_html([]) == ""
