"""The whole app in a real browser: a real server process, real SQLite, real files."""

from __future__ import annotations

import csv
import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import StartServer
from tests.e2e.driver import App

pytestmark = pytest.mark.e2e

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "assets" / "demo" / "support_messages.csv"
LOCKED_SECONDS = 10.0


def spelled(rows: list[dict[str, str]]) -> bytes:
    """
    Write rows as an awkward file.

    Byte order mark, semicolons, CRLF, every text quoted and broken over two lines, labels quoted in odd rows only, no
    final line end.
    """
    lines = ["id;message;intent"]
    for number, row in enumerate(rows):
        text = row["text"].replace('"', '""').replace(" ", "\r\n", 1)
        label = f'"{row["label"]}"' if number % 2 else row["label"]
        lines.append(f'{row["id"]};"{text}";{label}')
    return b"\xef\xbb\xbf" + "\r\n".join(lines).encode()


def demo_rows(*classes: str) -> list[dict[str, str]]:
    """Return the demo's rows of some classes."""
    with DEMO.open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["label"] in classes]


def test_upload_run_review_by_keyboard_and_export_gives_the_expected_bytes(app: App) -> None:
    """The main job: the same file comes back, only the labels that were corrected by key are others."""
    rows = demo_rows("refund", "login_problem", "warranty")
    app.upload("awkward.csv", spelled(rows))
    expect(app.page.get_by_text("utf-8 with byte order mark")).to_be_visible(timeout=30_000)
    expect(app.page.get_by_text("semicolon", exact=True).first).to_be_visible()
    project = app.analyse()

    app.review(project)
    for key in ("a", "k", "x", "a", "b"):
        app.page.keyboard.press(key)
    decided = app.decisions(project, 5)
    app.page.get_by_role("link", name="Export").click()
    expect(app.page.get_by_text("label cells will change")).to_be_visible(timeout=30_000)
    corrected = app.download("Download the corrected file")
    log = app.download("CSV").decode()
    report = app.download("Download the report").decode()

    assert [entry["verdict"] for entry in decided] == ["accept", "keep", "exclude", "accept", "ambiguous"]
    expected = [dict(row) for row in rows]
    for entry in decided:
        if entry["verdict"] == "accept":
            assert expected[entry["row"]]["label"] != json.loads(entry["label"])
            expected[entry["row"]]["label"] = json.loads(entry["label"])
    assert corrected == spelled(expected)
    assert [line["verdict"] for line in csv.DictReader(log.splitlines())] == [
        entry["verdict"] for entry in sorted(decided, key=lambda entry: int(entry["row"]))
    ]
    assert "awkward.csv" in report


def test_a_refresh_keeps_the_place(app: App) -> None:
    """After F5 the same card is on screen, and the decision made before is still there."""
    project = app.demo_id()
    app.review(project)
    before = len(app.decisions(project, 0))
    app.page.keyboard.press("k")
    app.page.keyboard.press("ArrowRight")
    app.page.keyboard.press("ArrowRight")
    app.decisions(project, before + 1)
    app.page.wait_for_timeout(1_500)
    shown = app.shown()

    app.page.reload()
    expect(app.page.locator(".labelclean .foot")).to_be_visible(timeout=30_000)

    assert app.shown() == shown
    assert len(app.decisions(project, before + 1)) == before + 1


def test_sixty_fast_presses_are_stored_each_on_the_row_that_was_on_screen(app: App) -> None:
    """Thirty milliseconds apart, in the whole app: no press is lost, none lands on another row."""
    project = app.demo_id()
    with DEMO.open(encoding="utf-8", newline="") as file:
        row_of = {line["text"]: row for row, line in enumerate(csv.DictReader(file))}
    app.review(project, "&all=1")
    app.page.wait_for_timeout(1_000)
    before = len(app.decisions(project, 0))
    app.page.evaluate(
        """() => {
            const all = [...document.querySelectorAll("*")];
            const host = all.find((node) => node.shadowRoot?.querySelector(".labelclean"));
            window.shown = [];
            window.addEventListener(
                "keydown", () => window.shown.push(host.shadowRoot.querySelector(".text").textContent), true);
        }"""
    )

    for place in range(60):
        app.page.keyboard.press("kabu"[place % 4])
        app.page.wait_for_timeout(30)
    stored = app.decisions(project, before + 60)[before:]

    assert [entry["row"] for entry in stored] == [row_of[text] for text in app.page.evaluate("window.shown")]
    assert len({entry["row"] for entry in stored}) == 60
    assert len({entry["uuid"] for entry in stored}) == 60


