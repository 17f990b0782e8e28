#!/usr/bin/env python
"""Django's command line for FDC."""

import os
import sys

from fdc_project.keys import KeyFileError, ensure_keys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fdc_project.settings")
    try:
        ensure_keys()
    except KeyFileError as error:
        sys.exit(str(error))
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
