"""The upload page without a browser."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from streamlit.testing.v1 import AppTest

from labelclean.home import Home
from labelclean.store.records import ProjectRecord
from labelclean.workspace import Workspace


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


N_ROWS = 320
CODES = np.arange(N_ROWS) % 2


def _two_topics(folder: Path) -> Path:
    """Write 320 rows of two classes; every tenth has the other's label."""
    given = np.where(np.arange(N_ROWS) % 10 == 3, 1 - CODES, CODES)
    lines = [f"m{row},some words about thing {row},{'ab'[code]}" for row, code in enumerate(given)]
    source = folder / "topics.csv"
    source.write_text("\n".join(["key,comment,topic", *lines]), encoding="utf-8")
    return source


def _probs() -> NDArray[np.float64]:
    """Return probabilities that know the right classes."""
    return np.where(np.eye(2)[CODES] == 1, 0.9, 0.1)


def _bytes(array: NDArray[np.float64]) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


def _add_probs(page: AppTest, name: str, content: bytes) -> AppTest:
    page.file_uploader[0].upload(name, content)
    page.run()
    return page.run()


def _keys(page: AppTest) -> list[str | None]:
    return [button.key for button in page.button]


def test_own_probabilities_are_understood_and_go_into_the_project(
    view: Callable[..., AppTest], demo: ProjectRecord, demo_home: Path, tmp_path: Path
) -> None:
    """Shape, type and class order with reasons; the project that is made refers to the kept file."""
    assert demo.has_run
    page = _read(view("upload"), _two_topics(tmp_path))
    buffer = io.BytesIO()
    pd.DataFrame(_probs()[:, ::-1], columns=["b", "a"]).assign(score=0.5).to_parquet(buffer)

    page = _add_probs(page, "mine.parquet", buffer.getvalue())

    assert not page.exception
    assert "320 rows, 2 classes, float64" in _html(page)
    assert "Matched by name; the columns were in another order." in _html(page)
    assert "Left out, as no such class was given: &#x27;score&#x27;" in _html(page)
    assert "the model seems not to know these rows" in _html(page)
    workspace = Workspace.open(Home.at(demo_home))
    before = {project.id for project in workspace.store.list_projects()}

    page.button(key="upload-start").click().run()

    (made,) = [project for project in workspace.store.list_projects() if project.id not in before]
    own = made.dataset.pred_probs
    assert own is not None
    assert (own.file_name, own.class_names, own.findings) == ("mine.parquet", None, ())
    assert workspace.home.dataset_path(own.sha256).read_bytes() == buffer.getvalue()
    workspace.delete_project(made.id)
    workspace.close()


def test_what_looks_odd_is_a_notice_and_does_not_stop(
    view: Callable[..., AppTest], demo: ProjectRecord, tmp_path: Path
) -> None:
    """Columns in the wrong order: the order that fits is one press away, and then nothing is odd."""
    assert demo.has_run
    page = _read(view("upload"), _two_topics(tmp_path))

    page = _add_probs(page, "swapped.npy", _bytes(_probs()[:, ::-1].copy()))
    odd = _html(page)
    page.button(key="probs-reorder").click().run()

    assert "a → b, b → a." in odd
    assert "upload-start" in _keys(page)
    assert "probs-reorder" not in _keys(page)
    assert page.text_input(key="probs-classes").value == '["b", "a"]'
    assert "the model seems not to know these rows" in _html(page)


def test_probabilities_that_do_not_fit_say_why_and_nothing_starts(
    view: Callable[..., AppTest], demo: ProjectRecord, demo_home: Path, tmp_path: Path
) -> None:
    """Without them it can start again, and the copy is gone."""
    assert demo.has_run
    page = _read(view("upload"), _two_topics(tmp_path))
    kept = set((demo_home / "datasets").iterdir())

    page = _add_probs(page, "short.npy", _bytes(_probs()[:-2]))

    assert not page.exception
    assert "each of the 320 rows of the dataset; got 318" in _html(page)
    assert "upload-start" not in _keys(page)

    page.button(key="probs-remove").click().run()

    assert "upload-start" in _keys(page)
    assert set((demo_home / "datasets").iterdir()) == kept


