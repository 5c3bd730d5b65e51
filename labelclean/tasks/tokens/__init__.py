"""One label per token: wrong tokens, suspect sentences, words that are often confused, and entity spans."""

from labelclean.tasks.tokens.binary_spans import binary_span_scores, find_binary_span_issues
from labelclean.tasks.tokens.confusions import TokenConfusions, common_token_confusions, issues_of_token
from labelclean.tasks.tokens.decoding import most_likely_tags
from labelclean.tasks.tokens.issues import find_token_issues, sentence_issues_from_scores, token_issues_from_scores
from labelclean.tasks.tokens.results import SentenceScores, TokenIssues
from labelclean.tasks.tokens.scores import SentenceScoreMethod, sentence_quality_scores
from labelclean.tasks.tokens.span_issues import find_span_issues
from labelclean.tasks.tokens.span_results import SPAN_ISSUE_KINDS, Span, SpanIssue, SpanIssueKind, SpanIssues
from labelclean.tasks.tokens.spans import Spans, read_spans
from labelclean.tasks.tokens.tags import TagScheme

__all__ = [
    "SPAN_ISSUE_KINDS",
    "SentenceScoreMethod",
    "SentenceScores",
    "Span",
    "SpanIssue",
    "SpanIssueKind",
    "SpanIssues",
    "Spans",
    "TagScheme",
    "TokenConfusions",
    "TokenIssues",
    "binary_span_scores",
    "common_token_confusions",
    "find_binary_span_issues",
    "find_span_issues",
    "find_token_issues",
    "issues_of_token",
    "most_likely_tags",
    "read_spans",
    "sentence_issues_from_scores",
    "sentence_quality_scores",
    "token_issues_from_scores",
]
