"""The catalogue says what is so, also where the sources say otherwise."""

from __future__ import annotations

from generation.formats import format_named
from generation.formats.public import READERS
from generation.formats.public.catalogue import CATALOGUE

SETS = {each.name: each for each in CATALOGUE}


def test_every_reader_and_every_set_find_each_other():
    named = {each.format for each in CATALOGUE}
    assert all(format_named(each.format) for each in CATALOGUE)
    twins = {"oasst1_pairs", "ultrafeedback_binarized"}
    assert {each.name for each in READERS} - twins <= named


def test_003_34_alpaca_is_52002_rows_of_davinci_and_not_of_gpt_4():
    alpaca = SETS["alpaca"]
    assert (alpaca.rows, alpaca.licence) == ("52,002", "CC-BY-NC-4.0")
    assert "text-davinci-003" in alpaca.origin
    assert "GPT-4" in alpaca.wrong[0]
    assert "vicgalle/alpaca-gpt4" in alpaca.wrong[0]


def test_003_39_medinstruct_has_its_canonical_ids_and_the_one_of_the_source_is_unverified():
    medinstruct = SETS["medinstruct"]
    assert medinstruct.ids == ("XZhang97666/AlpaCare", "xz97/MedInstruct", "lavita/AlpaCare-MedInstruct-52k")
    assert "keivalya/MedInstruct-52k" in medinstruct.wrong[0]
    assert "not verified" in medinstruct.wrong[0]


def test_helpsteer_and_legalbench_are_not_what_they_are_often_taken_for():
    assert SETS["helpsteer"].rows == "37,120 / 20,324 + 1,038"
    assert "ratings of single answers" in SETS["helpsteer"].wrong[0]
    assert SETS["legalbench"].evaluation
    assert [each.name for each in CATALOGUE if each.evaluation] == ["legalbench"]
