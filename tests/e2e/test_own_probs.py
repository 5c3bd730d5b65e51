"""Own probabilities in a real browser: added, corrected, used, and judged by the reader of the overview."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import expect

from tests.e2e.driver import App

pytestmark = pytest.mark.e2e

DEMO = Path(__file__).parents[2] / "assets" / "demo" / "support_messages.csv"


def demo_labels() -> list[str]:
    """Return the labels of the demo."""
    with DEMO.open(encoding="utf-8", newline="") as file:
        return [row["label"] for row in csv.DictReader(file)]


def probabilities(labels: list[str], doubted: set[int]) -> tuple[list[str], NDArray[np.float32]]:
    """Return the sorted classes, and a model that agrees with every label but the doubted ones."""
    classes = sorted(set(labels))
    codes = np.array([classes.index(label) for label in labels])
    codes[sorted(doubted)] = (codes[sorted(doubted)] + 1) % len(classes)
    probs = np.full((len(labels), len(classes)), 0.03, dtype=np.float32)
    probs[np.arange(len(labels)), codes] = 1 - 0.03 * (len(classes) - 1)
    return classes, probs


def test_own_probabilities_are_added_put_in_order_and_decide_what_is_flagged(app: App) -> None:
    """An array in another class order: the notice says so, one press puts it right, and its doubts are the queue."""
    doubted = {3, 40, 77, 200, 311, 402, 404, 500, 555, 600, 610, 12, 99, 150, 222, 333, 444, 18, 28, 38}
    classes, probs = probabilities(demo_labels(), doubted)
    buffer = io.BytesIO()
    np.save(buffer, np.roll(probs, 2, axis=1))
    app.upload("messages.csv", DEMO.read_bytes())
    fold = app.page.get_by_text("Use your own model's probabilities")
    expect(fold).to_be_visible(timeout=30_000)
    app.settle()
    fold.click()
    panel = app.page.locator('[data-testid="stExpander"]').filter(has=fold)
    panel.locator('input[type="file"]').set_input_files(
        {"name": "mine.npy", "mimeType": "application/octet-stream", "buffer": buffer.getvalue()}
    )

    expect(app.page.get_by_text("The classes seem to be in the wrong order")).to_be_visible(timeout=30_000)
    expect(app.page.get_by_text("617 rows, 10 classes, float32")).to_be_visible()
    app.settle()
    app.page.get_by_role("button", name="Use the order that fits").click()
    expect(app.page.get_by_text("the model seems not to know these rows")).to_be_visible(timeout=30_000)
    project = app.analyse()

    expect(app.page.get_by_text("Probabilities: your own (mine.npy).")).to_be_visible()
    (stored,) = app.query(
        "SELECT pred_probs FROM datasets JOIN projects ON projects.dataset_id = datasets.id WHERE projects.id = ?",
        project,
    )
    own = json.loads(stored["pred_probs"])
    assert own["class_names"] == [*classes[-2:], *classes[:-2]]
    assert (app.home / "datasets" / own["sha256"]).read_bytes() == buffer.getvalue()
    flagged = app.query(
        "SELECT row FROM suspects JOIN runs ON runs.number = suspects.run_number WHERE is_issue AND project_id = ?",
        project,
    )
    assert {line["row"] for line in flagged} <= doubted
    assert len(flagged) >= len(doubted) - 5
    app.review(project)
    assert app.shown()
