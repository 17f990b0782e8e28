"""The administration site: what superusers change goes through the verbs; every other row is there to be read."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fdc_project.web.read_only import ReadOnlyAdmin
from generation import models
from generation.access import person_of
from generation.actions.imports import preview_seeds, start_import
from generation.actions.people import LastOwnerError, save_person
from generation.actions.projects import create_project, save_settings
from generation.actions.prompts import save_version
from generation.actions.seeds import retire_seeds, save_seed
from generation.actions.uploads import UploadTooLargeError, store_upload
from generation.forms.admin import PromptAdminForm, SeedAdminForm, SeedUploadForm

admin.site.unregister(Group)  # roles are memberships; Django's groups mean nothing here


@admin.register(models.Seed)
class SeedAdmin(admin.ModelAdmin):
    """Seeds: search, filters, import; deleting retires, so that what was made of a seed keeps its lineage."""

    form = SeedAdminForm
    list_display = ("id", "__str__", "project", "task_type", "language", "source", "retired_at")
    list_display_links = ("id", "__str__")
    list_filter = ("project", "language", "task_type", ("retired_at", admin.EmptyFieldListFilter))
    search_fields = ("search",)
    show_full_result_count = False
    list_per_page = 50
    change_list_template = "admin/seeds.html"

    def get_readonly_fields(self, request: HttpRequest, obj: models.Seed | None = None) -> tuple[str, ...]:
        """A seed stays in its project."""
        return ("project",) if obj else ()

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[models.Seed], search_term: str
    ) -> tuple[QuerySet[models.Seed], bool]:
        """The same search as on the seeds page."""
        return (queryset.matching(search_term) if search_term else queryset), False  # type: ignore[attr-defined]

    def save_model(self, request: HttpRequest, obj: models.Seed, form: Any, change: bool) -> None:
        """Saves by the verb, which keeps hash, search tokens and tallies right."""
        seed = models.Seed.objects.get(pk=obj.pk) if change else None
        saved = save_seed(obj.project, row=form.row, seed=seed, now=timezone.now())
        obj.pk = saved.pk
        obj.refresh_from_db()

    def delete_model(self, request: HttpRequest, obj: models.Seed) -> None:
        """Retires the seed."""
        retire_seeds(obj.project, ids=[obj.pk], now=timezone.now())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[models.Seed]) -> None:
        """Retires the seeds, project by project."""
        for project in models.Project.objects.filter(pk__in=queryset.values("project")):
            ids = queryset.filter(project=project).values_list("pk", flat=True)
            retire_seeds(project, ids=list(ids), now=timezone.now())

    def get_urls(self) -> list[URLPattern]:
        """The import page beside the usual ones."""
        page = self.admin_site.admin_view(self.import_page)
        return [path("import/", page, name="generation_seed_import"), *super().get_urls()]

    def import_page(self, request: HttpRequest) -> HttpResponse:
        """Takes a file for a project and starts the job that reads it in."""
        form = SeedUploadForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            project, file = form.cleaned_data["project"], form.cleaned_data["file"]
            try:
                upload = store_upload(project, name=file.name, chunks=file.chunks())
            except UploadTooLargeError:
                form.add_error("file", _("The file is too large."))
            else:
                with upload.path.open("rb") as stored:
                    preview = preview_seeds(project, file=stored)
                total = preview.read if preview.whole else 0
                job = start_import(project, upload=upload, by=person_of(request), now=timezone.now(), total=total)
                words = _("Read {read} rows: {accepted} to take in, {rejected} refused, {duplicates} known already.")
                figures = {name: getattr(preview, name) for name in ("read", "accepted", "rejected", "duplicates")}
                messages.success(request, words.format(**figures))
                return redirect(reverse("seeds_importing", args=[project.slug, job.pk]))
        context = {**self.admin_site.each_context(request), "form": form, "opts": self.opts, "title": _("Import seeds")}
        return render(request, "admin/seeds_import.html", context)


@admin.register(models.PromptTemplate)
class PromptTemplateAdmin(admin.ModelAdmin):
    """Prompts: saving makes the next version; runs at work keep theirs."""

    form = PromptAdminForm
    list_display = ("slot", "language", "name", "project", "version")
    list_filter = ("project", "language", "slot")
    fields = ("project", "slot", "language", "text", "note")

    def version(self, template: models.PromptTemplate) -> int | None:
        """The number of the version in use."""
        return getattr(template.versions.first(), "number", None)

    def get_readonly_fields(self, request: HttpRequest, obj: models.PromptTemplate | None = None) -> tuple[str, ...]:
        """A template stays where it is."""
        return ("project", "slot", "language") if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Versions are never taken away."""
        return False

    def save_model(self, request: HttpRequest, obj: models.PromptTemplate, form: Any, change: bool) -> None:
        """The verb makes the version."""
        version = save_version(
            obj.project, slot=obj.slot, language=obj.language, name=obj.name, text=form.cleaned_data["text"],
            note=form.cleaned_data["note"], by=person_of(request), now=timezone.now(),
        )  # fmt: skip
        obj.pk = version.template_id
        obj.refresh_from_db()


