"""The check of a dataset in continuous integration: rules, a limit for label errors, and reports for machines."""

from labelclean.checking.check import CheckOptions, CheckResult, check_labels
from labelclean.checking.limits import ErrorLimit, parse_limit
from labelclean.checking.rules import RULES, RuleName

__all__ = ["RULES", "CheckOptions", "CheckResult", "ErrorLimit", "RuleName", "check_labels", "parse_limit"]
