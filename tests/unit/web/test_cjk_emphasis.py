"""Bold beside Chinese letters and punctuation, where no blank stands."""

import pytest

from fdc_project.web.texts import safe_html


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("**原因：**循环", "<strong>原因：</strong>循环"),
        ("他说**“你好”**然后", "他说<strong>“你好”</strong>然后"),
        ("价格**（含税）**为", "价格<strong>（含税）</strong>为"),
        ("*强调：*下文", "<em>强调：</em>下文"),
        ("~~删除：~~后", "<s>删除：</s>后"),
        ("**注意**：好", "<strong>注意</strong>：好"),
        ("**이유(이것)**은", "<strong>이유(이것)</strong>은"),
        ("**用`code`**打开", "<strong>用<code>code</code></strong>打开"),
        ("**原因：**\n下一行", "<strong>原因：</strong><br>\n下一行"),
    ],
)
def test_what_is_meant_as_bold_is_bold(text, wanted):
    assert safe_html(text).strip() == f"<p>{wanted}</p>"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("** 原因**循环", "** 原因**循环"),
        ("`**原因：**循环`", "<code>**原因：**循环</code>"),
        (r"\*\*原因：\*\*循环", "**原因：**循环"),
        ("变量_名_字", "变量_名_字"),
        ("**abc:**def", "**abc:**def"),
    ],
)
def test_what_is_not_stays_as_it_is(text, wanted):
    assert safe_html(text).strip() == f"<p>{wanted}</p>"
