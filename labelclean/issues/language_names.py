"""Names of languages in English, by their ISO 639 codes, and which of them are easily taken for each other."""

from __future__ import annotations

__all__ = ["is_kin", "language_name"]

_TABLE = """
    af:Afrikaans am:Amharic ar:Arabic az:Azerbaijani be:Belarusian bg:Bulgarian bn:Bengali bs:Bosnian ca:Catalan
    cs:Czech cy:Welsh da:Danish de:German el:Greek en:English eo:Esperanto es:Spanish et:Estonian eu:Basque
    fa:Persian fi:Finnish fr:French ga:Irish gl:Galician gu:Gujarati ha:Hausa he:Hebrew hi:Hindi hr:Croatian
    hu:Hungarian hy:Armenian id:Indonesian ig:Igbo is:Icelandic it:Italian ja:Japanese jv:Javanese ka:Georgian
    kk:Kazakh km:Khmer kn:Kannada ko:Korean ky:Kyrgyz lo:Lao lt:Lithuanian lv:Latvian mk:Macedonian ml:Malayalam
    mn:Mongolian mr:Marathi ms:Malay mt:Maltese my:Burmese nb:Norwegian ne:Nepali nl:Dutch nn:Norwegian no:Norwegian
    pa:Punjabi pl:Polish ps:Pashto pt:Portuguese ro:Romanian ru:Russian si:Sinhala sk:Slovak sl:Slovenian so:Somali
    sq:Albanian sr:Serbian sv:Swedish sw:Swahili ta:Tamil te:Telugu th:Thai tl:Tagalog tr:Turkish uk:Ukrainian
    ur:Urdu uz:Uzbek vi:Vietnamese yo:Yoruba zh:Chinese zu:Zulu
"""
_NAMES = dict(pair.split(":") for pair in _TABLE.split())

# A few words tell these apart hardly ever.
_KIN = (
    frozenset({"en", "pcm", "sco"}),
    frozenset({"pt", "gl", "mwl", "ext", "an"}),
    frozenset({"es", "gl", "ca", "an", "ext", "ast"}),
    frozenset({"zh", "wuu", "yue", "lzh", "gan"}),
    frozenset({"da", "nb", "nn", "no"}),
    frozenset({"hr", "bs", "sr", "sh"}),
    frozenset({"id", "ms", "jv", "su", "min"}),
    frozenset({"cs", "sk"}),
    frozenset({"nl", "af", "li", "fy"}),
    frozenset({"de", "lb", "bar", "als", "nds"}),
    frozenset({"bg", "mk"}),
    frozenset({"hi", "mr", "ne", "bho", "mai"}),
    frozenset({"tr", "az"}),
    frozenset({"fa", "ps", "ckb"}),
    frozenset({"ru", "be", "uk"}),
)


def language_name(code: str) -> str:
    """
    Return the name of a language; empty where it has none here.

    Examples
    --------
    >>> language_name("pt"), language_name("xx")
    ('Portuguese', '')
    """
    return _NAMES.get(code, "")


def is_kin(code: str, other: str) -> bool:
    """
    Tell whether two languages are easily taken for each other in a short text.

    Examples
    --------
    >>> is_kin("pt", "gl"), is_kin("pt", "en")
    (True, False)
    """
    return code == other or any(code in kin and other in kin for kin in _KIN)
