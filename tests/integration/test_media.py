"""Media: told by their bytes, kept by their hash, shown to members and never run."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from generation.actions import media
from generation.actions.media import MediaRefusedError, missing_names, store_archive, store_medium
from generation.media_types import media_type_of
from generation.models import Media, Sample
from tests.cast import NOW, make_cast
from tests.integration.test_row_imports import bring_in, jsonl

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
GIF = b"GIF89a" + b"\0" * 40


@pytest.fixture
def cast(settings, tmp_path):
    settings.IMPORT_ROOT, settings.MEDIA_ROOT = tmp_path / "imports", tmp_path / "media"
    return make_cast()


@pytest.fixture
def as_bob(client, cast):
    client.force_login(cast.bob)
    return client


@pytest.mark.parametrize(
    ("head", "media_type"),
    [(PNG, "image/png"), (b"\xff\xd8\xff\xe0", "image/jpeg"), (GIF, "image/gif"),
     (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"), (b"\0\0\0\x18ftypisom", "video/mp4"),
     (b"\x1a\x45\xdf\xa3\x01\0webm", "video/webm"), (b"ID3\x04", "audio/mpeg"), (b"\xff\xfb\x90\0", "audio/mpeg"),
     (b"RIFF\0\0\0\0WAVEfmt ", "audio/wav"), (b"OggS\0", "audio/ogg"),
     (b"<svg xmlns=", ""), (b"<!doctype html>", ""), (b"%PDF-1.7", ""), (b"\0\0\0\x18ftypheic", ""), (b"", ""),
     (b"\xff\xfe\x41\0", ""), (b"PK\x03\x04", ""), (b"\x1a\x45\xdf\xa3\x01\0matroska", "")],
)  # fmt: skip
def test_a_medium_is_what_its_bytes_say(head, media_type):
    assert media_type_of(head) == media_type


@pytest.mark.parametrize(
    "name", ["../a.png", "/etc/a.png", "a/../../b.png", "c:\\a.png", "http://x/a.png", "a\nb.png", ""]
)
def test_names_that_lead_elsewhere_are_refused(cast, settings, name):
    with pytest.raises(MediaRefusedError):
        store_medium(cast.project, name=name, chunks=[PNG], now=NOW)
    assert not settings.MEDIA_ROOT.exists()


def test_what_is_no_medium_or_too_large_leaves_nothing_behind(cast, settings, monkeypatch):
    monkeypatch.setattr(media, "LARGEST", 30)
    for chunks in ([b"<svg onload=alert(1)>"], [PNG]):
        with pytest.raises(MediaRefusedError):
            store_medium(cast.project, name="a.png", chunks=chunks, now=NOW)
    assert list(settings.MEDIA_ROOT.iterdir()) == []


def test_the_same_file_is_kept_once_and_a_name_is_never_given_to_another(cast, settings):
    assert store_medium(cast.project, name="a.png", chunks=[PNG], now=NOW)
    assert not store_medium(cast.project, name="a.png", chunks=[PNG], now=NOW)
    assert store_medium(cast.project, name="b.png", chunks=[PNG], now=NOW)
    with pytest.raises(MediaRefusedError) as refused:
        store_medium(cast.project, name="a.png", chunks=[GIF], now=NOW)
    assert refused.value.code == "name_taken"
    assert {path.name for path in settings.MEDIA_ROOT.iterdir()} >= {Media.objects.get(name="a.png").content_hash}


def test_a_zip_gives_its_sound_files_and_says_why_the_others_are_refused(cast):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("cats/1.png", PNG)
        archive.writestr("../up.png", PNG)
        archive.writestr("page.svg", b"<svg onload=alert(1)>")
    packed.seek(0)
    stored = store_archive(cast.project, file=packed, folder="pictures", now=NOW)
    assert (stored.added, sorted(each.code for each in stored.refused)) == (1, ["media_type", "unsafe_path"])
    assert list(Media.objects.values_list("name", flat=True)) == ["pictures/cats/1.png"]


def test_a_file_is_served_to_members_with_its_own_type_and_nothing_in_it_runs(cast, as_bob, client):
    store_medium(cast.project, name="a.png", chunks=[PNG], now=NOW)
    place = f"/p/poems/media/{Media.objects.get().pk}/file"
    answer = as_bob.get(place)
    assert b"".join(answer.streaming_content) == PNG
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("image/png", "nosniff")
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["Content-Disposition"].startswith("inline")
    part = as_bob.get(place, headers={"Range": "bytes=1-3"})
    assert (part.status_code, b"".join(part.streaming_content), part["Content-Range"]) == (206, b"PNG", "bytes 1-3/48")
    assert as_bob.get(place, headers={"Range": "bytes=90-"}).status_code == 416
    assert as_bob.get(place + "?download=1")["Content-Disposition"].startswith("attachment")
    client.force_login(cast.mallory)
    assert client.get(place).status_code == 404


@pytest.mark.parametrize(
    ("text", "images", "accepted", "code"),
    [("What is it?", [], 1, ""), ("<image>What is it?", ["a.png"], 1, ""),
     ("<image><image>Compare them.", ["a.png", "b.png"], 1, ""), ("<image>What is it?", [], 0, "media_count"),
     ("What is it?", ["a.png"], 0, "media_count"), ("<image><image>Compare.", ["a.png"], 0, "media_count")],
)  # fmt: skip
def test_004_09_marks_in_the_text_are_counted_against_the_list(cast, text, images, accepted, code):
    job = bring_in(cast, jsonl([{"instruction": text, "input": "", "output": "It is a cat.", "images": images}]))
    assert (job.accepted, [each["code"] for each in job.errors]) == (accepted, [code] if code else [])


def test_004_09_a_missing_file_is_said_and_shown_once_it_is_there(cast, as_bob):
    rows = [{"instruction": "<image>What is it?", "input": "", "output": "It is a cat.", "images": ["cats/1.png"]}]
    job = bring_in(cast, jsonl(rows))
    place = f"/p/poems/samples/{Sample.objects.get().pk}"
    assert "This file is missing." in as_bob.get(place).text
    assert missing_names(cast.project) == ["cats/1.png"]
    assert "1 medium that these rows name is missing." in as_bob.get(f"/p/poems/imports/{job.pk}").text
    file = SimpleUploadedFile("1.png", PNG)
    assert as_bob.post("/p/poems/media", {"files": [file], "folder": "cats"}).status_code == 302
    medium = Media.objects.get(name="cats/1.png")
    page = as_bob.get(place).text
    assert f'src="/p/poems/media/{medium.pk}/file" alt="cats/1.png"' in page
    assert "This file is missing." not in page
    assert f"#{Sample.objects.get().pk}" in as_bob.get(f"/p/poems/media/{medium.pk}").text


@pytest.mark.parametrize(
    "path", ["../../etc/passwd", "/etc/passwd", "http://169.254.169.254/x.png", "data:image/png;base64,AA"]
)
def test_paths_that_lead_outside_are_kept_as_text_and_never_opened(cast, as_bob, path):
    bring_in(cast, jsonl([{"instruction": "<image>Look.", "input": "", "output": "I see it now.", "images": [path]}]))
    row = Sample.objects.get()
    assert row.media == {"images": [path]}
    page = as_bob.get(f"/p/poems/samples/{row.pk}").text
    assert "never opened" in page
    assert f'src="{path}' not in page


def test_removing_a_medium_is_audited_and_takes_its_bytes_only_when_nobody_else_names_them(
    cast, as_bob, settings, django_capture_on_commit_callbacks
):
    for name in ("a.png", "b.png"):
        store_medium(cast.project, name=name, chunks=[PNG], now=NOW)
    for name, left in (("a.png", 1), ("b.png", 0)):
        with django_capture_on_commit_callbacks(execute=True):
            as_bob.post(f"/p/poems/media/{Media.objects.get(name=name).pk}", {"do": "remove"})
        assert len(list(settings.MEDIA_ROOT.iterdir())) == left
    assert [entry.subject for entry in cast.project.audit.order_by("id")] == ["a.png", "b.png"]
