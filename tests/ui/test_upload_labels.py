"""The upload page and the ways in which labels can stand in a file, without a browser."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from labelclean.label_set import LabelSet
from labelclean.review.decisions import EventKind
from labelclean.store.records import ProjectRecord
from labelclean.workspace import Workspace
from tests.label_files import ONE_HOT_LABELS, dataset_folder, named_csv, one_hot_csv, topic_rows, votes_csv, workbook

View = Callable[..., AppTest]


def _html(page: AppTest) -> str:
    return "".join(element.proto.body for element in page.get("html"))


def _upload(view: View, name: str, content: bytes) -> AppTest:
    page = view("upload")
    page.file_uploader[0].upload(name, content)
    page.run()
    return page.run()


def _start(page: AppTest, workspace: Workspace) -> ProjectRecord:
    """Press the button, and return the project that is made; its analysis is somebody else's test."""
    before = {project.id for project in workspace.store.list_projects()}
    page.button(key="upload-start").click().run()
    (made,) = [project for project in workspace.store.list_projects() if project.id not in before]
    return made


def _choose_sheet(page: AppTest, name: str) -> None:
    next(box for box in page.selectbox if box.label == "Sheet").set_value(name).run()


def _keys(page: AppTest) -> list[str | None]:
    return [button.key for button in page.button]


def test_one_column_for_each_label_is_understood(view: View, demo: ProjectRecord, workspace: Workspace) -> None:
    """The columns can be changed, the sample shows cells beside labels, and the project reads label sets."""
    assert demo.has_run
    page = _upload(view, "topics.csv", one_hot_csv())

    assert not page.exception
    assert page.multiselect[0].value == list(ONE_HOT_LABELS)
    assert page.selectbox(key="upload-form-late").value == "one_hot"
    assert "∅ labelled, with none" in _html(page)
    assert "3 labels" in _html(page)
    made = _start(page, workspace)
    assert workspace.load_dataset(made).given_label(4) == LabelSet(["late", "refund"])
    workspace.delete_project(made.id)


def test_another_way_of_writing_labels_can_be_chosen(view: View, demo: ProjectRecord) -> None:
    """Cells with a separator, read as one label each and then as sets."""
    assert demo.has_run
    lines = [f'{row},"{text}",{"+".join(given)}' for row, (text, given) in enumerate(topic_rows(60))]
    page = _upload(view, "plus.csv", "\n".join(["nr,message,topic", *lines]).encode())

    page.selectbox(key="upload-form-topic").set_value("plain").run()
    as_plain = _html(page)
    page.selectbox(key="upload-form-topic").set_value("joined").run()
    page.selectbox(key="upload-separator-topic").set_value("+").run()

    assert not page.exception
    assert "late+refund</bdi>" in as_plain
    assert 'given">late</bdi> <bdi class="lc-plate given">refund</bdi>' in _html(page)
    assert "not labelled" in _html(page)


def test_numbers_get_names_from_a_pasted_list(view: View, demo: ProjectRecord) -> None:
    """One name on a line, the first one is 0."""
    assert demo.has_run
    lines = [f'{row},"{text}",{row % 3}' for row, (text, _) in enumerate(topic_rows(60))]
    page = _upload(view, "numbers.csv", "\n".join(["nr,message,label", *lines]).encode())

    page.selectbox(key="upload-form-label").set_value("names").run()
    page.text_area(key="upload-names").set_value("late\nbroken\nrefund").run()

    assert not page.exception
    assert "3 names: 0 is “late”, 2 is “refund”." in _html(page)
    assert '<code>1</code></td><td><bdi class="lc-plate given">broken</bdi>' in _html(page)
    assert "upload-start" in _keys(page)


def test_a_sheet_without_rows_says_so_and_another_one_can_be_chosen(view: View, demo: ProjectRecord) -> None:
    """The sheets are offered even where the chosen one cannot be read."""
    assert demo.has_run
    page = _upload(view, "book.xlsx", workbook())

    _choose_sheet(page, "Read me")
    refused = _html(page)
    _choose_sheet(page, "Messages")

    assert not page.exception
    assert "there is nothing below it" in refused
    assert "Excel workbook" in _html(page)
    assert page.selectbox(key="upload-label").value == "topic"
    assert "upload-start" in _keys(page)


def test_a_formula_for_a_label_is_refused_with_its_cell(view: View, demo: ProjectRecord, demo_home: Path) -> None:
    """A correction could not be written into it; nothing is made."""
    assert demo.has_run
    page = _upload(view, "book.xlsx", workbook())
    _choose_sheet(page, "Messages")

    page.selectbox(key="upload-label").set_value("length").run()

    assert not page.exception
    assert "formula" in _html(page)
    assert "upload-start" not in _keys(page)
    assert (demo_home / "datasets").exists()


def test_votes_of_several_annotators_can_be_told(view: View, demo: ProjectRecord, workspace: Workspace) -> None:
    """One column each; the sample shows who said what, and corrections get a column of their own."""
    assert demo.has_run
    page = _upload(view, "votes.csv", votes_csv())

    form = next(box for box in page.selectbox if box.label == "Labels are written as")
    form.set_value("annotator_columns").run()
    page.multiselect[0].set_value(["kim", "lee", "sam"]).run()
    page.text_input(key="upload-consensus").set_value("agreed").run()

    assert not page.exception
    assert "<small>kim</small> <code>" in _html(page)
    assert "3 annotators" in _html(page)
    made = _start(page, workspace)
    votes = made.dataset.roles.votes
    assert votes is not None
    assert (votes.columns, votes.consensus) == (("kim", "lee", "sam"), "agreed")
    workspace.delete_project(made.id)


