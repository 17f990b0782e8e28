"""A time zone from a cookie, whatever stands in it."""

import pytest

from fdc_project.web.clock import zone_named


@pytest.mark.parametrize("name", ["Asia/Shanghai", "America/Argentina/Buenos_Aires", "Etc/GMT+3", "UTC"])
def test_a_zone_that_there_is(name):
    assert zone_named(name).key == name


@pytest.mark.parametrize(
    "name", ["", "Nowhere/Land", "../../etc/passwd", "Asia", "Asia/", "A" * 5000, "Asia/\x00", "/etc"]
)
def test_anything_else_is_utc(name):
    assert zone_named(name).key == "UTC"
