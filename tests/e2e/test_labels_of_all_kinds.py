"""Files whose labels stand in unusual forms, in a real browser: uploaded, reviewed, and given back."""

from __future__ import annotations

import csv
import io
import json
import zipfile

import openpyxl
import pytest
from playwright.sync_api import expect

from tests.e2e.driver import App
from tests.label_files import ONE_HOT_LABELS, named_csv, one_hot_csv, workbook

pytestmark = pytest.mark.e2e


def _rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def test_columns_of_labels_come_back_with_the_corrected_crosses_alone(app: App) -> None:
    """One set is accepted, one gets two labels by name, one is kept: only their cells are others than in the file."""
    app.upload("crosses.csv", one_hot_csv(120))
    expect(app.page.get_by_text("∅ labelled, with none")).to_be_visible(timeout=30_000)
    project = app.analyse()

    app.review(project, "&all=1")
    app.page.keyboard.press("a")
    app.decisions(project, 1)
    app.page.keyboard.press("/")
    app.page.keyboard.type("refund, late")
    app.page.keyboard.press("Enter")
    expect(app.page.locator(".draft")).to_be_visible()
    app.page.keyboard.press("Enter")
    app.decisions(project, 2)
    app.page.keyboard.press("k")
    accepted, typed, _ = app.decisions(project, 3)
    app.page.get_by_role("link", name="Export").click()
    expect(app.page.get_by_text("label cells will change")).to_be_visible(timeout=30_000)
    corrected = _rows(app.download("Download the corrected file"))

    expected = _rows(one_hot_csv(120))
    given = {name for name in ONE_HOT_LABELS if expected[typed["row"]][name] == "x"}
    assert set(json.loads(typed["label"])) == given | {"refund", "late"}
    for entry in (accepted, typed):
        for name in ONE_HOT_LABELS:
            expected[entry["row"]][name] = "x" if name in json.loads(entry["label"]) else ""
    assert corrected == expected
    assert corrected != _rows(one_hot_csv(120))


def test_a_workbook_comes_back_with_two_other_cells(app: App) -> None:
    """Sheets, formulas and all other parts of the workbook are those of the file."""
    original = workbook(120)
    app.upload("book.xlsx", original)
    expect(app.page.get_by_text("Excel workbook", exact=True)).to_be_visible(timeout=30_000)
    project = app.analyse()

    app.review(project, "&all=1")
    app.page.keyboard.press("a")
    app.decisions(project, 1)
    app.page.keyboard.press("a")
    decided = app.decisions(project, 2)
    app.page.get_by_role("link", name="Export").click()
    expect(app.page.get_by_text("label cells will change")).to_be_visible(timeout=30_000)
    corrected = app.download("Download the corrected file")

    before, after = (openpyxl.load_workbook(io.BytesIO(content)) for content in (original, corrected))
    assert after.sheetnames == before.sheetnames
    changed = {
        (name, cell.coordinate): cell.value
        for name in before.sheetnames
        for line in after[name].iter_rows()
        for cell in line
        if cell.value != before[name][cell.coordinate].value
    }
    given = {entry["row"]: before["Messages"].cell(entry["row"] + 2, 3).value for entry in decided}
    assert changed == {
        ("Messages", f"C{entry['row'] + 2}"): json.loads(entry["label"])
        for entry in decided
        if json.loads(entry["label"]) != given[entry["row"]]
    }
    assert changed
    with zipfile.ZipFile(io.BytesIO(original)) as old, zipfile.ZipFile(io.BytesIO(corrected)) as new:
        assert new.namelist() == old.namelist()


def test_names_merged_on_the_overview_survive_a_refresh_and_come_back_undone(app: App) -> None:
    """Dialog, F5, export, undo: each is one press; the file follows."""
    app.upload("names.csv", named_csv(120))
    project = app.analyse()
    app.page.get_by_role("button", name="Merge …").first.click()
    expect(app.page.get_by_text("Undo takes it back whole")).to_be_visible(timeout=30_000)

    app.page.get_by_role("button", name="Merge", exact=True).click()
    expect(app.page.get_by_text("Names have changed since the analysis.")).to_be_visible(timeout=30_000)
    app.page.reload()
    expect(app.page.get_by_text("Names have changed since the analysis.")).to_be_visible(timeout=30_000)
    (merge,) = app.decisions(project, 1)
    app.page.get_by_role("link", name="Export").click()
    expect(app.page.get_by_text("label cells will change")).to_be_visible(timeout=30_000)
    merged = _rows(app.download("Download the corrected file"))
    app.page.get_by_role("link", name="Overview").click()
    app.page.get_by_role("button", name="Undo", exact=True).click(timeout=30_000)
    expect(app.page.get_by_role("button", name="Redo", exact=True)).to_be_visible(timeout=30_000)
    app.page.get_by_role("link", name="Export").click()
    expect(app.page.get_by_text("No label changes yet.")).to_be_visible(timeout=30_000)
    undone = app.download("Download the corrected file")

    name = json.loads(merge["label"])
    same = {"refund", "Refund", "refund "}
    assert [row["topic"] for row in merged] == [
        name if row["topic"] in same else row["topic"] for row in _rows(named_csv(120))
    ]
    assert undone == named_csv(120)
