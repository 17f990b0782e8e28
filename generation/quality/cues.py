"""What a task asks for, as far as its words tell: whether its output should be prose at all. Pure."""

from __future__ import annotations

import re

_NOT_PROSE = re.compile(
    r"\b(?:numbers?|numeric\w*|digits?|calculat\w*|math\w*|plus|minus|times|divided|multipl\w*|subtract\w*|work out|"
    r"comput\w*|sum(?! up)|equations?|formulas?|expressions?|sequences?|series|"
    r"tables?|matri(?:x|ces)|dates?|times?|code|coding|program\w*|python|java\w*|sql|html|css|json|xml|yaml|csv|"
    r"latex|"
    r"markdown|regex\w*|regular expression|emojis?|emoticons?|symbols?|ascii|binary|hex\w*|encod\w*|decod\w*|morse|"
    r"average|mean|median|largest|smallest|longest|population|area|height|receipt|invoice|prices?|notation|"
    r"chords?|music|tabs?|sort\w*|"
    r"ascending|rank\w*|statistics?|specifications?|results?|bibliograph\w*|citations?|convert|solve|simplify|"
    r"factor\w*|integra\w*|derivative|percent\w*|ratio|fractions?|schedule|price|phone|"
    r"url|command|bash|shell|chemical|scores?|coordinates?|chess|password|crossword|sudoku|diagram|chart)\b"
    r"|数字|数列|数值|数据|计算|运算|算式|求值|公式|方程|表达式|表格|矩阵|日期|时间|代码|编程|程序|函数|脚本|表情|符号|"
    r"二进制|十六进制|编码|解码|转换|换算|百分|比例|分数|价格|电话|命令|化学式|坐标|密码|图表|求解|因式|等于|"
    r"多少|几个|平均|面积|人口|高度|排序|排名|收据|发票|课程表|日程|时间表|统计|"
    r"参考文献|乐谱|和弦|标签|幂|次方",
    re.IGNORECASE,
)
_CAPITALS = re.compile(
    r"\b(?:capitali[sz]\w*|(?:in|all|block|only|full) capitals?|capital letters?|every letter|upper ?-?case|"
    r"all caps|acronyms?|abbreviat\w*|initialisms?|notation|chords?|sql|"
    r"headlines?|constants?|"
    r"shout\w*|codes?|tickers?|symbols?|dna|rna|roman numerals?|anagram|cipher|encrypt\w*|morse|sign)\b"
    r"|大写|缩写|首字母|代码|代号|罗马数字|口号|标语|密码|加密|序列",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"\b(?:classif\w*|categori[sz]\w*|sentiment|yes or no|true or false|true, false|(?:tell|check|predict|"
    r"detect|identify|"
    r"decide|determine|say)(?: me)? (?:if|whether)|multiple choice|(?:select|choose|pick|find out) (?:the|"
    r"a|an|one|[A-D]\b)|"
    r"(?:output|answer|reply|return) (?:the|only|just|with|either|yes|no|true|false|\d|[\"'])|one of the|fill "
    r"in the blank|"
    r"pos tag|toxic|support or|which of)\b"
    r"|分类|归类|判断|是否|选择|选出|情感|标签|填空|对错|真假|属于哪|哪一?[个种类]|是谁",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[“\"'‘「《(（:：]\s*[A-Za-z]{2,}")
_LANGUAGE = re.compile(
    r"\b(?:translat\w*|interpret\w*|bilingual|multilingual|idioms?|pinyin|romani[sz]\w*|transliterat\w*|"
    r"english|chinese|mandarin|cantonese|french|german|spanish|italian|portuguese|russian|japanese|korean|arabic|latin|"
    r"greek|hebrew|turkish|dutch|polish|swedish|danish|norwegian|finnish|czech|hungarian|romanian|ukrainian|persian|"
    r"thai|vietnamese|indonesian|malay|hindi|urdu|bengali|punjabi|tamil|telugu|marathi|gujarati|kannada|malayalam|"
    r"sanskrit|swahili)\b"
    r"|翻译|译成|译为|译文|双语|外语|拼音|罗马字|[英中法德俄日韩汉泰]文|[英汉法德俄日韩泰]语|拉丁文|西班牙语|"
    r"葡萄牙语|阿拉伯语|意大利语|希腊语|"
    r"俄罗斯语|越南语|印地语",
    re.IGNORECASE,
)
_NO_LANGUAGE = re.compile(
    r"`[^`\n]{0,200}`|</?[A-Za-z][^<>\n]{0,200}>|\]\([^)\s]{0,300}\)|(?:https?://|www\.)[\w./?=&%#~+:-]+|"
    r"\$[^$\n]{1,200}\$|[\w.+-]{1,60}@[\w-]{1,60}\.\w+|\\\w+|\b[A-Za-z]\b"
)
_CODE_LINE = re.compile(
    r"^[ \t]{0,80}(?:(?:def|class|import|from|return|for|while|if|elif|else|try|except|with|print|public|private|"
    r"function|var|let|const|SELECT|FROM|WHERE|INSERT|CREATE|#include|//|/\*)\b[^\n]{0,200}[(:;{=,)\]}]|"
    r"[^\n]{0,200}(?:[;{}]|\w\([^()\n]{0,80}\))|"
    r"[\"']?\w{1,40}[\"']?[ \t]{0,9}[=:][ \t]{0,9}[\"'\d\[{][^\n]{0,200}|[{}\[\]()]{1,20},?)[ \t]{0,20}$",
    re.MULTILINE,
)
_FRONT = 20_000
"""Characters that say enough about a language."""
_EQUATION = re.compile(r"\d\s?[-+*/×÷^x]\s?\d[^=\n]{0,40}=\s?[-$]?\d")
_FENCE = re.compile(r"^ {0,3}(`{3,}+|~{3,}+)[^\n]*+\n[\s\S]*?(?:^ {0,3}\1[ \t]*$|\Z)", re.MULTILINE)


def asks_for_prose(text: str) -> bool:
    """Whether nothing in the task's words asks for figures, code, tables or signs."""
    return _NOT_PROSE.search(text) is None


def asks_for_a_label(text: str) -> bool:
    """Whether a task's words ask for one of a few answers, a name or a number: short is right."""
    return _LABEL.search(text) is not None


def asks_for_capitals(text: str) -> bool:
    """Whether the task's words are about capitals, abbreviations or codes."""
    return _CAPITALS.search(text) is not None


def works_something_out(text: str) -> bool:
    """Whether a text holds an equation of figures: it is a working, of which few are in words."""
    return "=" in text and _EQUATION.search(text) is not None


def speaks_of_latin_words(text: str) -> bool:
    """Whether words in Latin letters stand in quotation marks, brackets or behind a colon: the task is about them."""
    return _QUOTED.search(text) is not None


def names_a_language(text: str) -> bool:
    """Whether a language or translating is spoken of: any language may answer that."""
    return _LANGUAGE.search(text) is not None


def prose(text: str) -> str:
    """The front of the text without what is in no language: code, addresses, tags and formulas."""
    return _NO_LANGUAGE.sub(" ", without_code(text[:_FRONT]))


def without_code(text: str) -> str:
    """The text with its code blanked out, in fenced blocks or not: as long as before."""
    return _CODE_LINE.sub(lambda line: " " * len(line[0]), outside_fences(text))


def outside_fences(text: str) -> str:
    """The text with each fenced block of code blanked out: as long as before, so that places stay what they are."""
    if "```" not in text and "~~~" not in text:
        return text
    return _FENCE.sub(lambda fence: " " * len(fence[0]), text)
