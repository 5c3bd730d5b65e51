"""Bulk: a sample first, then the rest of a queue in one step, with the precision that was measured."""

from __future__ import annotations

from labelclean.ui.elements import empty_state, title
from labelclean.ui.gate import project_with_results


def render() -> None:
    """Draw the page."""
    opened = project_with_results("Decide many at once")
    if opened is None:
        return
    title("Decide many at once")
    empty_state("Nothing here yet", "This page is empty.")


if __name__ == "__main__":
    render()