def test_a_click_on_a_cell_opens_the_queue_of_exactly_those_rows(app: App) -> None:
    """The pair of the cell and nothing else is in the queue that opens."""
    project = app.demo_id()
    app.open(f"noise?project={project}")
    chart = app.page.locator(".js-plotly-plot").first
    chart.wait_for(timeout=30_000)
    app.page.wait_for_timeout(1_500)
    statement = (
        "SELECT given, suggested, COUNT(*) AS n FROM suspects WHERE given <> suggested AND given >= 0 "
        "AND run_number = (SELECT number FROM runs WHERE project_id = ?) GROUP BY 1, 2 ORDER BY n DESC, 1, 2 LIMIT 1"
    )
    pair = app.query(statement, project)[0]
    place = chart.evaluate(
        """(plot, pair) => {
            const trace = plot.data.findIndex((trace) => trace.customdata);
            const at = plot.data[trace].customdata.findIndex((cell) => cell[0] === pair[0] && cell[1] === pair[1]);
            const points = plot._fullData[trace];
            const box = plot.getBoundingClientRect(), layout = plot._fullLayout;
            const x = layout.xaxis.d2p(points.x[at]) + layout.xaxis._offset;
            const y = layout.yaxis.d2p(points.y[at]) + layout.yaxis._offset;
            return [box.left + x, box.top + y];
        }""",
        [pair["given"], pair["suggested"]],
    )

    app.page.mouse.click(place[0], place[1])
    expect(app.page.locator(".labelclean .foot")).to_be_visible(timeout=30_000)

    assert "given=" in app.page.url
    assert "suggested=" in app.page.url
    expect(app.page.locator(".labelclean .foot")).to_contain_text(f"of {pair['n']}")


def test_a_click_on_a_row_of_the_table_opens_the_same_queue(app: App) -> None:
    """The first line is the most frequent pair; as many rows are in the queue as the line says."""
    project = app.demo_id()
    statement = (
        "SELECT COUNT(*) AS n FROM suspects WHERE given <> suggested AND given >= 0 AND run_number = "
        "(SELECT number FROM runs WHERE project_id = ?) GROUP BY given, suggested ORDER BY n DESC LIMIT 1"
    )
    most = app.query(statement, project)[0]["n"]
    app.open(f"noise?project={project}")
    table = app.page.get_by_test_id("stDataFrame").first
    table.wait_for(timeout=30_000)
    app.page.wait_for_timeout(1_500)

    # The table is a canvas: its first line's box lies under the head line, 35 pixels high like every line.
    table.click(position={"x": 16, "y": 53})
    expect(app.page.locator(".labelclean .foot")).to_be_visible(timeout=30_000)

    assert {"given", "suggested"} <= {part.split("=")[0] for part in app.page.url.split("?")[1].split("&")}
    expect(app.page.locator(".labelclean .foot")).to_contain_text(f"of {most}")


def test_hostile_text_is_shown_as_plain_text_on_every_page(app: App) -> None:
    """Script, markup, markdown and maths in texts, labels, column and file names run nowhere."""
    hostile = '<script>window.hacked=1</script><img src=x onerror="window.hacked=1">**bold** $x^2$ :red[x] مرحبا'
    rows = demo_rows("refund", "login_problem")
    names = {"refund": f"{hostile} A", "login_problem": "<b>B</b> $y$ `code`"}
    lines = ["id\ttext<img src=x onerror=window.hacked=1>\tlabel **x**"]
    lines += [f"{row['id']}\t{hostile} {row['text']}\t{names[row['label']]}" for row in rows]
    app.upload("a<img src=x onerror=window.hacked=1>.tsv", "\n".join(lines).replace('"', "'").encode())
    choose_column(app.page, "upload-label", "label **x**")
    project = app.analyse()
    for view in ("", "overview", "noise", "review", "export"):
        app.open(f"{view}?project={project}" if view else "")
        app.page.wait_for_timeout(2_000)

        assert app.page.evaluate("window.hacked") is None, view
        assert app.page.locator("img[src='x']").count() == 0, view
        assert app.page.locator(".katex").count() == 0, view
    app.review(project)

    assert app.shown().startswith(hostile.replace('"', "'"))
    assert app.page.locator(".labelclean .text strong, .labelclean .text b").count() == 0


