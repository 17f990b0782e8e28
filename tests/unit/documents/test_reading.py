"""Documents of every kind into text with headings, pages and what the file says of itself; and what is refused."""

import io
import unicodedata

import pytest

from generation.documents.reading import read_document, read_text
from generation.files.strict_json import Fault
from generation.samples import sample_path
from tests.document_files import make_docx, make_pdf, pack, swelling_docx, swelling_pdf
from tests.journeys.test_document_trip import library_pdf

ENGLISH = (
    "Beekeeping", "The hive stands in the shade of an old pear tree, and the bees leave it at the",
    "first light of the day. In the evening they come home with nectar.", "Short end.",
    "A second paragraph begins here, and it is long enough to be a full line on a pa-", "per, where it ends.",
)  # fmt: skip
CHINESE = (
    "第一章 春茶",
    "春茶在清明前后采摘，只采一芽一叶。采茶工在上午九点以后才进园，因为露水未干时",
    "采下的叶子容易变红。",
)
PAGE = """<!doctype html><html lang="zh"><head><meta charset="{}"><title>茶 与 水</title>
<meta name="author" content="周岚"><style>p {{}}</style></head><body><nav>首页 关于</nav><main><h1>泡<b>茶</b></h1>
<p>用<i>八十五度</i>的水，<br>不用开水。<ul><li>三克茶叶<li>四十秒</ul><h2>器具</h2><table><tr><th>杯<td>玻璃
<tr><td>碗<td>瓷</table><pre>一
  二</pre><script>alert(1)</script></main><footer>版权</footer></body></html>"""


def read(name: str, data: bytes):
    return read_document(name, io.BytesIO(data))


def refusal(name: str, data: bytes) -> str:
    with pytest.raises(Fault) as refused:
        read(name, data)
    return refused.value.code


def test_a_pdf_gives_paragraphs_pages_its_outline_and_its_title():
    outline = [("Beekeeping", 1), ("第一章 春茶", 2), ("Not said", 2)]
    parsed = read("a.pdf", make_pdf([ENGLISH, CHINESE, ()], outline=outline, title="蜂与茶"))
    assert parsed.text == (
        "Beekeeping\n\nThe hive stands in the shade of an old pear tree, and the bees leave it at the first light of "
        "the day. In the evening they come home with nectar.\n\nShort end.\n\nA second paragraph begins here, and it "
        "is long enough to be a full line on a paper, where it ends.\n\n第一章 春茶\n\n"
        "春茶在清明前后采摘，只采一芽一叶。"
        "采茶工在上午九点以后才进园，因为露水未干时采下的叶子容易变红。"
    )
    second = parsed.text.index("第一章")
    assert parsed.headings == ((0, 1, "Beekeeping"), (second, 1, "第一章 春茶"), (second, 1, "Not said"))
    assert parsed.meta == {"title": "蜂与茶", "pages": [0, second, len(parsed.text)], "pages_without_text": 1}


def test_what_stands_on_every_page_is_no_part_of_the_text():
    pages = [
        ("The Town Library", f"Page {n} tells of shelf number {n} and of no other.", f"- {n} -") for n in range(1, 6)
    ]
    assert read("a.pdf", make_pdf(pages)).text.split("\n\n")[:2] == [
        "Page 1 tells of shelf number 1 and of no other.",
        "Page 2 tells of shelf number 2 and of no other.",
    ]


def test_a_word_file_gives_its_headings_by_their_styles_its_tables_and_its_title():
    table = (
        "<w:tbl><w:tr>" + "".join(f"<w:tc><w:p><w:r><w:t>{each}</w:t></w:r></w:p></w:tc>" for each in "ab") + "</w:tr>"
        "</w:tbl>"
    )
    paragraphs = [("1", "Bees"), ("", "They live in hives."), ("2", "第二节"), ("", "蜜蜂。")]
    parsed = read("a.docx", make_docx(paragraphs, title="On bees", more=table))
    assert parsed.text == "Bees\n\nThey live in hives.\n\n第二节\n\n蜜蜂。\n\na | b"
    assert parsed.headings == ((0, 1, "Bees"), (27, 2, "第二节"))
    assert parsed.meta == {"title": "On bees"}


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_a_page_gives_what_it_says_and_not_what_stands_around_it(encoding):
    parsed = read("a.html", PAGE.format("gb2312" if encoding == "gb18030" else encoding).encode(encoding))
    assert parsed.text == (
        "泡茶\n\n用八十五度的水，\n不用开水。\n- 三克茶叶\n- 四十秒\n\n器具\n\n杯 | 玻璃\n碗 | 瓷\n\n一\n  二"
    )
    assert parsed.headings == ((0, 1, "泡茶"), (parsed.text.index("器具"), 2, "器具"))
    assert (parsed.meta["title"], parsed.meta["author"], parsed.language) == ("茶 与 水", "周岚", "zh")


def test_markdown_stays_as_it_is_with_its_headings_marked():
    source = '---\ntitle: "Tea"\nauthor: 周岚\n---\n# One *two*\r\n\r\ntext\n\nThree\n---\n\n```\n# no heading\n```\n'
    parsed = read("a.md", source.encode())
    assert parsed.text == "# One *two*\n\ntext\n\nThree\n---\n\n```\n# no heading\n```"
    assert parsed.headings == ((0, 1, "One two"), (19, 2, "Three"))
    assert parsed.meta == {"title": "Tea", "author": "周岚"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "utf-32"])
