"""Answers that only say that there will be no answer, in English and Chinese."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from generation.quality.places import answers_of, placed
from generation.types import N_, Draft, Finding

_NO = (
    r"(can'?t|cannot|unable|not able|don'?t|didn'?t|did not|haven'?t|have not|"
    r"no (text|input|image|article|passage|context))"
)
_NO_ZH = "(无法|不能|没法|没有办法|不具备|难以)(?!再|没有|失去|忘)(?!(?:拥有|体验|感受|真正|像).{60})"
"""What follows tells what a machine is, and leaves the answer open."""
_NOT_GIVEN = "(没有|并没有|未|并未|尚未|需要[您你])(给我?|提供|指定|附上|上传|说明|告诉|给出|给定)"
_ASKED_BACK = (
    r"[^。！？!?\n如若假当]{0,24}[您你](?:[并还]?(?:没有?|未|尚未))(?:在[^，。\n]{1,8}[里中])?(?:给我?|为我|"
    r"向我)?(?:提供|给出|给定|指定|附上|上传|说明)"
    r"|[^。！？!?\n]{0,12}没有?(?:看到|收到|找到|发现)[您你](?:给出|提供|上传|附上|发来?|的)"
    r"|(unfortunately,? |it seems (that )?)?(i (do not|don't|cannot|can't) see (any|an?|the) |there (is|are|"
    r"was) no (\w+ )?)\w+ "
    r"(is |was |are |were )?(attached|provided|included|in your (message|question|request|prompt|post))\b"
    r"|(it (looks|seems|appears)( like| that)? )?you('ve| have)? ?(did not|didn't|have not|haven't|not) "
    r"(yet )?(provided?|included?|attached|attach|shared?|pasted?|given|give|specified|specify)\b"
    r"(?![^.\n]{0,80}\b(so|but) i\b)"
)
"""Answers that only say that nothing was given to work on."""
_MACHINE = "(人工智能|AI|语言模型|大型语言模型|大语言模型|(聊天|文本|文字)?机器人)"
_OPENING = re.compile(
    rf"(i'?m |i am )?(very |really |so )?(sorry|afraid)\b.{{0,60}}\b{_NO}\b"
    rf"|((i |my )(must )?(sincere |deepest )?)?apolog(ize|ise|ies)\b.{{0,60}}\b{_NO}\b"
    r"|(unfortunately,? )?i (can'?t|cannot|can not|am unable to|am not able to|won'?t be able to|must decline)\b"
    r"(?! (wait|believe|imagine|stop|thank|stress|emphasi[sz]e|get enough|help (but|falling|feeling)))"
    r"|(?:as|i'?m|i am) (?:just |only )?an? (ai|artificial intelligence|(large )?language model)\b"
    r"( (language |chat )?(model|assistant|"
    r"chatbot|bot|system))?"
    r" ?([,.;]|i\b|that|developed|created|trained|designed).{0,80}\b(not|no|cannot|unable|never|\w+n'?t|lack|"
    r"limited)\b"
    r"|i (do not|don'?t) have (access|the ability)\b"
    r"|i('d| would) (rather|prefer) not\b"
    r"|i (deeply |sincerely |very much )?regret (that|to)\b.{0,40}\b(cannot|can't|unable|not able|won't)\b"
    r"|[^，。！？!?\n“「《]{0,16}我(?:目前|暂时|现在|恐怕|真的)?(?:无法|没法|没办法|没有办法|不便|不能)(?:为您|"
    r"给您|为你|给你)?(?:回答|提供|完成|答复|告诉)"
    rf"|([您你]好[，,！!]\s?)?我?(很|非常|十分|真的)?(抱歉|对不起|遗憾|"
    rf"不好意思)(?!听)[^。！？!?\n]{{0,50}}({_NO_ZH}|{_NOT_GIVEN})"
    r"|([您你]好[，,！!]\s?)?我(无法|不能|没有办法|没法)(回答|提供|完成|帮|满足|协助|处理|访问|看到|查看|打开)"
    rf"|作为(一个|一名|一款)?[^，。的\n]{{0,4}}?{_MACHINE}(?!的|领域|研究|工程|技术|产业|专业|公司|教师|学科)"
    r"[^。！？\n]{0,24}?(无法|不能|没有|没法|不具备|不会|不可能|并不|并无|并非|不是|无权|难以)"
    r"(?!(?:拥有|实体|身体|情感|感情|体验|感受|真正|像|亲身).{60})"
    rf"|(由于|因为)?我(只)?是(一个|一名|一款)?{_MACHINE}[^。！？\n]{{0,30}}({_NO_ZH}|并不能(?!(?:真正|"
    rf"像).{{60}})|没有(?!(?:实体|身体|情感|感情).{{60}}))"
    rf"|(由于|因为)?[您你]{_NOT_GIVEN}[^。！？\n]{{0,40}}(无法|不能|没法|请)"
    rf"|{_ASKED_BACK}",
    re.IGNORECASE | re.DOTALL,
)

_COURTESY = re.compile(
    r"(?:(?:hello|hi|hey|sure|certainly|of course|greetings)\b[^.!?\n]{0,40}[.!,] )?"
    r"(?:(?:i'd be|i would be|i'm|i am) (?:happy|glad|delighted)|"
    r"thank(?:s| you)|i (?:appreciate|understand))\b[^.!?\n]{0,120}"
    r"(?:[.!] (?:however|but|unfortunately),? |, but )|"
    r"[您你]好[，,！!。]\s?(?:感谢|谢谢)[^。！？\n]{0,30}[。！，,](?:但是?|不过)?",
    re.IGNORECASE,
)
"""A polite sentence before the refusal."""


def is_refusal(text: str) -> bool:
    """Whether the text opens as a refusal."""
    return opening_refusal(text) is not None


def opening_refusal(text: str) -> tuple[int, int] | None:
    """Where the words stand with which the text opens as a refusal."""
    begins = len(text) - len(text.lstrip())
    plain = text.strip().replace("\u2019", "'")
    found = _OPENING.match(plain)
    if not found and (courtesy := _COURTESY.match(plain)):
        found = _OPENING.match(plain, courtesy.end())
    return (begins + found.start(), begins + found.end()) if found else None


class Refusal:
    """Drops a sample whose output opens as a refusal."""

    name = "refusal"
    title = N_("Output is not a refusal")

    def __call__(self, draft: Draft, settings: Mapping[str, Any]) -> list[Finding]:
        """`refusal` for each answer whose opening words refuse; only that of the output drops."""
        return [
            placed(self.name, "refusal", field=field, spans=[span], drop=field == "output")
            for field, text in answers_of(draft)
            if (span := opening_refusal(text))
        ]


CHECK = Refusal()
