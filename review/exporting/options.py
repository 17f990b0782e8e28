"""All that is settled about an export beside its version and format: `Export.options`, which decides about bytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from functools import partial
from typing import Any, cast, get_args

from generation.chat.base import UnrenderableError
from generation.chat.catalogue import CHAT_TEMPLATES
from generation.chat.rendering import render_text
from generation.conversions import convert
from generation.conversions.pairing import Strategy
from generation.files.layouts import extension_of, media_type_of
from generation.files.strict_json import Fault
from generation.formats.base import Format, Options
from generation.types import Example, Kind

SEPARATORS = ("\n", "\n\n", " ")
BUNDLE = "zip"
TEMPLATES = {each.name: each.title for each in CHAT_TEMPLATES}
"""Chat templates by name."""
MOST_TEXT = 2000


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """How a file is written.

    `split` leaves the other splits out of a single file. A `bundle` is an archive of one file for each split, with its
    card, the trainer's own description and the media. `leave_out` writes the file without the rows that the target
    refuses; `despite` writes it although the target refuses it as a whole. `template` names the chat template whose
    special tokens must not stand in content, and that makes text of conversations; `escape_tokens` breaks such tokens
    instead, which changes the data; `cutoff` is a limit in estimated
    tokens, 0 for none. `names` puts reviewers' user names into a bundle, which has numbers otherwise. The rest settles
    conversions between kinds.
    """

    layout: str = "jsonl"
    gzip: bool = False
    spreadsheet_safe: bool = False
    separator: str = "\n"
    default_system: str = ""
    drop_tools: bool = False
    without_scores: bool = False
    split: str = ""
    bundle: bool = False
    leave_out: bool = False
    despite: bool = False
    names: bool = False
    template: str = ""
    escape_tokens: bool = False
    cutoff: int = 0
    strategy: str = "all_pairs"
    min_margin: float = 0.0
    good_from: float | None = None

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> ExportOptions:
        """What `as_config` wrote; names that it does not know are left out."""
        return cls(**{each.name: config[each.name] for each in fields(cls) if each.name in config})

    @classmethod
    def from_query(cls, query: Mapping[str, str], *, chosen: Format) -> ExportOptions:
        """The known names of a form or a query string; what makes no sense counts as not said."""
        layout, separator = query.get("layout", ""), query.get("separator", "\n").replace("\r\n", "\n")
        strategy = query.get("strategy", "")
        options = cls(
            layout=layout if layout in chosen.layouts else chosen.layouts[0],
            separator=separator if separator in SEPARATORS else "\n",
            default_system=query.get("default_system", "")[:MOST_TEXT].replace("\r\n", "\n").replace("\0", ""),
            split=query.get("split", "")[:12].replace("\0", ""),
            template=name if (name := query.get("template", "")) in TEMPLATES else "",
            cutoff=int(_number(query.get("cutoff", "")) or 0),
            strategy=strategy if strategy in get_args(Strategy) else "all_pairs",
            min_margin=_number(query.get("min_margin", "")) or 0.0,
            good_from=_number(query.get("good_from", "")),
            **{name: bool(query.get(name)) for name in _TICKS},
        )
        return options.sensible()

    def sensible(self) -> ExportOptions:
        """The same without what contradicts itself: the files of a bundle are packed by the bundle, of every split."""
        safe = self.spreadsheet_safe and self.layout in ("csv", "tsv")
        if self.bundle:
            return replace(self, gzip=False, split="", spreadsheet_safe=safe)
        return replace(self, spreadsheet_safe=safe)

    def as_config(self) -> dict[str, Any]:
        """Plain JSON: the layout, and everything else that is not as usual."""
        usual = {each.name: each.default for each in fields(self)}
        return {name: value for name, value in asdict(self).items() if name == "layout" or value != usual[name]}

    @property
    def writing(self) -> Options:
        """What a format is told."""
        return Options(
            separator=self.separator,
            default_system=self.default_system,
            drop_tools=self.drop_tools,
            with_scores=not self.without_scores,
            template=self.template,
        )

    @property
    def converting(self) -> convert.Settings:
        """What a conversion between kinds is told."""
        return convert.Settings(
            strategy=cast(Strategy, self.strategy),
            min_margin=self.min_margin,
            good_from=self.good_from,
            render=partial(rendered, self.template) if self.template in TEMPLATES else None,
        )

    @property
    def extension(self) -> str:
        """The end of the file's name, without its first dot. `UnknownLayout`."""
        inside = extension_of(self.layout, gzip=self.gzip)
        return BUNDLE if self.bundle else inside

    @property
    def media_type(self) -> str:
        """What the file is served as."""
        return "application/zip" if self.bundle else media_type_of(self.layout, gzip=self.gzip)


_TICKS = (
    "gzip",
    "spreadsheet_safe",
    "drop_tools",
    "without_scores",
    "bundle",
    "leave_out",
    "despite",
    "names",
    "escape_tokens",
)


def rendered(template: str, example: Example) -> str:
    """The example as one text of a chat template; `Fault` for what the template has no place for."""
    try:
        return render_text(example, template=template)
    except UnrenderableError as error:
        raise Fault("not_representable", path=error.path, message=error.code) from None


def targets(formats: tuple[Format, ...], *, kind: Kind) -> list[tuple[Kind, str, list[Format]]]:
    """The formats that rows of this kind can be written in, by the kind that they carry: first those that need no
    conversion, then the others with what is lost on the way, marked for the translators."""
    reachable = convert.kinds_reachable(kind)
    found: list[tuple[Kind, str, list[Format]]] = []
    for each in reachable:
        fitting = [chosen for chosen in formats if chosen.kind == each and chosen.layouts]
        if fitting:
            found.append((each, "" if each == kind else convert.arrow(kind, each).lost, fitting))
    return found


def can_become(kind: str, chosen: Format) -> bool:
    """Whether rows of this kind can be written in the format."""
    return bool(chosen.layouts) and chosen.kind in convert.kinds_reachable(cast(Kind, kind))


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if 0 <= abs(value) < 1e9 else None
