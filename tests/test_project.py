"""What holds for the project as a whole: contracts, public names, documents, options."""

from __future__ import annotations

import ast
import importlib
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import labelclean
from labelclean.ui.options import SERVER_OPTIONS, THEME_OPTIONS
from labelclean.ui.theme import PALETTES

ROOT = Path(__file__).resolve().parent.parent
SOURCES = sorted(
    path for folder in ("labelclean", ".ci", ".streamlit") for path in (ROOT / folder).rglob("*") if path.is_file()
)
TEXT_FILES = [path for path in SOURCES if path.suffix in {".py", ".js", ".css", ".toml", ".md", ""}]
PACKAGE_FILES = [
    path for path in SOURCES if path.is_relative_to(ROOT / "labelclean") and path.suffix in {".py", ".js", ".css"}
]
DOCUMENTS = (
    "README.md",
    "CHANGELOG.md",
    "LICENSE",
    "assets/docs/detector.md",
    "assets/docs/differences.md",
    "assets/docs/engine.md",
    "assets/docs/exchange.md",
    "assets/docs/formats.md",
    "assets/docs/review.md",
)
EXAMPLES = [
    example
    for name in DOCUMENTS
    for example in re.findall(
        r"^```python\n(.*?)^```\n+(?:```text\n(.*?)^```)?",
        (ROOT / name).read_text(encoding="utf-8"),
        re.DOTALL | re.MULTILINE,
    )
]
# Pictographs, dingbats with a coloured form, flags; not arrows, marks and signs that text fonts hold.
EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u26ff\u2705\u2728\u274c\u274e\u2753-\u2757\u2764\u2795-\u2797\ufe0f]")
SET_UP = (
    *("labelclean/__init__.py", "labelclean/__main__.py", "labelclean/bootstrap.py"),
    *("tests/__init__.py", "tests/__main__.py", "tests/public_suites.py"),
)
"""What runs before anything is installed."""


def test_every_import_goes_down_the_layers() -> None:
    """The contracts of pyproject.toml hold."""
    script = Path(sys.executable).with_name("lint-imports")

    result = subprocess.run([script, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)

    assert result.returncode == 0, result.stdout + result.stderr


def test_the_public_names_are_sorted_and_importable() -> None:
    """``__all__`` lists names that exist, in order, each once."""
    names = labelclean.__all__

    assert names == sorted(set(names))
    assert [name for name in names if getattr(labelclean, name, None) is None] == []


def test_importing_the_package_imports_nothing_heavy() -> None:
    """``import labelclean`` in a fresh interpreter loads none of the big packages."""
    heavy = ["numpy", "scipy", "pandas", "sklearn", "streamlit", "sqlalchemy", "plotly", "typer", "rich"]
    code = f"import labelclean, sys, json; print(json.dumps([name for name in {heavy} if name in sys.modules]))"

    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert json.loads(result.stdout) == []


def test_the_set_up_imports_only_the_standard_library() -> None:
    """What runs before anything is installed needs nothing installed."""
    files = [ROOT / name for name in SET_UP]
    imported = {
        name.split(".")[0]
        for path in files
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in _imported_names(node)
    }

    assert imported - sys.stdlib_module_names == {"labelclean", "tests", "pytest"}


@pytest.mark.parametrize("name", SET_UP)
def test_the_set_up_can_be_read_by_old_pythons(name: str) -> None:
    """An old Python gets the clear message and not a syntax error."""
    source = (ROOT / name).read_text(encoding="utf-8")

    tree = ast.parse(source, feature_version=(3, 7))

    assert tree.body


def _imported_names(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module] if isinstance(node, ast.ImportFrom) and node.module else []


def test_the_config_file_says_what_the_program_passes() -> None:
    """``streamlit run app.py`` and ``labelclean`` start the same app."""
    sections = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))

    assert _flat(sections) == {**SERVER_OPTIONS, **THEME_OPTIONS}


def _flat(section: dict[str, object], prefix: str = "") -> dict[str, object]:
    flat: dict[str, object] = {}
    for name, value in section.items():
        flat |= _flat(value, f"{prefix}{name}.") if isinstance(value, dict) else {f"{prefix}{name}": value}
    return flat


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_documents_are_there(name: str) -> None:
    """Each project document exists and says something."""
    text = (ROOT / name).read_text(encoding="utf-8")

    assert len(text) > 10


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_the_python_of_the_documents_prints_what_they_say(number: int) -> None:
    """A reader can copy the code as it stands, and sees the output that stands below it."""
    code, output = EXAMPLES[number]

    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)

    assert result.returncode == 0, result.stderr
    assert not output or _rounded(result.stdout) == _rounded(output)


def _rounded(text: str) -> list[str]:
    """Return the words, fractions to two places: the digits behind may differ between processors."""
    return [f"{float(word):.2f}" if re.fullmatch(r"\d+\.\d{3,}", word) else word for word in text.split()]


def test_the_theme_has_the_colours_of_the_style_sheet() -> None:
    """Streamlit's own widgets and ours are in the same colours, light and dark."""
    parts = {
        "primaryColor": "suggested",
        "backgroundColor": "ground",
        "secondaryBackgroundColor": "card",
        "textColor": "ink",
        "borderColor": "hairline",
        "linkColor": "accent",
        "redColor": "bad",
        "greenColor": "good",
        "orangeColor": "given",
    }

    differences = [
        (name, option)
        for name, palette in PALETTES.items()
        for option, token in parts.items()
        if THEME_OPTIONS[f"theme.{name}.{option}"] != getattr(palette, token)
    ]

    assert differences == []


@pytest.mark.parametrize("path", PACKAGE_FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_file_of_the_package_is_longer_than_400_lines(path: Path) -> None:
    """A longer one wants splitting by meaning."""
    lines = path.read_text(encoding="utf-8").splitlines()

    assert len(lines) <= 400


def test_no_source_holds_an_emoji() -> None:
    """Icons are drawn, not typed; the tests may hold emoji, as users' texts do."""
    found = {str(path.relative_to(ROOT)) for path in TEXT_FILES if EMOJI.search(path.read_text(encoding="utf-8"))}

    assert found == set()


def test_each_modules_public_names_exist() -> None:
    """``__all__`` of every module names what is there, each once."""
    problems = []
    for path in PACKAGE_FILES:
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        if path.suffix != ".py" or not re.search(r"^__all__ = ", path.read_text(encoding="utf-8"), re.MULTILINE):
            continue
        module = importlib.import_module(name.removesuffix(".__init__"))
        names = list(module.__all__)
        missing = [each for each in names if not hasattr(module, each)]
        if len(set(names)) != len(names) or missing:
            problems.append((name, missing))

    assert problems == []
