"""Which keys a person may choose."""

import pytest

from fdc_project.web.keys import ACTIONS, faults


def test_the_shipped_keys_do_not_collide():
    keys = [key for key, _label in ACTIONS.values()]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("key", ["b", "Shift+b", "Ctrl+Enter", "F2", ";"])
def test_these_are_keys(key):
    assert faults({"approve": key} if key != "Ctrl+Enter" else {"save": key}) == []


@pytest.mark.parametrize(
    ("key", "code"),
    [("", "unknown_key"), ("two words", "unknown_key"), ("<b>", "unknown_key"), ("好", "unknown_key"),
     ("?", "reserved_key"), ("Escape", "reserved_key"), ("3", "reserved_key"), ("x", "used_twice")],
)  # fmt: skip
def test_these_are_refused(key, code):
    assert faults({"approve": key}) == [("approve", code)]


def test_two_actions_may_swap_their_keys():
    assert faults({"reject": "u", "undo": "x"}) == []


def test_an_action_that_nobody_knows_is_refused():
    assert faults({"launch": "l"}) == [("launch", "unknown_key")]