def test_plain_text_is_read_in_every_encoding_and_its_chapters_are_found(encoding):
    parsed = read("a.txt", "前言\r\n\r\n第一章 春\r\n天气很好。\r\n第一节 雨\r\n下雨了。\r\n".encode(encoding))
    assert parsed.text == "前言\n\n第一章 春\n天气很好。\n第一节 雨\n下雨了。"
    assert parsed.headings == ((4, 1, "第一章 春"), (16, 2, "第一节 雨"))
    assert parsed.language == "zh"


def test_old_western_text_is_not_taken_for_chinese():
    parsed = read("a.txt", "Le café déjà vu à la carte.".encode("cp1252"))
    assert (parsed.text, parsed.meta) == ("Le café déjà vu à la carte.", {"encoding": "cp1252"})


def test_text_is_composed_and_holds_nothing_that_cannot_be_kept():
    parsed = read("a.txt", "cafe\u0301 \x00a\x07b\ufeff c\u2028d".encode())
    assert parsed.text == "café ab c\nd"
    assert unicodedata.is_normalized("NFC", parsed.text)


def test_the_first_bytes_say_what_a_file_is_whatever_its_name_says():
    assert read("notes.txt", make_pdf([("Hello there",)])).kind == "pdf"
    assert read("notes", b"<!DOCTYPE html><p>Hello there").kind == "html"
    assert read("notes.md", make_docx([("", "Hello there")])).kind == "docx"


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.pdf", b"no pdf at all", "bad_pdf"),
        ("a.pdf", b"%PDF-1.7 torn off", "bad_pdf"),
        ("a.pdf", make_pdf([("secret",)], encrypted=True), "encrypted"),
        ("a.pdf", make_pdf([(), ()]), "no_text"),
        ("a.docx", b"PK\x03\x04torn off", "bad_docx"),
        ("a.docx", pack({"other.txt": b"x"}), "bad_docx"),
        ("a.docx", b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        ("a.doc", b"\xd0\xcf\x11\xe0" + b"\0" * 100, "old_word"),
        ("a.xlsx", b"PK\x03\x04", "document_type"),
        ("a.txt", b"\x89PNG\r\n\x1a\n", "document_type"),
        ("a.rtf", b"{\\rtf1 hello}", "document_type"),
        ("a.txt", b"", "no_text"),
        ("a.txt", b" \n\t\n ", "no_text"),
        ("a.html", b"<html><body><script>x</script>", "no_text"),
        ("a.txt", b"\xff\xfe\x00", "bad_encoding"),
        ("a.txt", b"\x81\x8d\x8f\x90\x9d", "bad_encoding"),
    ],
)
def test_what_is_no_document_is_refused_by_name(name, data, code):
    assert refusal(name, data) == code


def test_files_that_swell_cost_their_child_and_nothing_else():
    assert refusal("a.docx", swelling_docx()) == "too_large"
    assert refusal("a.pdf", swelling_pdf(4000)) == "child_died"


def test_entities_that_multiply_are_refused():
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "a" * 9999}">' for n in range(4))
    bomb = f"<!DOCTYPE l [{entities}]><w:document xmlns:w='x'><w:body>&e3;</w:body></w:document>".encode()
    assert refusal("a.docx", pack({"[Content_Types].xml": b"<Types/>", "word/document.xml": bomb})) == "bad_docx"


def test_a_fault_of_the_child_is_the_documents():
    def blocks(_file, *, kind):
        yield "P", b'"one"'
        yield Fault("took_too_long")

    with pytest.raises(Fault, match="took_too_long"):
        read_document("a.html", io.BytesIO(b"<p>one"), blocks=blocks)


def test_a_pasted_text_is_read_like_a_plain_file():
    parsed = read_text("第一章 春\r\n\r\n\r\n\r\n雨。  \n")
    assert (parsed.text, parsed.headings) == ("第一章 春\n\n雨。", ((0, 1, "第一章 春"),))


def test_a_sentence_that_goes_over_a_page_is_one_sentence_and_the_page_begins_inside_it():
    pages = ["The hive stands in the shade of the old pear", "tree beside the wall.", "春茶在清明", "前后采摘。"]
    parsed = read("a.pdf", make_pdf([(page,) for page in pages]))
    assert parsed.text == "The hive stands in the shade of the old pear tree beside the wall.\n\n春茶在清明前后采摘。"
    assert [parsed.text[at:][:4] for at in parsed.meta["pages"]] == ["The ", "tree", "春茶在清", "前后采摘"]


def test_a_whole_article_comes_back_from_its_pdf_paragraph_by_paragraph(tmp_path):
    source = sample_path("demo_document.en.md").read_text("utf-8")
    with library_pdf(tmp_path).open("rb") as file:
        parsed = read_document("harbour.pdf", file)
    assert parsed.text.split("\n\n") == [each.strip("# \n") for each in source.split("\n\n")]
    assert len(parsed.meta["pages"]) == 3
