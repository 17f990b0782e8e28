"""The administration site: for superusers only, with our own sign-in page in front of it."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

APPS = {"generation": _("Generation"), "review": _("Review")}
NAMES = {
    "Answer": _("Answers"),
    "ApiToken": _("API tokens"),
    "AuditEntry": _("Audit trail"),
    "Call": _("Calls"),
    "Claim": _("Claims"),
    "Dataset": _("Datasets"),
    "DatasetRow": _("Dataset rows"),
    "DatasetVersion": _("Dataset versions"),
    "Decision": _("Decisions"),
    "Document": _("Documents"),
    "Draft": _("Drafts"),
    "Endpoint": _("Endpoints"),
    "Export": _("Exports"),
    "Feedback": _("Feedback"),
    "Grounding": _("Places in documents"),
    "Item": _("Items"),
    "Job": _("Jobs"),
    "Judgement": _("Judgements"),
    "Media": _("Media"),
    "Membership": _("Memberships"),
    "ModelPrice": _("Prices"),
    "OneTimeLink": _("One-time links"),
    "Person": _("People"),
    "Pool": _("Pools"),
    "PreferencePair": _("Preference pairs"),
    "Project": _("Projects"),
    "PromptTemplate": _("Prompts"),
    "PromptVersion": _("Prompt versions"),
    "Revision": _("Revisions"),
    "Run": _("Runs"),
    "Sample": _("Samples"),
    "Seed": _("Seeds"),
    "Tally": _("Tallies"),
    "Text": _("Texts"),
    "Vocabulary": _("Vocabularies"),
}


class SuperuserSite(AdminSite):
    """Django's site without a second way in: signing in and changing a password happen on our own pages."""

    site_header = _("FDC administration")
    site_title = "FDC"
    index_title = _("All rows")

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """The rows by name, in the reader's language."""
        apps = super().get_app_list(request, app_label)
        for app in apps:
            app["name"] = APPS.get(app["app_label"], app["name"])
            for model in app["models"]:
                model["name"] = NAMES.get(model["object_name"], model["name"])
        return apps

    def has_permission(self, request: HttpRequest) -> bool:
        """Superusers that may sign in."""
        return bool(request.user.is_active and request.user.is_superuser)

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Our own sign-in page, which counts failures."""
        if request.user.is_authenticated:
            return redirect("projects")
        wanted = request.GET.get("next", reverse("admin:index"))
        return redirect(f"{reverse('sign_in')}?{urlencode({'next': wanted})}")

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Our own page."""
        return redirect("account")