def test_row_ids_of_a_table_put_its_rows_in_order(
    view: Callable[..., AppTest], demo: ProjectRecord, tmp_path: Path
) -> None:
    """The column is named by the user; a path on this machine will do for the file."""
    assert demo.has_run
    page = _read(view("upload"), _two_topics(tmp_path))
    table = pd.DataFrame(_probs(), columns=["a", "b"]).assign(nr=[f"m{row}" for row in range(N_ROWS)])
    table.iloc[::-1].to_csv(tmp_path / "probs.csv", index=False)

    page.text_input(key="probs-path-text").set_value(str(tmp_path / "probs.csv"))
    page.button(key="probs-path-read").click().run()
    page.run()
    page.text_input(key="probs-row-id").set_value("nr").run()

    assert not page.exception
    assert "put them right" in _html(page)


def test_another_file_takes_its_probabilities_along(
    view: Callable[..., AppTest], demo: ProjectRecord, demo_home: Path, tmp_path: Path
) -> None:
    """They were about the rows of the first one."""
    assert demo.has_run
    kept = set((demo_home / "datasets").iterdir())
    page = _add_probs(_read(view("upload"), _two_topics(tmp_path)), "p.npy", _bytes(_probs()))

    page.button(key="upload-again").click().run()

    assert not page.exception
    assert set((demo_home / "datasets").iterdir()) <= kept


def _add_embeddings(page: AppTest, name: str, content: bytes) -> AppTest:
    page.file_uploader[1].upload(name, content)
    page.run()
    return page.run()


def test_own_embeddings_are_understood_and_go_into_the_project(
    view: Callable[..., AppTest], workspace: Workspace, demo: ProjectRecord, tmp_path: Path
) -> None:
    """Their size is shown; the project that is made refers to the kept file, and to the ids that put it in order."""
    assert demo.has_run
    page = _read(view("upload"), _two_topics(tmp_path))
    table = pd.DataFrame({"vector": list(_probs().astype(np.float32)), "nr": [f"m{row}" for row in range(N_ROWS)]})
    buffer = io.BytesIO()
    table.iloc[::-1].to_parquet(buffer)

    page = _add_embeddings(page, "mine.parquet", buffer.getvalue())
    page.text_input(key="embeddings-row-id").set_value("nr").run()
    before = {project.id for project in workspace.store.list_projects()}
    said = _html(page)
    assert not page.exception

    page.button(key="upload-start").click().run()

    assert "320 rows, 2 dimensions" in said
    (made,) = [project for project in workspace.store.list_projects() if project.id not in before]
    own = made.dataset.embeddings
    assert own is not None
    assert (own.file_name, own.column, own.row_id) == ("mine.parquet", None, "nr")
    assert workspace.home.dataset_path(own.sha256).read_bytes() == buffer.getvalue()
    read = workspace.read_embeddings(workspace.load_dataset(made), own)
    np.testing.assert_allclose(read, _probs(), rtol=1e-6)
    workspace.delete_project(made.id)
    assert not workspace.home.dataset_path(own.sha256).exists()


def test_embeddings_that_do_not_fit_say_why_and_nothing_starts(
    view: Callable[..., AppTest], demo: ProjectRecord, demo_home: Path, tmp_path: Path
) -> None:
    """Without them it can start again, and the copy is gone."""
    assert demo.has_run
    page = _read(view("upload"), _two_topics(tmp_path))
    kept = set((demo_home / "datasets").iterdir())

    page = _add_embeddings(page, "short.npy", _bytes(_probs()[:-2]))

    assert not page.exception
    assert "one row for each of the 320 rows of the dataset; got 318" in _html(page)
    assert "upload-start" not in _keys(page)

    page.button(key="embeddings-remove").click().run()

    assert "upload-start" in _keys(page)
    assert set((demo_home / "datasets").iterdir()) == kept


def test_with_own_probabilities_there_is_nothing_to_embed(
    view: Callable[..., AppTest], demo: ProjectRecord, tmp_path: Path
) -> None:
    """Nothing is learnt from the texts then."""
    assert demo.has_run
    page = _read(view("upload"), _two_topics(tmp_path))

    page = _add_probs(page, "mine.npy", _bytes(_probs()))

    assert len(page.file_uploader) == 0
    assert "upload-start" in _keys(page)


def test_what_the_analysis_will_cost_is_said_before(
    view: Callable[..., AppTest], demo: ProjectRecord, tmp_path: Path
) -> None:
    """A small file takes a few seconds; with own probabilities nothing is trained and nothing said."""
    assert demo.has_run
    page = _read(view("upload"), _two_topics(tmp_path))
    before = _html(page)

    page = _add_probs(page, "mine.npy", _bytes(_probs()))

    assert "The analysis will take a few seconds on this machine." in before
    assert "The analysis will take" not in _html(page)
