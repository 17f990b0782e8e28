"""The rows of review on the administration site: to be read."""

from django.contrib import admin

from fdc_project.web.read_only import ReadOnlyAdmin
from review import models

for name in models.__all__:
    admin.site.register(getattr(models, name), ReadOnlyAdmin)
