"""The review page without a browser: queues and filters; the card itself is tested in a real one."""

from __future__ import annotations

from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from labelclean.store.records import ProjectRecord


def _labels(page: AppTest) -> list[str]:
    return [button.label for button in page.button]


def test_the_queue_of_likely_errors_counts_the_flagged_rows(view: Callable[..., AppTest], demo: ProjectRecord) -> None:
    """The first queue holds what the run flagged."""
    page = view("review", demo)

    assert not page.exception
    assert _labels(page)[0] == f"Likely errors :gray[{demo.n_issues}]"


def test_a_link_opens_exactly_its_queue(view: Callable[..., AppTest], demo: ProjectRecord) -> None:
    """Filters in the URL are set in the widgets."""
    page = view("review", demo, given="refund", suggested="warranty", all="1", q="guarantee")

    assert [box.value for box in page.selectbox][:2] == ["refund", "warranty"]
    assert page.text_input[0].value == "guarantee"
    assert [box.value for box in page.checkbox] == [False, True]


def test_a_filter_goes_into_the_url(view: Callable[..., AppTest], demo: ProjectRecord) -> None:
    """Choosing a class changes the link that opens this queue."""
    page = view("review", demo)

    page.selectbox[0].select("billing").run()

    assert page.query_params["given"] == "billing"


def test_a_damaged_link_opens_the_default_queue(view: Callable[..., AppTest], demo: ProjectRecord) -> None:
    """Nonsense in the URL is ignored."""
    page = view("review", demo, min="nonsense", verdict="nobody", all="maybe")

    assert not page.exception
    assert [box.value for box in page.checkbox] == [True, True]


def test_the_reviewer_chosen_once_is_there_in_the_next_session(
    view: Callable[..., AppTest], demo: ProjectRecord
) -> None:
    """A refresh must not log decisions under another name."""
    page = view("review", demo)

    page.text_input(key="reviewer-name").set_value("Grace").run()
    later = view("review", demo)

    assert later.text_input(key="reviewer-name").value == "Grace"


def test_a_filter_widget_stays_the_same_while_it_is_used(view: Callable[..., AppTest], demo: ProjectRecord) -> None:
    """A slider that was made anew after each step would drop the keyboard's focus."""
    page = view("review", demo)
    before = page.slider[0].key

    page.slider[0].set_range(30, 100).run()

    assert page.slider[0].key == before
    assert page.slider[0].value == (30, 100)
    assert page.query_params["min"] == "0.3"


def test_a_queue_chosen_elsewhere_sets_the_filter_widgets(view: Callable[..., AppTest], demo: ProjectRecord) -> None:
    """The widgets never say something else than the queue on screen."""
    page = view("review", demo)
    page.slider[0].set_range(30, 80).run()

    next(button for button in page.button if button.label.startswith("All rows")).click().run()

    assert page.slider[0].value == (0, 100)
    assert [box.value for box in page.checkbox] == [False, False]