def test_no_request_leaves_this_machine(app: App) -> None:
    """Every view asks only the local server."""
    outside: list[str] = []
    prefix = (app.server.url, app.server.url.replace("http", "ws"), "data:", "blob:")
    app.page.on("request", lambda request: None if request.url.startswith(prefix) else outside.append(request.url))
    project = app.demo_id()

    for view in ("", "upload", f"overview?project={project}", f"noise?project={project}", f"export?project={project}"):
        app.open(view)
        app.page.wait_for_timeout(1_500)
    app.review(project)

    assert outside == []


STORED = ("projects", "datasets", "jobs", "runs")
BAD_FILES: dict[str, tuple[str, bytes, str]] = {
    "empty file": ("a.csv", b"", "the file must hold a header and at least one row; it is empty"),
    "header only": ("a.csv", b"text,label\n", "it has a header only"),
    "one class only": (
        "a.csv",
        b"text,label\n" + b"hello there,x\nhow are you,x\nfine thanks,x\n" * 4,
        "all 12 labels are the same",
    ),
    "binary file": ("a.csv", b"PK\x03\x04\x00\x00\x00\x08" + bytes(range(256)) * 8, "the zip archive must be whole"),
    "ragged row": ("a.csv", b"text,label\nhello there,x\none,two,three\nfine,y\n", "begins in line 3 has 3"),
    "duplicate columns": ("a.csv", b"text,text\nhello there,x\nfine,y\n", "is the name of columns 1, 2"),
    "all labels empty": ("a.csv", b"text,label\nhello there,\nhow are you,\nfine thanks,\n", "all 3 labels are empty"),
    "all texts empty": ("a.csv", b"text,label\n,x\n,y\n,x\n,y\n", "all 4 texts are empty"),
}


@pytest.mark.parametrize("case", BAD_FILES)
def test_a_bad_file_is_refused_with_its_own_message_and_nothing_is_stored(app: App, case: str) -> None:
    """The message says what is wrong; no project is made."""
    name, content, message = BAD_FILES[case]
    app.demo_id()
    before = [app.query(f"SELECT id FROM {table}") for table in STORED]  # noqa: S608  (constants)

    app.upload(name, content)
    if case in {"one class only", "all labels empty", "all texts empty"}:
        choose_column(app.page, "upload-text", "text")
        choose_column(app.page, "upload-label", "label")
    alert = app.page.locator('.lc-notice.error[role="alert"]').first
    expect(alert).to_be_visible(timeout=30_000)

    assert message in (alert.text_content() or "").lower()
    assert app.page.get_by_role("button", name="Find label errors in").count() == 0
    assert [app.query(f"SELECT id FROM {table}") for table in STORED] == before  # noqa: S608  (constants)


def test_a_file_without_a_text_column_asks_for_one(app: App) -> None:
    """Where no column looks like a text, nothing can be started until one is chosen."""
    lines = [f"{37 * number % 101},{'ab'[number % 2]}" for number in range(60)]
    app.upload("numbers.csv", "\n".join(["amount,label", *lines]).encode())

    expect(app.page.get_by_text("No column looks like a text")).to_be_visible(timeout=30_000)

    assert app.page.get_by_role("button", name="Find label errors in").count() == 0


def choose_column(page: Page, key: str, column: str) -> None:
    """Choose a column on the upload page, unless it is the one that was guessed."""
    box = page.locator(f".st-key-{key}")
    expect(box).to_be_visible(timeout=30_000)
    if box.get_by_role("combobox").input_value() == column or box.get_by_text(column, exact=True).count():
        return
    box.get_by_role("combobox").click()
    page.get_by_role("option", name=column, exact=True).click()
    page.wait_for_timeout(800)


