"""The app's entry in INSTALLED_APPS."""

from django.apps import AppConfig


class GenerationConfig(AppConfig):
    """Everything up to a draft that a person can look at."""

    name = "generation"
