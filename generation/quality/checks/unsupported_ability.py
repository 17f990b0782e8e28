"""Tasks that no text carries out, and answers that claim to have: browsing, mail, files, live data, acts, memory."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from generation.quality.places import exchanges_of, placed, questions_of
from generation.quality.text import has_cjk
from generation.types import N_, Draft, Finding

_ASKED = {
    "browsing": (
        r"(?:search|browse|surf|check|look) (?:the |on the )?(?:web|internet|google|online)\b|google (?:the|for|"
        r"it|this)\b|"
        r"look (?:it |this |that |them )?up (?:[^.?\n]{1,50}? )?(?:online|on (?:the )?(?:web|internet|google|"
        r"wikipedia))|"
        r"(?:go|navigate) (?:online|to (?:the |this )?(?:web ?site|web ?page|url|https?:))|"
        r"(?:visit|open|browse|access|click on|click) (?:the |this |that )?(?:following )?(?:link|web ?site|"
        r"web ?page|url)\b",
        r"(?:上网|在网上|去网上|到网上|在互联网上|用百度|用谷歌|百度)(?:查|搜|找|看|一下)|(?:访问|打开|点击|"
        r"浏览)(?:这个|该|以下|下面的|下列)?(?:网站|网页|链接|网址)",
    ),
    "mail": (
        r"(?:send|forward|mail|text|dm|sms) (?:(?:an?|the|this|that|my|it|out|him|her|"
        r"them)\b[^.\n]{0,30}?\b(?:e-?mail|message|"
        r"text|sms|invitation|letter|note|newsletter|reminder)s?\b|it to\b|this to\b|e-?mails?\b)|"
        r"e-?mail (?:him|her|them|it|this|my)\b|"
        r"(?:call|phone|ring|dial) (?:my|the|him|her|911|up)\b|(?:post|tweet|publish) (?:this|it|"
        r"that)\b[^.\n]{0,20}?\bon\b",
        r"(?:给|向|帮我给|替我给)[^，。\n]{1,12}?(?:发送?一?[封条个]?(?:邮件|短信|微信|消息|信息)|打一?个?电话)|"
        r"发送?(?:一封)?(?:邮件|短信)(?:给|到)|"
        r"发到我的?(?:邮箱|手机|微信)|(?:发布|发)到(?:微博|朋友圈|抖音)",
    ),
    "files": (
        r"(?:open|read|load|delete|rename|save|upload|download|print|scan|edit) (?:the |this |that |my |it |"
        r"them |a |all )?(?:attached |"
        r"following |[\w.-]{1,20} )?(?:file|folder|attachment|spreadsheet|pdf|document|excel|app)s?\b|"
        r"save (?:it|this|them|that)\b[^.\n]{0,20}?\b(?:as|to|in)\b[^.\n]{0,20}?\b(?:file|folder|disk|desktop|"
        r"drive|pdf)\b|attach (?:the|a|your)\b",
        r"(?:打开|读取|删除|上传|下载|保存|打印|扫描)(?:一下|我的|这个|该|附件中?的?|桌面上的?|"
        r"电脑[里上]的?)*(?:文件|文件夹|附件|表格|文档|PDF|Excel)|"
        r"保存(?:到|为|成)[^，。\n]{0,10}?(?:文件|桌面|硬盘|电脑|本地|PDF)",
    ),
    "live": (
        r"(?:what(?:'s| is| are)|tell me|show me|give me|check|find|report|get|how(?:'s| is)) [^.?\n]{0,30}?"
        r"(?:(?:current|latest|live|real-?time|today'?s|tonight'?s|tomorrow'?s|"
        r"right now) (?:[\w']+ ){0,3}?(?:weather|temperature|forecast|stock|price|"
        r"news|headlines?|time|date|exchange rate|scores?|traffic|rate|bitcoin)\b|"
        r"(?:weather|temperature|time|traffic|stock price|exchange rate|bitcoin)\b[^.?\n]{0,40}?\b(?:today|"
        r"tomorrow|tonight|right now|at the moment|currently|now)\b)|"
        r"what (?:time|day) is it\b|what(?:'s| is) (?:today'?s date|the time|the weather like)\b|what(?:'s|"
        r" is) the date today",
        r"(?:今天|现在|当前|目前|明天|今晚|此刻|最新的?|实时)[^，。？\n]{0,10}?(?:天气|气温|温度|股价|汇率|新闻|"
        r"路况|时间是|几点|日期|星期几|金价|油价|比分)|"
        r"现在(?:是)?几点|今天(?:是)?(?:星期几|几号|几月几日|周几)",
    ),
    "acts": (
        r"(?:turn|switch) (?:on|off) (?:the|my|all)\b|(?:order|buy|purchase|deliver|fetch|bring) (?:me|us|my)\b|"
        r"(?:book|reserve|schedule) (?:me |us )?(?:an?|my|two|\d+) [^.\n]{0,30}?\b(?:flight|ticket|hotel|"
        r"room|table|taxi|cab|appointment|"
        r"meeting|seat|car|reservation)s?\b|(?:play|pause|skip|shuffle) (?:me |some |my |the next |a )?(?:music|"
        r"song|track|playlist|podcast|jazz)\b|"
        r"(?:lock|unlock|open|close) (?:the|my) (?:door|window|car|garage|curtains?|blinds?)\b|(?:transfer|pay|"
        r"wire) (?:\$|my|the|\d)|(?:take|shoot|record) (?:a |an )?(?:photo|"
        r"picture|selfie|video)\b|(?:drive|walk|take|pick) (?:me|us|my)\b[^.\n]{0,15}?\b(?:to|up|out)\b|"
        r"cook (?:me|us)\b|(?:order|buy|book|reserve) (?:an?|some|two|three|\d+) [^.\n]{0,40}?\b(?:to|for) "
        r"(?:me|us|my)\b",
        r"(?:帮我|替我|给我|为我|请)?(?:预订|预定|订)(?:一|两|三|\d)[张间个份桌][^，。\n]{0,14}?(?:票|机票|酒店|"
        r"房|座|餐|位|外卖)|(?:打开|关闭|关上|关掉|"
        r"开启)(?:客厅|卧室|家里|房间|我的?)?的?"
        r"(?:灯|空调|电视|窗户|窗帘|门|音响)|播放(?:一首|音乐|歌曲|一段)|(?:帮我|给我|替我)(?:买|叫|点|拿|送|"
        r"做一顿|转账|充值|打车|取)|给我(?:倒|端)|把[^，。？\n]{0,8}(?:灯|空调|电视|窗户|窗帘|门|音响|"
        r"音乐)[^，。？\n]{0,2}(?:打开|关闭|关上|关掉|开一下|关一下|调)",
    ),
    "memory": (
        r"remind (?:me|us)\b|(?:set|create) (?:an?|me an?|my) (?:[\w:]+ ){0,3}?(?:alarm|reminder|timer)s?\b|"
        r"wake me\b|"
        r"(?:remember|memori[sz]e|keep in mind) (?:this|that i|my|what i)\b[^.\n]{0,50}?\b(?:next time|later|"
        r"tomorrow|future|birthday|password|name)\b|"
        r"what did (?:i|we) (?:say|tell you|talk about|discuss)\b[^.\n]{0,30}?\b(?:last|yesterday|earlier|"
        r"before|previous)|add (?:this|it|an?|the|that)\b[^.\n]{0,40}?\bto my (?:calendar|"
        r"schedule|shopping list|to-?do list|playlist|contacts)",
        r"提醒我|叫我起床|(?:设|定|设置|设定)一?个?[^，。\n]{0,10}?(?:闹钟|闹铃|提醒|定时器)|记住我|(?:记得|"
        r"还记得)我(?:上次|昨天|之前|上周)|我(?:上次|昨天|之前|"
        r"上周)(?:跟你|和你|对你|告诉你)|"
        r"(?:添加|加|加入)到我的(?:日历|日程|购物清单|待办)",
    ),
}
_CLAIMED = {
    "browsing": (
        r"i(?:'ve| have)? (?:just )?(?:searched|browsed|googled|looked up|checked|visited) (?:the |it |this |"
        r"that )?(?:on the |up on the )?"
        r"(?:web|internet|online|google|link|web ?site|web ?page|url)\b|(?:after|by) (?:searching|"
        r"browsing) (?:the )?(?:web|internet|online)\b",
        r"我(?:刚刚|刚才|刚|已经?)?(?:在网上|上网|在互联网上|通过搜索|访问)(?:搜索|查|搜|找|了)|(?:我)?(?:经过|"
        r"通过)(?:我的)?(?:网络|网上|联网)(?:搜索|查询)",
    ),
    "mail": (
        r"i(?:'ve| have| will|'ll)? (?:just |now |already )?(?:sent|send|emailed|email|forwarded|called|texted|"
        r"messaged) (?:the |an |a |your |them |him |her |it |this )?"
        r"(?:[\w']+ ){0,2}?(?:e-?mail|message|text|invitation|invite|letter|to (?:your|the|him|her|them)|"
        r"and (?:they|she|he))",
        r"我(?:已经?|刚刚|会|马上)(?:帮你|为你|帮您|为您|替你|替您|将|把|给)?[^，。\n]{0,14}?(?:发送|发出|发给|"
        r"发了|寄出|拨打)(?:了|给|到|至)?|(?:邮件|"
        r"短信)(?:已经?)(?:成功)?(?:发送|发出)",
    ),
    "files": (
        r"i(?:'ve| have| will|'ll)? (?:just |now |already )?(?:opened|saved|downloaded|uploaded|attached|"
        r"deleted|renamed|read) (?:the |your |it |this |an |a )?"
        r"(?:[\w'.]+ ){0,3}?(?:file|document|attachment|spreadsheet|folder|pdf|to your|as a|on your)",
        r"我(?:已经?|刚刚)(?:帮你|为你|帮您|为您|将|把)?[^，。\n]{0,14}?(?:保存|下载|上传|打开|删除)(?:了|到|至|"
        r"好)|(?:文件|文档|"
        r"附件)已(?:经)?(?:成功)?(?:保存|下载|上传|删除)",
    ),
    "live": (
        r"(?:the (?:current|latest|live) (?:weather|temperature|time|price|exchange rate)|(?:the )?(?:weather|"
        r"temperature) (?:today|right now)|today'?s (?:weather|forecast|date)|right now it) "
        r"(?:in [\w ]{1,25} |of [\w ]{1,25} )?(?:is|shows)\b|as of (?:right now|this moment|today)\b|"
        r"it is currently \d{1,2}:\d\d|the current time is",
        r"(?:今天|现在|当前|目前)(?:的)?[^，。\n]{0,8}?(?:天气(?:是|为|晴|多云|阴)|气温(?:是|为)|股价(?:是|为)|"
        r"汇率(?:是|为)|时间(?:是|为)|温度(?:是|"
        r"为))|现在是(?:北京时间)?[^，。\n]{0,6}?\d{1,2}[:：点]",
    ),
    "acts": (
        r"i(?:'ve| have| will|'ll)? (?:just |now |already )?(?:booked|reserved|ordered|purchased|bought|"
        r"scheduled|turned (?:on|off)|switched|dialed|played|paid|transferred) "
        r"(?:you |the |your |a |an |it |us |all |two )|your (?:order|booking|reservation|appointment|flight|table|ride|"
        r"payment)s? (?:has|have|is|are) (?:now |been |successfully )*(?:placed|booked|confirmed|scheduled|made)\b",
        r"我(?:已经?|刚刚)(?:帮你|为你|帮您|为您|替你|替您|将|把)?[^，。\n]{0,14}?(?:预订|预定|订好|下单|购买|"
        r"买好|打开了|关闭了|播放|转账|支付|关掉)|(?:已经?|"
        r"正在)(?:为|帮)[你您](?:播放|预订|预定|下单|打开|关闭|叫车)",
    ),
    "memory": (
        r"i(?:'ll| will) (?:be sure to )?(?:remind you|remember (?:this|that|it|your)|wake you)|i(?:'ve|"
        r" have) (?:just |now )?(?:set|created|added) (?:an?|your|the|it|this)\b[^.\n]{0,30}?\b(?:alarm|"
        r"reminder|timer|calendar|list)\b|(?:as|like) you (?:told|mentioned to) me (?:last|yesterday|before)|"
        r"i remember (?:you|our|that you)\b",
        r"我会(?:在[^，。\n]{1,12})?(?:准时|按时)?(?:提醒你|提醒您|叫你|叫醒)|我(?:会|已经?)?记住(?:了|你|您)|"
        r"我(?:已经?|刚刚)(?:为你|帮你|为您|"
        r"帮您)?(?:设置|设定|设|添加)(?:了|好)|(?:闹钟|提醒)已(?:经)?设[置定好]|我还?记得[你您](?:上次|昨天|之前)",
    ),
    "life": (
        r"i (?:ate|went|visited|stayed|lived|drove|flew|cooked|tried|watched) [^.\n]{0,40}?\b(?:last (?:\w+day|"
        r"week|month|"
        r"spring|summer|autumn|winter|year|night)|yesterday|with my (?:wife|husband|kids|family|friends?|son|"
        r"daughter))\b",
        r"我(?:去年|前年|上周|上个?月|昨天|前几天|小时候|曾经)[^。\n]{0,16}?(?:去过|吃过|住过|看过|买过|玩过|"
        r"去了|吃了|住了)|"
        r"我(?:老婆|老公|妻子|丈夫|儿子|女儿)",
    ),
}


def _patterns(table: Mapping[str, tuple[str, str]], column: int) -> re.Pattern[str]:
    edge = r"\b" if column == 0 else ""
    named = "|".join(f"(?P<{ability}>{words[column]})" for ability, words in table.items())
    return re.compile(f"{edge}(?:{named})", re.IGNORECASE)


_DOORS = re.compile(
    r"(?:^|[.!?;:\n]|\b(?:please|kindly|can you|could you|would you|will you|want you to|need you to|"
    r"like you to|have you|and|then|now|"
    r"just|hey|ok|okay|alexa|siri|assistant|help me),?)[\s\"“]{0,3}$|[,]\s?$",
    re.IGNORECASE,
)
"""What stands before a wish that is meant for whoever answers."""
_DOORS_ZH = re.compile(
    r"(?:^|[。！？；：，、,.!?\n]|请你?|帮我|帮忙|麻烦(?:你)?|能否|可以|能不能|替我|给我|然后|并|再|你|告诉我|"
    r"查一下|吗|把[^，。\n]{1,12}|[点分天晚早]|[早晚]上|"
    r"时候?|前)\s?$"
)
_ABOUT = re.compile(
    r"\b(?:write|compose|draft|explain|describe|how (?:to|do|can|does|would|should)|function|program|script|"
    r"code|python|story|poem|essay|"
    r"translat\w*|rewrite|rephrase|paraphrase|edit|correct|proofread|classif\w*|categor\w*|identify|convert|"
    r"summari[sz]e|steps?|list|"
    r"instructions|tips?|ways?|sentence|phrase|dialog\w*|conversation|command|grammar\w*|punctuat\w*|tense|"
    r"meaning|example|simulate|replace|fill|complete|continue|finish|"
    r"pretend|role ?-?play|imagine|suggest|analy[sz]e|intent|word)\b"
    r"|写|撰写|起草|解释|说明|描述|如何|怎么|怎样|函数|程序|代码|故事|诗|作文|翻译|改写|分类|归类|判断|识别|"
    r"纠正|修改|总结|步骤|方法|列出|句子|对话|意图|命令|造句|扮演|假设|模拟|"
    r"建议|技巧|分析|含义|意思",
    re.IGNORECASE,
)
"""Tasks that are about such a wish rather than one."""
_LETTER = re.compile(
    r"\bdear\b|\bsincerely\b|\bregards\b|\bhi [A-Z]|\bhello [A-Z]|尊敬的|亲爱的|此致|您好，我是", re.IGNORECASE
)
_FIRST_ZH = re.compile(
    "我(?:[已刚会马记还帮在上访经通去前昨小曾老妻丈儿女])|[已正](?:经|在|为|帮|成|发|保|下|上|删|设)|今天|现在|"
    "当前|目前|[经通]过"
)
_HINTS = (
    "i ", "i'", "current", "latest", "live", "today", "right now", "as of", "searching", "browsing", "you told",
    "you mentioned", "weather", "temperature", "booked", "confirmed", "placed", "scheduled", "been made",
)  # fmt: skip
_HINTS_ZH = ("我", "已", "正在", "今天", "现在", "当前", "目前", "经过", "通过")
"""One of which every claim holds."""
_APART = {code: chr(code) if chr(code).isalpha() else " " for code in range(128)}


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_WISHED = _set(
    """
    search browse surf check google navigate visit open access click send forward mail text dm sms email e call phone
    ring dial post tweet publish read load delete rename save upload download print scan edit attach turn switch order
    buy purchase deliver fetch bring book reserve schedule play pause skip shuffle lock unlock close transfer pay wire
    take shoot record drive walk pick cook remind set alarm wake remember memorize memorise keep add did
    online web internet wikipedia website webpage link url weather temperature traffic current latest live real realtime
    today tonight tomorrow right time day date
    """
)
_SAID = _set(
    """
    searched browsed googled looked checked visited searching browsing sent send emailed email forwarded called texted
    messaged opened saved downloaded uploaded attached deleted renamed read weather temperature forecast date current
    latest live right currently today booked reserved ordered purchased bought scheduled turned switched dialed played
    paid transferred remind remember wake set created added told mentioned placed confirmed
    ate went stayed lived drove flew cooked tried watched
    """
)
"""Words of which every wish, and every claim, has one: texts without them need no second look."""
_WISHED_ZH = re.compile(
    "[网谷链邮信消电机微朋抖件表档存气温价汇闻况几期分订灯空窗门音播床闹定记历程购待我时端倒叫买度醒]|pdf|excel|"
    "PDF|Excel"
)
"""A character of each Chinese wish, for the same reason."""
_OPENING = 300
"""Characters at the front of an answer in which a claim is one of the assistant."""
_LONGEST = 4000
_ASKED_IN = (_patterns(_ASKED, 0), _patterns(_ASKED, 1))
_CLAIMED_IN = (_patterns(_CLAIMED, 0), _patterns(_CLAIMED, 1))


class UnsupportedAbility:
    """Points at wishes that a text cannot fulfil and at answers that say they did. Never drops."""

    name = "unsupported_ability"
    title = N_("Asks for and claims only what text can do")

    def __call__(self, draft: Draft, settings: Mapping[str, Any]) -> list[Finding]:
        """`unsupported_ability` for each field, with the kind of ability and the places; rows with tools pass."""
        if draft.data.get("tools"):
            return []
        findings = []
        for field, text in questions_of(draft):
            findings += self._found(field, list(_wishes(text[:_LONGEST])))
        for field, question, text in exchanges_of(draft):
            claims = list(_claims(text[:_OPENING]))
            if claims and not _ABOUT.search(question[:_LONGEST]):
                findings += self._found(field, claims)
        return findings

    def _found(self, field: str, places: list[re.Match[str]]) -> list[Finding]:
        if not places:
            return []
        kind, spans = str(places[0].lastgroup), (place.span() for place in places)
        return [placed(self.name, "unsupported_ability", field=field, spans=spans, ability=kind)]


def _wishes(text: str) -> Iterator[re.Match[str]]:
    chinese = has_cjk(text)
    plain = text if text.isascii() else text.replace("\u2019", "'")
    if not chinese and _WISHED.isdisjoint(plain.lower().translate(_APART).split()):
        return
    if chinese and not _WISHED_ZH.search(plain):
        return
    doors = _DOORS_ZH if chinese else _DOORS
    for found in _ASKED_IN[chinese].finditer(plain):
        before = plain[max(0, found.start() - 30) : found.start()]
        if doors.search(before) and not _ABOUT.search(plain[: found.start()]):
            yield found


def _claims(text: str) -> Iterator[re.Match[str]]:
    chinese = has_cjk(text)
    plain = text if text.isascii() else text.replace("\u2019", "'")
    if not chinese:
        key = plain.lower()
        if not any(map(key.__contains__, _HINTS)) or _SAID.isdisjoint(key.translate(_APART).split()):
            return
    if chinese and not (any(map(plain.__contains__, _HINTS_ZH)) and _FIRST_ZH.search(plain)):
        return
    for found in _CLAIMED_IN[chinese].finditer(plain):
        before = plain[: found.start()]
        if before.count('"') % 2 == 0 and before.count("“") == before.count("”") and not _LETTER.search(plain):
            yield found


CHECK = UnsupportedAbility()
