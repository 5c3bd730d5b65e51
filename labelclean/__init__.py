"""
Find the wrong labels in a text dataset.

>>> import labelclean
>>> sorted(labelclean.__all__)[:2]
['AuditConfig', 'AuditResult']
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from labelclean.config import AuditConfig
    from labelclean.dataset import Dataset
    from labelclean.errors import LabelCleanError
    from labelclean.pipeline import audit, audit_dataset
    from labelclean.results import AuditResult, NoiseEstimate

__version__ = "0.1.0"

__all__ = [
    "AuditConfig",
    "AuditResult",
    "Dataset",
    "LabelCleanError",
    "NoiseEstimate",
    "audit",
    "audit_dataset",
]

_HOMES = {
    "AuditConfig": "labelclean.config",
    "AuditResult": "labelclean.results",
    "Dataset": "labelclean.dataset",
    "LabelCleanError": "labelclean.errors",
    "NoiseEstimate": "labelclean.results",
    "audit": "labelclean.pipeline",
    "audit_dataset": "labelclean.pipeline",
}


def __getattr__(name: str) -> object:
    """Import a public name on first use, so that ``import labelclean`` stays fast (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    """List the public names."""
    return sorted([*__all__, "__version__"])
