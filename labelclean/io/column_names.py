"""What the names of columns say about their roles."""

from __future__ import annotations

import re
from collections.abc import Sequence

__all__ = [
    "ANNOTATOR_WORDS",
    "ID_NAMES",
    "LABEL_NAMES",
    "SPLIT_WORDS",
    "TEXT_NAMES",
    "TRUTH_WORDS",
    "name_fit",
    "name_words",
]

# In the order of preference where several columns have such names.
TEXT_NAMES = (
    "text", "texts", "message", "messages", "comment", "comments", "review", "reviews", "utterance", "sentence",
    "question", "query", "content", "body", "description", "document", "post", "tweet", "remark", "feedback",
    "abstract", "article", "headline", "title", "nachricht", "texte", "texto", "testo", "tekst", "commentaire",
    "kommentar", "comentario", "mensaje", "文本", "内容", "текст",
)  # fmt: skip
LABEL_NAMES = (
    "given_label", "given_labels", "label", "labels", "class", "category", "categories", "intent", "target",
    "sentiment", "topic", "tag", "emotion", "genre", "annotation", "type", "kategorie", "klasse", "étiquette",
    "etiqueta", "categoria", "categoría", "catégorie", "标签", "类别", "класс",
    "tags", "topics", "genres", "emotions", "intents", "classes", "cats", "rating", "stars",
)  # fmt: skip
ID_NAMES = ("id", "row_id", "uid", "uuid", "guid", "key", "index", "nr", "no", "number", "identifier")
# Names of labels that were checked already, beside those to be checked.
TRUTH_WORDS = frozenset({"true", "gold", "correct", "corrected", "expert", "clean", "suggested", "predicted"})
# What repeats in the columns of a table and is no label.
SPLIT_WORDS = frozenset({"split", "fold", "subset", "partition"})
ANNOTATOR_WORDS = frozenset(
    {
        "annotator", "rater", "worker", "coder", "labeler", "labeller", "judge", "reviewer", "turker", "annotateur",
        "annotatorin", "anotador",
    }
)  # fmt: skip

_WORDS = re.compile(r"[^\W_]+")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def name_fit(name: str, known: Sequence[str]) -> float:
    """Return 2 for a known name, 1 for a name with a known word in it, a little less for the less usual ones, or 0."""
    lowered = name.strip().lower()
    words = name_words(name)
    for rank, usual in enumerate(known):
        if lowered == usual:
            return 2 - rank / 100
    for rank, usual in enumerate(known):
        if usual in words:
            return 1 - rank / 100
    return 0.0


def name_words(name: str) -> set[str]:
    """Return the words of a column's name in lower case: of ``workerId`` and ``worker_id`` the same two."""
    return set(_WORDS.findall(_CAMEL.sub("_", name).lower()))