def test_a_run_can_be_cancelled_and_started_again(app: App) -> None:
    """Cancel ends the work and keeps the file; a refresh finds the run under way."""
    rows = demo_rows("refund", "login_problem", "warranty", "billing", "delivery_time")
    many = [{**row, "text": f"{row['text']} {number}"} for number in range(60) for row in rows]
    app.upload("many.csv", spelled(many))
    app.page.get_by_role("button", name="Find label errors in").click(timeout=60_000)
    cancel = app.page.get_by_role("button", name="Cancel")
    expect(cancel).to_be_visible(timeout=30_000)
    app.page.reload()
    expect(cancel).to_be_visible(timeout=30_000)

    cancel.click()
    expect(app.page.get_by_text("The analysis was cancelled")).to_be_visible(timeout=30_000)
    job = app.query("SELECT state, pid FROM jobs ORDER BY number DESC LIMIT 1")[0]

    assert job["state"] == "cancelled"
    assert not Path(f"/proc/{job['pid']}/cmdline").exists() or not Path(f"/proc/{job['pid']}/cmdline").read_bytes()
    expect(app.page.get_by_role("button", name="Find label errors")).to_be_visible()


def test_after_kill_9_the_same_project_opens_at_the_same_place_with_every_decision(
    page: Page, start_server: StartServer, free_port: Callable[[], int], tmp_path: Path
) -> None:
    """Five decisions made while the server was dead arrive; what was stored before is still there."""
    port = free_port()
    env = {"LABELCLEAN_HOME": str(tmp_path)}
    with start_server(ROOT / "app.py", port, env) as server:
        app = App(page, server, tmp_path)
        project = app.demo_id()
        app.review(project)
        for key in ("k", "a", "k"):
            page.keyboard.press(key)
        app.decisions(project, 3)
        server.kill()
        for key in ("a", "k", "u", "k", "a"):
            page.keyboard.press(key)
        shown = app.shown()

    with start_server(ROOT / "app.py", port, env):
        stored = app.decisions(project, 8)
        expect(page.locator(".labelclean .saved")).to_have_attribute("data-state", "saved", timeout=30_000)
        stayed = app.shown()
        app.review(project)
        after_reload = app.shown()

    assert [entry["verdict"] for entry in stored] == [
        "keep",
        "accept",
        "keep",
        "accept",
        "keep",
        "unsure",
        "keep",
        "accept",
    ]
    assert len({entry["uuid"] for entry in stored}) == 8
    assert stayed == shown
    assert after_reload == shown


def test_projects_can_be_renamed_and_deleted_after_a_question(app: App) -> None:
    """Rename keeps everything; delete asks first, then takes the project and its file."""
    rows = demo_rows("refund", "login_problem")
    app.upload("short lived.csv", spelled(rows))
    project = app.analyse()
    app.open()
    app.page.locator(f".st-key-rename-{project} button").click()
    app.page.get_by_role("textbox", name="Name").fill("Better name")
    app.page.get_by_role("button", name="Save").click()
    expect(app.page.locator(".lc-project-name", has_text="Better name")).to_be_visible()

    app.page.locator(f".st-key-delete-{project} button").click()
    app.page.get_by_role("button", name="Keep it").click()
    expect(app.page.get_by_role("button", name="Keep it")).to_have_count(0)
    assert app.query("SELECT name FROM projects WHERE id = ?", project) == [{"name": "Better name"}]
    app.page.locator(f".st-key-delete-{project} button").click()
    app.page.get_by_role("button", name="Delete for good").click()
    expect(app.page.locator(".lc-project-name", has_text="Better name")).to_have_count(0)

    assert app.query("SELECT name FROM projects WHERE id = ?", project) == []


def test_the_card_stays_while_the_database_is_locked_and_stores_afterwards(app: App) -> None:
    """Another program may hold the database for ten seconds: the reviewer is told, goes on, and nothing is lost."""
    project = app.demo_id()
    app.review(project, "&all=1")
    app.settle()
    before = len(app.decisions(project, 0))
    shown = []

    with app.locked():
        ends = time.monotonic() + LOCKED_SECONDS
        for place in range(10):
            shown.append(app.shown())
            app.page.keyboard.press("ku"[place % 2])
            if not place:
                expect(app.page.get_by_text("held it for too long")).to_be_visible(timeout=30_000)
        expect(app.page.locator(".labelclean .text")).to_be_visible()
        app.page.wait_for_timeout(1000 * max(0.0, ends - time.monotonic()))

    expect(app.page.locator(".labelclean .saved")).to_have_text("saved", timeout=60_000)
    stored = app.decisions(project, before + 10)[before:]
    assert len(set(shown)) == 10
    assert [entry["verdict"] for entry in stored] == ["keep", "unsure"] * 5
    assert len({entry["row"] for entry in stored}) == 10
