"""Declared params, a recipe's or those of checks, as options of a command: declared once, typed on a command line."""

from __future__ import annotations

from argparse import ArgumentParser, BooleanOptionalAction, _ArgumentGroup
from collections.abc import Collection, Mapping, Sequence
from typing import Any, get_args, get_origin

from django.core.management.base import CommandError
from pydantic import BaseModel, ValidationError

from generation import words


def add_params(parser: ArgumentParser | _ArgumentGroup, params: type[BaseModel], *, but: Collection[str] = ()) -> None:
    """One option for each param that is not in `but`; "--novelty-threshold" for `novelty_threshold`."""
    for name, field in params.model_fields.items():
        if name not in but:
            add_param(parser, name=name, fields=[field])


def add_param(
    parser: ArgumentParser | _ArgumentGroup, *, name: str, fields: Sequence[Any], option: str | None = None
) -> None:
    """One option for a param that several recipes may have: `fields` are theirs, of which any choice may be typed."""
    taken = _option(fields[0])
    if "choices" in taken:
        taken["choices"] = tuple(dict.fromkeys(each for field in fields for each in get_args(field.annotation)))
    parser.add_argument(option or f"--{name.replace('_', '-')}", dest=name, **taken)


def given_params(options: Mapping[str, Any], params: type[BaseModel]) -> dict[str, Any]:
    """The params that were typed."""
    return {name: options[name] for name in params.model_fields if options.get(name) is not None}


def checked_params(params: type[BaseModel], given: Mapping[str, Any]) -> Any:
    """The params; `CommandError` with a sentence for each that does not fit."""
    try:
        return params(**given)
    except ValidationError as error:
        raise CommandError("; ".join(_fault(each) for each in error.errors())) from None


def _option(field: Any) -> dict[str, Any]:
    """How argparse takes a param: switches, lists by repetition, the rest by its type."""
    kind, text = field.annotation, str(field.title or "").replace("%", "%%")
    if kind is bool:
        return {"action": BooleanOptionalAction, "default": None, "help": text}
    if get_origin(kind) is list:
        return {"action": "append", "help": text + " (may be given several times)"}
    if choices := get_args(kind):
        return {"choices": choices, "help": text}
    return {"type": kind, "help": f"{text} ({field.default})" if field.default not in ("", None) else text}


def _fault(error: Any) -> str:
    code, colon, name = error["msg"].removeprefix("Value error, ").partition(": ")
    text = str(words.PARAM_FAULTS.get(code, error["msg"]))
    where = ".".join(str(part) for part in error["loc"])
    return (f"{where}: " if where else "") + (text % {"name": name} if colon and "%(name)s" in text else text)
