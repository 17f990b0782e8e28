"""Which of twenty-two languages a text is written in, by its script, its letters and its small words."""

from __future__ import annotations

import re
from collections.abc import Mapping

from generation.quality.language import detect

NAMES: Mapping[str, tuple[str, str]] = {
    "en": ("English", "英语"), "zh": ("Chinese", "中文"), "es": ("Spanish", "西班牙语"),
    "fr": ("French", "法语"), "de": ("German", "德语"), "it": ("Italian", "意大利语"),
    "pt": ("Portuguese", "葡萄牙语"), "nl": ("Dutch", "荷兰语"), "pl": ("Polish", "波兰语"),
    "tr": ("Turkish", "土耳其语"), "vi": ("Vietnamese", "越南语"), "fi": ("Finnish", "芬兰语"),
    "sv": ("Swedish", "瑞典语"), "ru": ("Russian", "俄语"), "uk": ("Ukrainian", "乌克兰语"),
    "ar": ("Arabic", "阿拉伯语"), "fa": ("Persian", "波斯语"), "ja": ("Japanese", "日语"),
    "ko": ("Korean", "韩语"), "he": ("Hebrew", "希伯来语"), "hi": ("Hindi", "印地语"), "th": ("Thai", "泰语"),
}  # fmt: skip
"""Code -> its name in English and in Chinese."""

_SMALL: Mapping[str, frozenset[str]] = {
    code: frozenset(words.split())
    for code, words in {
        "en": "the of and to in is that it for was on are with as be this by you or from have not they an at will can",
        "es": "el la de que y en un ser se no los las por con para una su es al lo como más pero este está muy sus del",
        "fr": "le la de et les des un une est que dans qui pour pas sur plus au avec ce il sont ou nous vous cette aux",
        "de": "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden wir",
        "it": "il di che è la e un per in una sono non con del si da come più ma le anche della gli nel questo ha",
        "pt": "o de que e do da em um para é com não uma os no se na por mais as dos como mas ao ele das são você à",
        "nl": "de het een van en in is dat op te zijn voor met die niet aan er om ook als bij maar wordt door naar",
        "pl": "i w na z się do nie jest to że o jak po za od ale są dla przez przy który oraz być tak może",
        "tr": "ve bir bu için ile da de çok daha gibi olarak olan en ne var değil ama kadar sonra her ise veya",
        "vi": "và của là có trong cho được một các những không với này người đã để khi về như từ cũng rất nhiều",
        "fi": "ja on ei se että oli hän myös joka mutta kun ovat niin tai sen kuin voi tämä olla sekä hyvin mitä",
        "sv": "och i att det som en på är av för med till den har de inte om ett men var jag sig från kan också",
    }.items()
}
_LATIN = re.compile(r"[^\W\d_]+")
_SIGNS: Mapping[str, str] = {
    "de": "ß", "es": "ñ¿¡", "pt": "ãõ", "pl": "łąęśżźćń", "tr": "ğış", "vi": "ơưđạảấầậếềệịọộợụứựỳ", "sv": "å",
}  # fmt: skip
"""Letters that hardly any other language of the list has."""
_UKRAINIAN, _RUSSIAN = frozenset("іїєґ"), frozenset("ыэъё")
_PERSIAN = frozenset("پچژگی")


def told(text: str) -> str:
    """The code of the text's language, "" where nothing tells it: no letters, or no word that we know."""
    script = detect(text)
    if script == "ru":
        letters = text.lower()
        ukrainian = sum(letters.count(each) for each in _UKRAINIAN)
        return "uk" if ukrainian > sum(letters.count(each) for each in _RUSSIAN) else "ru"
    if script == "ar":
        return "fa" if sum(text.count(each) for each in _PERSIAN) else "ar"
    if script == "en":
        return _of_latin(text.lower())
    return script if script in NAMES else ""


def _of_latin(text: str) -> str:
    words = _LATIN.findall(text)
    found = {code: float(sum(word in small for word in words)) for code, small in _SMALL.items()}
    for code, signs in _SIGNS.items():
        found[code] += sum(text.count(sign) for sign in signs)
    best = max(found, key=lambda code: found[code])
    return best if found[best] else ""