def test_the_text_cannot_be_a_label_too(view: View, demo: ProjectRecord) -> None:
    """The page asks for another column, and cannot start."""
    assert demo.has_run
    page = _upload(view, "topics.csv", one_hot_csv())

    page.selectbox(key="upload-text").set_value("late").run()

    assert not page.exception
    assert "two different ones" in _html(page)
    assert "upload-start" not in _keys(page)


def test_names_that_look_alike_are_merged_when_the_project_is_made(
    view: View, demo: ProjectRecord, workspace: Workspace
) -> None:
    """The merge is the first entry of the log."""
    assert demo.has_run
    page = _upload(view, "names.csv", named_csv())
    before = _html(page)

    page.checkbox(key="upload-merge-0").check().run()
    page.selectbox(key="upload-merge-into-0").select_index(1).run()
    made = _start(page, workspace)

    (merge,) = workspace.store.load_events(made.id)
    assert "1 class seems to have several names." in before
    assert "refund␣" in before
    assert (merge.kind, merge.label) == (EventKind.MERGE, "refund")
    assert set(merge.merged) == {"Refund", "refund "}
    workspace.delete_project(made.id)


def test_a_doubtful_encoding_is_asked_about_beside_the_preview(view: View, demo: ProjectRecord) -> None:
    """Only where nothing proves it, and not once it was chosen."""
    assert demo.has_run
    lines = "".join(f"{row};das Päckchen für Jürgen fehlt;{'Größe' if row % 2 else 'Rückgabe'}\n" for row in range(40))
    page = _upload(view, "umlauts.csv", f"nr;Nachricht;Thema\n{lines}".encode("cp1252"))
    asked = _html(page)

    page.selectbox(key="upload-encoding").select("cp1252").run()

    assert "Are all letters right? The encoding cp1252 is a guess" in asked
    assert "Are all letters right?" not in _html(page)
    assert "Größe" in _html(page)


BAD = {
    "empty.csv": b"",
    "broken.jsonl": b'{"text": "a", "label": "x"}\n{"text": \n',
    "cut.parquet": b"PAR1 and then nothing",
    "cut.csv.gz": b"\x1f\x8b\x08\x00\x00",
    "two.csv": b"text,text\na,b\n",
    "quote.csv": b'text,label\n"never closed,x\n' + b"some words,y\n" * 40,
    "deep.json": b"[" * 5000,
}


@pytest.mark.parametrize("name", list(BAD))
def test_a_bad_file_gets_its_message_and_makes_nothing(
    view: View, demo: ProjectRecord, workspace: Workspace, name: str
) -> None:
    """What is wrong and what to do; no project, and no way to start one."""
    assert demo.has_run
    before = {project.id for project in workspace.store.list_projects()}

    page = _upload(view, name, BAD[name])

    assert not page.exception
    assert 'class="lc-notice error"' in _html(page)
    assert "No project was made." in _html(page)
    assert "internal error" not in _html(page)
    assert "upload-start" not in _keys(page)
    assert {project.id for project in workspace.store.list_projects()} == before


def test_a_list_with_something_else_in_it_names_the_row(view: View, demo: ProjectRecord) -> None:
    """Labels that cannot be read are said where the sample would stand; another reading may do."""
    assert demo.has_run
    rows: list[dict[str, object]] = [{"text": text, "labels": given} for text, given in topic_rows(60)]
    rows[7]["labels"] = [{"late": 1}]
    page = _upload(view, "lists.jsonl", "\n".join(map(json.dumps, rows)).encode())

    assert not page.exception
    assert "upload-start" not in _keys(page)
    assert 'class="lc-notice error"' in _html(page)


def test_a_plain_folder_is_refused_with_what_to_do(view: View, demo: ProjectRecord, tmp_path: Path) -> None:
    """Only a folder that datasets saved is one table."""
    assert demo.has_run
    page = view("upload")

    page.text_input[0].set_value(str(tmp_path))
    page.button[0].click().run()

    assert not page.exception
    assert 'class="lc-notice error"' in _html(page)


def test_the_folder_of_a_dataset_is_kept_as_one_archive(
    view: View, demo: ProjectRecord, workspace: Workspace, tmp_path: Path
) -> None:
    """Named by its path; the numbers of its labels have names, and the export is a zip of the folder."""
    assert demo.has_run
    page = view("upload")

    page.text_input[0].set_value(str(dataset_folder(tmp_path / "messages")))
    page.button[0].click().run()
    page.run()

    assert not page.exception
    assert "Hugging Face dataset folder" in _html(page)
    assert '<code>1</code></td><td><bdi class="lc-plate given">late</bdi>' in _html(page)
    made = _start(page, workspace)
    assert made.dataset.file_name == "messages.zip"
    assert workspace.load_dataset(made).class_names == ("broken", "late", "other", "refund")
    export = view("export", made)
    assert not export.exception
    workspace.delete_project(made.id)
