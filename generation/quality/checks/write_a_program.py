"""Requests to write a program, which Self-Instruct leaves out because base models answered them badly."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from generation.quality.places import placed
from generation.types import N_, Draft, Finding

_START = re.compile(
    r"\s*((?:(?:can|could|would|will) you )?(?:please )?(?:write|create|code|develop|build|implement) (?:me "
    r")?an? (?:[\w+#]+ ){0,2}?program\b"
    r"(?! to (?:help|reduce|improve|promote|support|encourage|train|teach|raise|combat|prevent|engage|motivate)\b)"
    r"(?! (?:notes?|schedule|guide|booklet|description|of events|for (?:an?|the|our|"
    r"your) [\w' ]{0,20}?(?:concert|festival|event|show|ceremony)))"
    r"|(?:请|麻烦)?你?(?:帮我|给我|替我|帮忙)?(?:用[\w+# ]{1,10}?(?:语言)?)?(?:编写|写出|写|设计)(?:一个|一段|个|段)?"
    r"(?![^，。,.]{0,10}(?:申请|办理|审批|登记|报名|投诉|选举|签证|诉讼|法律|司法|工作|办事|手续))"
    r"(?:[^，。,.的]{0,8}?|[\w+# ]{0,10}?)程序(?!步骤|规定|文件|名|员|化|正义|性))",
    re.IGNORECASE,
)


class WriteAProgram:
    """Drops an instruction that begins by asking for a program."""

    name = "write_a_program"
    title = N_("Does not ask for a program")

    def __call__(self, draft: Draft, settings: Mapping[str, Any]) -> list[Finding]:
        """`write_a_program` when the instruction starts so, with the words."""
        found = _START.match(draft.instruction)
        if not found:
            return []
        return [placed(self.name, "write_a_program", field="instruction", spans=[found.span()], drop=True)]


CHECK = WriteAProgram()