@admin.register(models.Project)
class ProjectAdmin(admin.ModelAdmin):
    """Projects: made and changed here or on their own pages."""

    list_display = ("name", "slug", "language", "is_demo", "created_at")
    search_fields = ("name", "slug")
    fields = ("name", "language", "guidelines", "reject_reasons")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Rows that exports pin are never taken away."""
        return False

    def save_model(self, request: HttpRequest, obj: models.Project, form: Any, change: bool) -> None:
        """Makes or changes the project by its verb."""
        now, by = timezone.now(), person_of(request)
        if not change:
            made = create_project(name=obj.name, language=obj.language, by=by, now=now)
            obj.pk, obj.slug, obj.created_at = made.pk, made.slug, made.created_at
        save_settings(
            obj, name=obj.name, language=obj.language, guidelines=obj.guidelines,
            reject_reasons=[str(reason) for reason in obj.reject_reasons], by=by, now=now,
        )  # fmt: skip


@admin.register(models.Person)
class PersonAdmin(admin.ModelAdmin):
    """People: they come in by links, so none is made here; passwords are nobody's business but their own."""

    list_display = ("username", "first_name", "last_name", "is_active", "is_superuser", "last_login")
    list_filter = ("is_active", "is_superuser")
    search_fields = ("username", "first_name", "last_name")
    fields = (
        "username",
        "first_name",
        "last_name",
        "is_active",
        "is_superuser",
        "language",
        "date_joined",
        "last_login",
    )
    readonly_fields = ("username", "language", "date_joined", "last_login")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """People come in by one-time links."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What somebody decided stays theirs; take `active` away instead."""
        return False

    def save_model(self, request: HttpRequest, obj: models.Person, form: Any, change: bool) -> None:
        """Saves by the verb; without an active superuser nobody could undo it, so that is refused."""
        person = models.Person.objects.get(pk=obj.pk)
        try:
            save_person(
                person, first_name=obj.first_name, last_name=obj.last_name, active=obj.is_active,
                superuser=obj.is_superuser, by=person_of(request), now=timezone.now(),
            )  # fmt: skip
        except LastOwnerError:
            messages.error(request, gettext_lazy("Somebody must be left who may administer. Nothing was changed."))


for model in [
    models.AuditEntry, models.Answer, models.ApiToken, models.Call, models.Document, models.Draft, models.Endpoint,
    models.Feedback, models.Grounding, models.Item, models.Job, models.Media, models.Membership, models.ModelPrice,
    models.OneTimeLink, models.Pool, models.PreferencePair, models.PromptVersion, models.Revision, models.Run,
    models.Sample, models.Spend, models.Tally, models.Text, models.Vocabulary,
]:  # fmt: skip
    admin.site.register(model, ReadOnlyAdmin)
