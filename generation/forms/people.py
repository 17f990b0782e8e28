"""The forms by which people come in and look after themselves."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from generation.models import Project, Role
from generation.samples.scenarios import shipped

PASSWORD_HELP = _("At least 10 characters. A few unrelated words are easy to keep and hard to guess.")
MICRO = 1_000_000
LANGUAGES = [("en", "English"), ("zh", "中文")]


def _password(label: Any, *, new: bool, help_text: Any = "") -> forms.CharField:
    attrs = {"autocomplete": "new-password" if new else "current-password", "class": "wide"}
    return forms.CharField(
        label=label, strip=False, max_length=256, widget=forms.PasswordInput(attrs=attrs), help_text=help_text
    )


def _name(label: Any) -> forms.CharField:
    attrs = {
        "autocomplete": "username",
        "autocapitalize": "none",
        "spellcheck": "false",
        "class": "wide",
        "autofocus": True,
    }
    return forms.CharField(label=label, max_length=150, widget=forms.TextInput(attrs=attrs))


class SignInForm(forms.Form):
    """User name and password."""

    username = _name(_("User name"))
    password = _password(_("Password"), new=False)


class NewPasswordForm(forms.Form):
    """A new password, typed twice."""

    password = _password(_("New password"), new=True, help_text=PASSWORD_HELP)
    again = _password(_("The same once more"), new=True)

    def clean(self) -> dict[str, Any]:
        """Both must be the same."""
        values = super().clean() or {}
        if values.get("password") and values.get("again") and values["password"] != values["again"]:
            self.add_error("again", _("The two are not the same."))
        return values


class WelcomeForm(NewPasswordForm):
    """Name and password of somebody new."""

    username = _name(_("User name"))
    field_order = ("username", "password", "again")


class ChangePasswordForm(NewPasswordForm):
    """A new password, allowed by the old one."""

    current = _password(_("Current password"), new=False)
    field_order = ("current", "password", "again")


class TokenForm(forms.Form):
    """A new API token."""

    name = forms.CharField(label=_("What it is for"), max_length=100)
    project = forms.ModelChoiceField(
        Project.objects.none(), label=_("Project"), required=False, empty_label=_("All my projects")
    )
    days = forms.TypedChoiceField(
        label=_("Runs out"),
        coerce=int,
        choices=[(30, _("in 30 days")), (90, _("in 90 days")), (365, _("in a year")), (0, _("never"))],
        initial=90,
    )


class ProjectForm(forms.Form):
    """A new project."""

    name = forms.CharField(label=_("Name"), max_length=120)
    language = forms.ChoiceField(
        label=_("Language of the data"),
        choices=LANGUAGES,
        help_text=_("Prompts are taken in this language unless a run says otherwise."),
    )


class NewProjectForm(ProjectForm):
    """A new project, empty or with a scenario to start from."""

    scenario = forms.ChoiceField(
        label=_("Start from"), required=False, choices=[], help_text=_("Seeds, a vocabulary and a prompt of one field.")
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        own = "zh" if (get_language() or "").startswith("zh") else "en"
        known = [(each.name, each.told(each.manifest.title, own)) for each in shipped()]
        self.fields["scenario"].choices = [("", _("nothing")), *known]  # type: ignore[attr-defined]


def _limit(label: Any) -> forms.DecimalField:
    return forms.DecimalField(
        required=False, min_value=0, max_value=1_000_000, decimal_places=4, label=label,
        help_text=_("A run that may cost more is started only by who says so. Empty: above 1.00; 0: always ask."),
        widget=forms.NumberInput(attrs={"step": "any"}),
    )  # fmt: skip


class SettingsForm(ProjectForm):
    """What an owner may change about a project."""

    guidelines = forms.CharField(
        label=_("Guidelines"),
        required=False,
        max_length=50_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Reviewers read them beside the rows. Markdown."),
    )
    reject_reasons = forms.CharField(
        label=_("Reasons to reject"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("At most five, one on each line; keys 1 to 5 choose them. Leave it empty for the usual ones."),
    )
    confirm_usd = _limit(_("Ask before a run above, USD"))
    confirm_cny = _limit(_("Ask before a run above, CNY"))

    def confirm_above(self) -> dict[str, int]:
        """Micro-units by currency; one that was left empty is left out."""
        given = {"USD": self.cleaned_data["confirm_usd"], "CNY": self.cleaned_data["confirm_cny"]}
        return {currency: int(amount * MICRO) for currency, amount in given.items() if amount is not None}


class InviteForm(forms.Form):
    """An invitation to a project."""

    role = forms.ChoiceField(label=_("Role"), choices=[], initial=Role.REVIEWER)
    note = forms.CharField(label=_("For whom"), max_length=200, required=False, help_text=_("Only for your own list."))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["role"].choices = role_labels()  # type: ignore[attr-defined]


def role_labels() -> list[tuple[str, str]]:
    """The roles, least first, in the reader's language."""
    words = {
        Role.VIEWER: _("Viewer: sees everything, changes nothing"),
        Role.REVIEWER: _("Reviewer: decides on rows"),
        Role.EDITOR: _("Editor: seeds, prompts, runs, exports"),
        Role.OWNER: _("Owner: people, endpoints, settings"),
    }
    return [(role.value, str(words[role])) for role in Role]
