"""The app's entry in INSTALLED_APPS."""

from django.apps import AppConfig


class ReviewConfig(AppConfig):
    """Everything from a person's decision to an exported file."""

    name = "review"
