"""Which administration site Django's own app uses."""

from django.contrib.admin.apps import AdminConfig


class SuperuserAdminConfig(AdminConfig):
    """Django's administration on our site."""

    default_site = "fdc_project.web.admin_site.SuperuserSite"
