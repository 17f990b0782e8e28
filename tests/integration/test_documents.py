"""Documents: uploaded, pasted, read by a job, shown with what was made from them, and taken away."""

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from generation.actions.document_texts import STRETCH, page_at, places_of, stretch_of
from generation.actions.documents import (
    DocumentInUseError,
    DocumentRefusedError,
    add_document,
    add_text,
    remove_document,
    run_reading,
    start_reading,
)
from generation.actions.uploads import store_upload
from generation.models import AuditEntry, Document, Grounding, Job, Pool, Run, Sample
from tests.cast import NOW, make_cast, make_samples
from tests.document_files import make_pdf, swelling_docx

pytestmark = pytest.mark.django_db

PAGES = [("Bees live in hives.", "", "A hive has one queen."), ("第二页讲黄蜂。",)]


@pytest.fixture
def cast():
    return make_cast()


def pdf(cast):
    return add_document(cast.project, name="bees.pdf", file=io.BytesIO(make_pdf(PAGES, title="On bees")), now=NOW)


def ground(document, sample, quote, *, index=0):
    start = document.text.index(quote)
    return Grounding.objects.create(
        sample=sample, document=document, index=index, start=start, end=start + len(quote)
    )  # fmt: skip


def run_over(cast, document, *, state="completed"):
    pool, _ = Pool.objects.get_or_create(project=cast.project, name="main")
    return Run.objects.create(
        project=cast.project, recipe="document_qa", pool=pool, state=state, created_at=NOW,
        sources={"take": ["documents"]}, pinned={"samples": [], "documents": [document.pk], "vocabulary": {}},
    )  # fmt: skip


def post(client, cast, who="bob", **body):
    client.force_login(getattr(cast, who))
    return client.post(reverse("documents", args=["poems"]), body)


def test_a_file_is_kept_as_it_came_with_its_text_and_twice_adds_nothing(cast):
    added, again = pdf(cast), pdf(cast)
    row = Document.objects.get()
    assert (added.new, again.new, again.document.pk) == (True, False, row.pk)
    assert bytes(row.content) == make_pdf(PAGES, title="On bees")
    assert row.text == "Bees live in hives.\n\nA hive has one queen.\n\n第二页讲黄蜂。"
    assert (row.characters, row.pages, row.meta["title"]) == (len(row.text), 2, "On bees")
    assert [page_at(row, offset=at) for at in (0, row.text.index("第"))] == [1, 2]


def test_the_same_file_in_another_project_is_another_document(cast):
    pdf(cast)
    other = add_document(cast.other_project, name="b.pdf", file=io.BytesIO(make_pdf(PAGES, title="On bees")), now=NOW)
    assert other.new


def test_what_cannot_be_read_leaves_nothing_behind(cast):
    with pytest.raises(DocumentRefusedError) as refused:
        add_document(cast.project, name="a.docx", file=io.BytesIO(swelling_docx()), now=NOW)
    assert (refused.value.code, Document.objects.count()) == ("too_large", 0)


def test_a_name_is_no_path_and_holds_no_control_characters(cast):
    row = add_document(cast.project, name="C:\\a\\..\\no\ttes.txt", file=io.BytesIO(b"x y z"), now=NOW).document
    assert row.name == "no\ufffdtes.txt"


def test_search_finds_words_of_name_and_text_also_two_chinese_characters(cast):
    pdf(cast)
    add_text(cast.project, name="Tea", text="Tea is picked in spring.", now=NOW)
    names = lambda query: [row.name for row in Document.objects.in_project(cast.project).matching(query)]  # noqa: E731
    assert (names("queen hive"), names("黄蜂"), names("TEA spring"), names("nothing")) == (
        ["bees.pdf"], ["bees.pdf"], ["Tea"], [],
    )  # fmt: skip


def test_what_samples_were_made_from_is_marked_and_told(cast):
    row = pdf(cast).document
    one, two = make_samples(cast.project, [("How many queens?", "One."), ("黄蜂？", "第二页。")])
    ground(row, one, "A hive has one queen.")
    ground(row, two, "第二页讲黄蜂。")
    stretch = stretch_of(Document.objects.get())
    told = [(piece.text, piece.page, list(piece.samples), list(piece.ends)) for piece in stretch.pieces]
    assert told == [
        ("Bees live in hives.\n\n", 1, [], []),
        ("A hive has one queen.", 0, [one.pk], [one.pk]),
        ("\n\n", 0, [], []),
        ("第二页讲黄蜂。", 2, [two.pk], [two.pk]),
    ]
    assert [(place.name, place.page, place.quote) for place in places_of([two.pk])[two.pk]] == [
        ("bees.pdf", 2, "第二页讲黄蜂。")
    ]


def test_a_long_text_is_shown_in_stretches_that_meet(cast):
    text = "\n".join(f"Line {n} of a long text." for n in range(2500))
    row = add_text(cast.project, name="long", text=text, now=NOW).document
    shown, at = "", 0
    while at is not None:
        stretch = stretch_of(row, at=at)
        assert stretch.end - stretch.start <= STRETCH * 1.3
        shown += "".join(piece.text for piece in stretch.pieces)
        at = stretch.after
    assert shown == text
    assert stretch_of(row, at=stretch.start).before is not None


def test_a_document_that_something_was_made_from_is_only_retired_and_comes_back_with_its_file(cast):
    row = pdf(cast).document
    ground(row, make_samples(cast.project, 1)[0], "Bees")
    assert remove_document(row, by=cast.bob, now=NOW) is False
    assert not Document.objects.in_project(cast.project).exists()
    assert Document.objects.get().text.startswith("Bees")
    assert AuditEntry.objects.get(action="document.removed").detail["gone"] is False
    assert pdf(cast).document.pk == row.pk
    assert Document.objects.in_project(cast.project).exists()


