"""How fast rows are checked, and that a million of them need no more memory than a thousand.

Run with `python -m benchmarks.checks [rows]` (default 1,000,000; 200,000 of them take a minute). The rows are of the
size of Alpaca's (an instruction of about 60 characters, every third with an input, an output of about 270), half
English and half Chinese; one in fifty has a defect. `examine` is the general profile, the section is all that a report
does with a row; what single checks take is told for the ten dearest.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator

from benchmarks.stopwatch import Stopwatch
from generation.quality.profiles import GENERAL, examine
from generation.quality.report.base import Asked, RowFacts
from generation.quality.report.checks import Checks
from generation.types import Draft

BLOCK = 2000
ASKED = {
    "en": (
        "Explain why {0} matters to {1}.",
        "List five ways in which {0} can change {1} for the better.",
        "Rewrite the sentence about {0} so that a child of ten understands it.",
        "Compare {0} with {1} in one page.",
    ),
    "zh": (
        "请解释{0}为什么对{1}很重要。",
        "列举{0}改善{1}的五种方式，并各举一个例子。",
        "比较{0}和{1}，用一段话写出主要的不同。",
        "把下面这句关于{0}的话改写得让十岁的孩子也能看懂。",
    ),
}
THINGS = {
    "en": (
        "the harvest",
        "a bicycle",
        "clean water",
        "the old bridge",
        "music lessons",
        "a small budget",
        "solar power",
    ),
    "zh": ("秋天的收成", "自行车", "干净的饮水", "古老的石桥", "音乐课", "小企业的预算", "太阳能发电"),
}
SAID = {
    "en": (
        "It keeps people healthy, and {0} saves them money in the long run.",
        "Many towns began with {0} in {1}.",
        "First, look at what is there; then ask who pays for {0}, how often, and at what cost.",
        "However, not everybody agrees: some would rather wait until {0} is cheaper.",
        "A second reason is that {0} brings neighbours together on {1} days of the year.",
        "Experts expect that the share of {0} will double before long.",
        "In the end everyone must decide how much {0} is worth to them.",
        "Children learn early that {0} needs care and patience.",
    ),
    "zh": (
        "它让人们更健康，从长远来看，{0}也更省钱。",
        "许多城镇从{1}年就开始重视{0}了。",
        "首先看看现有的条件，再问问谁为{0}付钱、多久付一次。",
        "不过并不是所有人都同意，有些人宁愿等到{0}降价以后再说。",
        "第二个原因是，{0}每年有{1}天能把邻居们聚在一起。",
        "专家预计，{0}所占的比重不久就会翻一番。",
        "说到底，每个人都要自己决定{0}值多少。",
        "孩子们很早就知道，{0}需要细心和耐心。",
        "有了{0}，村里的老人出门也方便得多。",
        "当然，{0}不可能解决所有的问题。",
    ),
}
DEFECTS = (
    "I'm sorry, but I can't help with that.",
    "TODO",
    "Fish &amp; chips for all, every day.",
    "看\u200b不见的字符在这里。",
    "7 x 8 = 54, so the answer must be 54.",
    "First\\nSecond\\nThird",
)


def rows(count: int) -> Iterator[RowFacts]:
    """The rows, the same on every run."""
    rng = random.Random(7)
    for number in range(count):
        language = ("en", "zh")[number % 2]
        asked = rng.choice(ASKED[language]).format(*rng.sample(THINGS[language], 2))
        words = rng.sample(SAID[language], 4 if language == "en" else 8)
        said = (" " if language == "en" else "").join(_filled(each, language, rng) for each in words)
        given = _filled(rng.choice(SAID[language]), language, rng) if number % 3 == 0 else ""
        output = rng.choice(DEFECTS) if number % 50 == 0 else f"{said} ({number})"
        yield RowFacts(number, Draft("sample", asked, given, output, language=language))


def _filled(sentence: str, language: str, rng: random.Random) -> str:
    return sentence.format(rng.choice(THINGS[language]), rng.randrange(1900, 2025))


def measure(count: int, *, section: bool) -> tuple[float, float, int]:
    """Rows a CPU second, MB at the peak, and findings; making the rows is not counted."""
    watch, seconds, found = Stopwatch(), 0.0, 0
    made = Checks(Asked())
    stream = rows(count)
    while block := [row for row, _ in zip(stream, range(BLOCK), strict=False)]:
        begun = time.process_time()
        for row in block:
            if section:
                made.see(row)
            else:
                found += len(examine(row.draft, profile=GENERAL))
        seconds += time.process_time() - begun
    found = sum(each.hits for each in made.findings()) if section else found
    return count / seconds, watch.figures(count, written=0)["mb"], found


def dearest() -> list[tuple[str, float]]:
    """Microseconds a row of each check of the general profile, the dearest first."""
    drafts = [row.draft for row in rows(4000)]
    told = []
    for each in GENERAL.checks:
        begun = time.process_time()
        for draft in drafts:
            each(draft, {})
        told.append((each.name, (time.process_time() - begun) / len(drafts) * 1e6))
    return sorted(told, key=lambda each: -each[1])


def main(arguments: list[str]) -> None:
    """Prints what each way takes, then the dearest checks."""
    count = int(arguments[0]) if arguments else 1_000_000
    print(f"{len(GENERAL.checks)} checks of the general profile")
    print(f"{'':<28} {'rows':>10} {'rows/CPU s':>12} {'peak MB':>8} {'found':>8}")
    for name, size, section in (
        ("examine", 1000, False),
        ("examine", count, False),
        ("section of a report", count, True),
    ):
        rate, peak, found = measure(size, section=section)
        print(f"{name:<28} {size:>10,} {rate:>12,.0f} {peak:>8.0f} {found:>8,}")
    print("  ".join(f"{name} {micros:.1f}" for name, micros in dearest()[:10]), "(microseconds a row)")


if __name__ == "__main__":
    main(sys.argv[1:])
