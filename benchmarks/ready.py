"""Import this first, and Django is ready for what is imported after it."""

from __future__ import annotations

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fdc_project.settings")
django.setup()
