"""The options of an audit."""

from __future__ import annotations

import json
from typing import get_args

import pytest

from labelclean.config import AuditConfig, FilterMethod, IssueRule, check_filter_method
from labelclean.errors import ConfigError


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("n_folds", 1),
        ("n_folds", 51),
        ("n_folds", 2.5),
        ("n_folds", True),
        ("random_state", -1),
        ("random_state", 2**32),
        ("min_examples_per_class", -1),
        ("n_likely_classes", 0),
        ("n_likely_classes", 10),
        ("n_jobs", 0),
        ("n_explained", -1),
        ("n_explained", 100_001),
        ("bounded", 1),
        ("bounded", "yes"),
        ("filter_by", "best"),
        ("counting", "book"),
        ("frac_noise", 0.0),
        ("frac_noise", 1.01),
        ("frac_noise", float("nan")),
        ("frac_noise", "0.5"),
        ("frac_noise", None),
        ("frac_noise", True),
    ],
)
def test_values_outside_their_range_are_refused_by_name(name: str, value: object) -> None:
    """The message names the option and the value, and what to do stands apart."""
    with pytest.raises(ConfigError, match=f"{name} must be .*; got") as caught:
        AuditConfig.from_dict({name: value})

    assert caught.value.fix


@pytest.mark.parametrize("filter_by", get_args(IssueRule))
def test_every_rule_can_be_chosen(filter_by: IssueRule) -> None:
    """Whichever flags."""
    assert AuditConfig(filter_by=filter_by).filter_by == filter_by


def test_only_methods_that_need_nothing_but_probabilities_are_filters() -> None:
    """The rule of an audit is none of them."""
    for method in get_args(FilterMethod):
        check_filter_method(method)
    with pytest.raises(ConfigError, match=r"filter_by must be one of .*; got 'error_probability'"):
        check_filter_method("error_probability")


@pytest.mark.parametrize("bounded", [None, False, True])
def test_options_survive_json(bounded: bool | None) -> None:
    """They are stored with the run."""
    config = AuditConfig(
        n_folds=7, filter_by="both", counting="paper", frac_noise=0.5, random_state=7, n_explained=9, bounded=bounded
    )

    assert AuditConfig.from_dict(json.loads(json.dumps(config.to_dict()))) == config


def test_unknown_options_are_refused() -> None:
    """A run stored by a newer version may have more."""
    with pytest.raises(ConfigError, match="unknown name"):
        AuditConfig.from_dict({"temperature": 1})