def test_a_document_that_nothing_was_made_from_is_deleted_unless_a_run_is_at_it(cast):
    row = pdf(cast).document
    run = run_over(cast, row, state="running")
    with pytest.raises(DocumentInUseError):
        remove_document(row, by=cast.bob, now=NOW)
    Run.objects.filter(pk=run.pk).update(state="completed")
    assert remove_document(row, by=cast.bob, now=NOW) is True
    assert not Document.objects.exists()


def test_a_large_file_is_read_by_a_job_and_a_refused_one_says_why(cast, settings, tmp_path):
    settings.IMPORT_ROOT = tmp_path
    jobs = []
    for name, data in (("bees.pdf", make_pdf(PAGES)), ("bad.pdf", b"%PDF-1.4 torn")):
        upload = store_upload(cast.project, name=name, chunks=[data])
        jobs.append(start_reading(cast.project, upload=upload, by=cast.bob, now=NOW))
    for job in jobs:
        run_reading(job.pk, owner="w", clock=lambda: NOW + timedelta(seconds=1))
        job.refresh_from_db()
    good, bad = jobs
    assert (good.state, good.accepted, good.cursor["document"]) == ("done", 1, Document.objects.get().pk)
    assert (bad.state, bad.rejected, bad.errors[0]["code"]) == ("done", 1, "bad_pdf")
    assert list(tmp_path.iterdir()) == []


def test_several_files_and_a_text_come_in_at_once_and_refusals_stay_on_the_page(client, cast, settings, tmp_path):
    settings.IMPORT_ROOT = tmp_path
    files = [
        SimpleUploadedFile("a.pdf", make_pdf(PAGES)), SimpleUploadedFile("b.txt", "蜜蜂。".encode("gb18030")),
        SimpleUploadedFile("c.pdf", b"no pdf"), SimpleUploadedFile("d.txt", b"a long line. " * 50_000),
    ]  # fmt: skip
    page = post(client, cast, files=files, pasted="第一章 春\n\n雨。")
    assert page.status_code == 422
    assert "is none, or it is damaged" in page.content.decode()
    assert sorted(Document.objects.values_list("name", flat=True)) == ["a.pdf", "b.txt", "第一章 春"]
    assert Job.objects.get().params["name"] == "d.txt"
    assert "d.txt" in client.get(reverse("documents", args=["poems"])).content.decode()
    answer = client.post(reverse("documents", args=["poems"]), {"do": "cancel", "job": Job.objects.get().pk})
    assert (answer.status_code, Job.objects.get().state) == (302, "cancelled")


def test_an_empty_form_is_told_what_it_lacks(client, cast):
    page = post(client, cast)
    assert (page.status_code, "Choose a file or paste a text." in page.content.decode()) == (422, True)


@pytest.mark.parametrize("who", ["bob", "dave"])
def test_pages_show_the_list_and_a_document_and_only_editors_may_change(client, cast, who):
    row = pdf(cast).document
    ground(row, make_samples(cast.project, [("How many queens?", "One.")])[0], "A hive has one queen.")
    run_over(cast, row)
    client.force_login(getattr(cast, who))
    listed = client.get(reverse("documents", args=["poems"])).content.decode()
    one = client.get(reverse("document", args=["poems", row.pk])).content.decode()
    assert "On bees" in listed
    assert "<mark>A hive has one queen.</mark>" in one
    assert ("do" in one and 'value="remove"' in one) == (who == "bob")
    assert ('type="file"' in listed) == (who == "bob")


def test_the_file_goes_out_as_it_came_and_never_opens_here(client, cast):
    row = pdf(cast).document
    client.force_login(cast.dave)
    answer = client.get(reverse("document_file", args=["poems", row.pk]))
    assert answer.content == bytes(Document.objects.get().content)
    assert answer["Content-Disposition"] == 'attachment; filename="bees.pdf"'
    assert answer["Content-Type"] == "application/octet-stream"


def test_the_api_does_what_the_pages_do(client, cast):
    client.force_login(cast.bob)
    base = "/api/v1/projects/poems/documents"
    made = client.post(base, {"file": SimpleUploadedFile("a.pdf", make_pdf(PAGES))})
    again = client.post(base, {"file": SimpleUploadedFile("a.pdf", make_pdf(PAGES))})
    assert (made.status_code, again.status_code) == (201, 200)
    pk = made.json()["document"]["id"]
    whole = client.get(f"{base}/{pk}").json()
    sample = make_samples(cast.project, 1)[0]
    ground(Document.objects.get(), sample, "第二页讲黄蜂。")
    (told,) = client.get(f"{base}/{pk}/grounds").json()["items"]
    assert (told["sample"], told["page"], told["text"]) == (sample.pk, 2, "第二页讲黄蜂。")
    assert whole["text"][told["start"] : told["end"]] == told["text"]
    refused = client.post(base, {"file": SimpleUploadedFile("a.pdf", b"none")})
    assert (refused.status_code, refused.json()["code"]) == (422, "bad_pdf")
    text = client.post(f"{base}/text", {"name": "t", "text": "Tea."}, content_type="application/json")
    assert (text.status_code, text.json()["new"]) == (201, True)
    assert [each["name"] for each in client.get(f"{base}?q=tea").json()["items"]] == ["t"]
    assert client.delete(f"{base}/{pk}").status_code == 204
    assert client.get(f"{base}/{pk}").status_code == 200  # the lineage of its sample stays
    assert Sample.objects.filter(grounds__document=pk).exists()
