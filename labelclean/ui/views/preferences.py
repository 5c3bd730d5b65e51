"""Preferences: keys, text, colours and the habits of the review screen."""

from __future__ import annotations

from labelclean.ui.elements import empty_state, title
from labelclean.ui.gate import project_with_results


def render() -> None:
    """Draw the page."""
    opened = project_with_results("Preferences")
    if opened is None:
        return
    title("Preferences")
    empty_state("Nothing here yet", "This page is empty.")


if __name__ == "__main__":
    render()
