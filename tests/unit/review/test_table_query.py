"""What the table of all rows shows, as a URL holds it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelclean.review.table.query import PAGE_SIZES, TableQuery


def test_the_default_needs_no_parameters() -> None:
    """A plain link shows all rows in file order."""
    params = TableQuery().to_params()

    assert params == {}


@given(
    st.builds(
        TableQuery,
        text=st.text(max_size=50),
        given=st.none() | st.text(min_size=1, max_size=20) | st.integers(-9, 9) | st.booleans(),
        decision=st.sampled_from(["", "undecided", "any", "exclude"]),
        sort=st.sampled_from(["row", "error", "label", "column:size", "column:-"]),
        is_descending=st.booleans(),
        page=st.integers(1, 10**8),
        page_size=st.sampled_from(PAGE_SIZES),
        columns=st.lists(
            st.text(st.characters(exclude_characters="\n"), min_size=1, max_size=9), max_size=8, unique=True
        ).map(tuple),
    )
)
def test_a_link_opens_exactly_what_it_was_made_from(query: TableQuery) -> None:
    """Search, filters, order, page and columns go through the URL and back."""
    opened = TableQuery.from_params(query.to_params())

    assert opened == query


@pytest.mark.parametrize(
    "params",
    [
        {"page": "-1"},
        {"page": "x"},
        {"page": "9" * 40},
        {"size": "1000000"},
        {"sort": "column:"},
        {"decision": "maybe"},
    ],
)
def test_what_cannot_be_used_counts_as_its_default(params: dict[str, str]) -> None:
    """Anybody can type into the address bar."""
    query = TableQuery.from_params(params)

    assert query == TableQuery()
