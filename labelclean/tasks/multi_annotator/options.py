"""The choices of a consensus, checked once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

from labelclean.errors import ConfigError

__all__ = ["ConsensusMethod", "QualityMethod", "check_choice", "check_methods"]

ConsensusMethod = Literal["best_quality", "majority_vote"]
"""How the consensus label is chosen."""

QualityMethod = Literal["crowdlab", "agreement"]
"""What the quality of a label is: a weighted judgement of annotators and models, or the share of the annotators."""


def check_choice(name: str, value: str, choices: Sequence[str]) -> None:
    """
    Refuse an unknown choice.

    Parameters
    ----------
    name : str
        The option.
    value : str
        What was chosen.
    choices : sequence of str
        What there is to choose.

    Returns
    -------
    None
        If there is such a choice.

    Raises
    ------
    ConfigError
        If there is not.

    Examples
    --------
    >>> check_choice("score", "best", ["good"])
    Traceback (most recent call last):
    labelclean.errors.ConfigError: score must be one of good; got 'best'. Leave it out to use the default.
    """
    if value not in choices:
        raise ConfigError(
            f"{name} must be one of {', '.join(choices)}; got {value!r}.", fix="Leave it out to use the default."
        )


def check_methods(consensus_method: ConsensusMethod, quality_method: QualityMethod, *, has_models: bool) -> None:
    """
    Refuse unknown methods, and CROWDLAB without a model.

    Parameters
    ----------
    consensus_method : {"best_quality", "majority_vote"}
        How the consensus is chosen.
    quality_method : {"crowdlab", "agreement"}
        How labels are judged.
    has_models : bool
        Whether there are probabilities.

    Returns
    -------
    None
        If the methods can be used.

    Raises
    ------
    ConfigError
        If they cannot.

    Examples
    --------
    >>> check_methods("majority_vote", "agreement", has_models=False)
    """
    check_choice("consensus_method", consensus_method, get_args(ConsensusMethod))
    check_choice("quality_method", quality_method, get_args(QualityMethod))
    if quality_method == "crowdlab" and not has_models:
        raise ConfigError(
            "pred_probs must be given for the quality method crowdlab; got none.",
            fix="Give held-out probabilities, or choose quality_method='agreement'.",
        )
