"""What the docstrings promise: examples that run, and for the engine what every function must say."""

from __future__ import annotations

import doctest
import importlib
import inspect
import re
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parent.parent
ENGINE_ROOMS = ("core", "tasks", "models")
MODULES = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for path in (ROOT / "labelclean").rglob("*.py")
    if "migrations" not in path.parts and path.name != "__main__.py"
)
WITH_EXAMPLES = [
    name for name in MODULES if ">>>" in (inspect.getsource(importlib.import_module(name)) if name else "")
]


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_the_examples_of_a_module_print_what_they_say(name: str) -> None:
    """Every example runs as a doctest; only NumPy is there without an import."""
    module = importlib.import_module(name)

    result = doctest.testmod(module, extraglobs={"np": np}, optionflags=doctest.NORMALIZE_WHITESPACE)

    assert result.attempted > 0
    assert result.failed == 0


def test_every_public_function_of_the_engine_has_an_example() -> None:
    """Who reads the documentation can copy something that runs."""
    silent = [
        f"{module.__name__}.{name}"
        for module in _engine_modules()
        for name in getattr(module, "__all__", [])
        if inspect.isfunction(each := getattr(module, name)) and ">>>" not in (each.__doc__ or "")
    ]

    assert silent == []


def test_every_public_function_of_the_engine_says_what_it_takes_and_gives() -> None:
    """Parameters and results stand in sections of their own, each argument under its name."""
    missing = []
    for module in _engine_modules():
        for name in getattr(module, "__all__", []):
            function = getattr(module, name)
            if inspect.isfunction(function):
                text = function.__doc__ or ""
                wanted = [argument for argument in inspect.signature(function).parameters if argument != "self"]
                missing += [
                    f"{module.__name__}.{name}({argument})"
                    for argument in wanted
                    if not re.search(rf"^ +\*{{0,2}}([\w*]+, )*{argument}(, \w+)* :", text, re.MULTILINE)
                ]
                missing += [f"{module.__name__}.{name}: {part}" for part in _missing_parts(text)]

    assert missing == []


def _missing_parts(text: str) -> list[str]:
    return [] if re.search(r"^ +(Returns|Yields)$", text, re.MULTILINE) else ["Returns"]


def _engine_modules() -> list[ModuleType]:
    names = [name for name in MODULES if name.split(".")[1:2] and name.split(".")[1] in ENGINE_ROOMS]
    return [importlib.import_module(name) for name in names]
