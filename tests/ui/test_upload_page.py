"""The upload page without a browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from streamlit.testing.v1 import AppTest

from labelclean.store.records import ProjectRecord


def _html(page: AppTest) -> str:
    return "".join(element.proto.body for element in page.get("html"))


def _read(page: AppTest, path: Path) -> AppTest:
    page.text_input[0].set_value(str(path))
    page.button[0].click().run()
    return page.run()


def test_a_named_path_is_understood_with_reasons(
    view: Callable[..., AppTest], demo: ProjectRecord, tmp_path: Path
) -> None:
    """Format, encoding, delimiter, columns and checks appear; every guess can be changed."""
    assert demo.has_run
    source = tmp_path / "mine.csv"
    lines = [f"{number};some words about thing {number};{'ab'[number % 2]}" for number in range(40)]
    source.write_text("\n".join(["key;comment;topic", *lines]), encoding="utf-8")

    page = _read(view("upload"), source)

    assert not page.exception
    assert "semicolon" in _html(page)
    boxes = {box.key: box for box in page.selectbox}
    assert (boxes["upload-text"].value, boxes["upload-label"].value) == ("comment", "topic")
    assert page.button(key="upload-start").label.startswith("Find label errors in 40 rows and 2 classes")


def test_a_path_that_is_not_there_gets_a_message(
    view: Callable[..., AppTest], demo: ProjectRecord, tmp_path: Path
) -> None:
    """The page says that the file cannot be read, and stays as it is."""
    assert demo.has_run

    page = view("upload")
    page.text_input[0].set_value(str(tmp_path / "nowhere.csv"))
    page.button[0].click().run()

    assert not page.exception
    assert "That file cannot be read" in _html(page)


def test_an_upload_over_the_limit_is_refused_with_the_limit(
    view: Callable[..., AppTest], demo: ProjectRecord, demo_home: Path
) -> None:
    """A file that is too large leaves nothing behind."""
    assert demo.has_run
    kept = set((demo_home / "datasets").iterdir())

    page = view("upload")
    page.file_uploader[0].upload("large.csv", b"x" * (400_000_000 + 1))
    page.run(timeout=120)

    assert not page.exception
    assert "400" in _html(page)
    assert "must have at most" in _html(page)
    assert set((demo_home / "datasets").iterdir()) == kept


def test_a_wrong_encoding_is_refused_with_its_place(
    view: Callable[..., AppTest], demo: ProjectRecord, tmp_path: Path
) -> None:
    """The encoding can be changed; one that does not fit says where, and nothing can be started."""
    assert demo.has_run
    source = tmp_path / "latin.csv"
    rows = "".join(f"çé là {number},{'xy'[number % 2]}\n" for number in range(20))
    source.write_bytes(f"text,label\n{rows}".encode("cp1252"))
    page = _read(view("upload"), source)
    starts = [button.key for button in page.button]

    page.selectbox(key="upload-encoding").select("utf-8").run()

    assert "upload-start" in starts
    assert "the byte at offset 11 (line 2)" in _html(page)
    assert "upload-start" not in [button.key for button in page.button]
