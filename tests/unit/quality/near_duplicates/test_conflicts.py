"""Rows that ask the same: in conflict where their outputs disagree, redundant where they agree, else strangers."""

from __future__ import annotations

import pytest

from generation.quality.near_duplicates import Answered, Question, Questions, WordHashes
from generation.quality.near_duplicates.conflicts import agree, marks, same_question

HASHES = WordHashes()

LONG = (
    "A tenant signed a lease for two years and paid a deposit. After eight months the roof leaked and the landlord "
    "repaired nothing for weeks although the tenant wrote to him. The tenant moved out and wants the deposit back. "
    "Advise the tenant with the steps in order."
)
LONG_ZH = (
    "租客签订了两年的租约并支付了押金。八个月后屋顶漏水，房东几周都没有修理，尽管租客写信告知了他。"
    "租客搬走了，希望要回押金。请按步骤给租客提出建议。"
)


def question(one: str, other: str) -> float:
    return same_question(marks(HASHES.of(one)), marks(HASHES.of(other)))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("What is the capital of France?", "what's the capital of france"),
        ("Explain photosynthesis.", "Could you please explain photosynthesis?"),
        ("解释什么是机器学习", "请您解释什么是机器学习吧。"),
        ("请问中国的首都是哪里", "中国的首都是哪里？"),
        ("解释一下光合作用", "请解释光合作用"),
        ("推荐三本好书", "请给我推荐三本好书"),
        (LONG, LONG.replace("the roof leaked", "the old roof leaked")),
        (LONG_ZH, LONG_ZH.replace("屋顶漏水", "老屋顶漏水")),
    ],
)
def test_the_same_question_in_other_words_of_politeness_or_one_word_more_in_a_long_one(one, other):
    assert question(one, other) > 0.5
    assert question(other, one) == question(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("What is the capital of France?", "What is the capital of Spain?"),
        ("Is 17 a prime number?", "Is 18 a prime number?"),
        ("Name foods that are healthy", "Name foods that are not healthy"),
        ("List three fruits", "List three tropical fruits"),
        ("Convert from miles to metres", "Convert to miles from metres"),
        ("请解释什么是机器学习", "请解释什么是深度学习"),
        ("推荐三本好书", "推荐五本好书"),
        ("推荐一本好书", "推荐三本好书"),
        ("他可以上诉吗？", "他不可以上诉吗？"),
        (LONG, LONG.replace("two years", "three years")),
        (LONG, LONG.replace("repaired nothing", "never repaired nothing")),
        (LONG_ZH, LONG_ZH.replace("两年", "三年")),
        (LONG_ZH, LONG_ZH.replace("希望要回", "不希望要回")),
        ("", "Anything"),
    ],
)
def test_a_number_a_negation_or_another_word_makes_another_question(one, other):
    assert question(one, other) == 0.0


@pytest.mark.parametrize(
    ("one", "other", "closed", "expected"),
    [
        ("The Rhine flows to the sea", "The Rhine flows to the North Sea", False, True),
        ("Positive", "Negative", False, False),
        ("clearly entailed", "entailed", False, True),
        ("clearly entailed", "entailed", True, False),
        ("正面", "负面", True, False),
        ("机器学习是从数据中学习", "机器学习是让计算机从数据中学习", False, True),
        ("a b c d e f g x x x", "a b c q q q q q q q", False, True),
        ("a b c d e f g x x x", "a b q q q q q q q q", False, False),
        ("", "", False, True),
        ("", "Something", False, False),
    ],
)
def test_outputs_agree_from_three_tenths_on_and_labels_when_they_are_equal(one, other, closed, expected):
    assert agree(marks(HASHES.of(one)), marks(HASHES.of(other)), closed=closed) is expected


def test_a_new_row_meets_the_kept_ones_that_ask_the_same_conflicts_first():
    kept = Answered()
    kept.add("paris", prompt="What is the capital of France?", output="Paris")
    kept.add("madrid", prompt="What is the capital of Spain?", output="Madrid")
    kept.add("机器", prompt="请解释什么是机器学习", output="让计算机从数据中学习的方法")
    (conflict,) = kept.meets(prompt="what is the capital of france", output="Lyon")
    assert (conflict.key, conflict.relation, conflict.outputs) == ("paris", "conflict", 0.0)
    (redundant,) = kept.meets(prompt="请您解释什么是机器学习？", output="是让计算机从数据中学习的方法")
    assert (redundant.key, redundant.relation) == ("机器", "redundant")
    assert kept.meets(prompt="What is the capital of Italy?", output="Rome") == []


def asked(rows: list[tuple[str, str]], **more) -> list[Question]:
    found = Questions()
    for prompt, output in rows:
        found.add(HASHES.of(prompt), HASHES.of(output), **more)
    return found.groups()


def test_a_group_is_camps_of_rows_that_agree():
    rows = [
        ("What is the capital of France?", "Paris"), ("Please name a river", "The Rhine"),
        ("What's the capital of France", "Lyon"), ("Name a river!", "The Rhine"),
        ("what is the capital of France", "paris"), ("解释什么是机器学习", "从数据中学习"),
        ("请解释什么是机器学习", "一种烹饪方法"),
    ]  # fmt: skip
    assert [each.camps for each in asked(rows)] == [((0, 4), (2,)), ((1, 3),), ((5,), (6,))]
    assert [each.similarity for each in asked(rows)] == [pytest.approx(10 / 12), pytest.approx(6 / 7), 18 / 19]


def test_long_prompts_meet_when_one_has_a_word_more():
    (group,) = asked([(LONG, "Write first."), (LONG.replace("roof", "old roof"), "Sue at once, nothing else helps.")])
    assert group.camps == ((0,), (1,))
    (group,) = asked([(LONG_ZH, "先书面催告。"), (LONG_ZH.replace("屋顶", "老屋顶"), "直接起诉吧")])
    assert group.camps == ((0,), (1,))


def test_short_outputs_that_many_rows_have_are_labels():
    others = [(f"Does clause {n} follow?", "entailed" if n % 2 else "not entailed") for n in range(8)]
    (group,) = asked([*others, ("Does it follow here?", "entailed"), ("Does it follow here", "not entailed")])
    assert group.camps == ((8,), (9,))


def test_empty_prompts_ask_nothing():
    assert asked([("", "one"), ("", "two"), (" ", "three")]) == []


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Mars has two moons.", "Mars has one moon.", False),
        ("Mars has 2 moons.", "Mars has two moons.", True),
        ("Mars has two moons.", "Mars has two moons, found in 1877.", True),
        ("火星有两颗卫星。", "火星有三颗卫星。", False),
        (
            "自签收之日起七天内可以无理由退货，商品须保持完好，运费由买家承担。",
            "收到商品后三十天内均可申请退货，商品须保持完好，运费由我们承担。",
            False,
        ),
        ("The capital of Australia is Canberra.", "The capital of Australia is Melbourne.", False),
        ("The capital of Australia is Canberra.", "Canberra is the capital of Australia.", True),
        ("澳大利亚的首都是堪培拉。", "澳大利亚的首都是墨尔本。", False),
        ("这部电影非常精彩，值得一看。", "这部电影很精彩，绝对值得去看一看。", True),
        ("这部电影不精彩，值得一看吗？", "这部电影很精彩，绝对值得去看一看。", False),
        ("It is not only cheap, it works well.", "It is cheap and it works very well.", True),
        ("Phobos goes round Mars.", "Deimos goes round Mars.", False),
        ("火星有2颗卫星。", "火星有两颗卫星。", True),
        ("Yes, it is open on Sundays.", "No, it is not open on Sundays.", False),
        ("可以，周日也开门。", "周日不开门，可以周一来。", False),
        ("It is 42" + ", and so on, and on" * 10, "It is 43" + ", and so on, and on" * 10, True),
    ],
)  # fmt: skip
def test_short_outputs_with_another_number_or_a_not_say_something_else(one, other, expected):
    assert agree(marks(HASHES.of(one)), marks(HASHES.of(other))) is expected
    assert agree(marks(HASHES.of(other)), marks(HASHES.of(one))) is expected
