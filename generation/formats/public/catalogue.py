"""The catalogue of public sets: how large, from where, under which licence, and what is often told wrongly of them.

Sources: the sets' own cards and papers. Figures are those of the published files, not of what our readers let through.
"""

from __future__ import annotations

from dataclasses import dataclass

from generation.types import N_


@dataclass(frozen=True, slots=True)
class PublicSet:
    """One set. `format` is the name of the format that reads it; `ids` are the places where its makers keep it.

    `wrong` corrects what is often said of it, `notes` is what to know before training on it. `evaluation`: it measures
    models, and rows of it do not belong into training data.
    """

    name: str
    title: str
    format: str
    rows: str
    origin: str
    licence: str
    ids: tuple[str, ...]
    wrong: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    evaluation: bool = False


CATALOGUE: tuple[PublicSet, ...] = (
    PublicSet(
        "alpaca",
        "Stanford Alpaca",
        "alpaca",
        "52,002",
        N_("text-davinci-003, from 175 seed tasks"),
        "CC-BY-NC-4.0",
        ("tatsu-lab/alpaca", "tatsu-lab/stanford_alpaca"),
        wrong=(
            N_(
                "Often called “generated with GPT-4”. It was text-davinci-003; answers of GPT-4 to the "
                "same tasks are other sets, for example vicgalle/alpaca-gpt4."
            ),
        ),
        notes=(
            N_(
                "Known faults: pages and pictures that were never given, several tasks in one field, "
                "empty and N/A outputs, wrong arithmetic."
            ),
        ),
    ),
    PublicSet(
        "oasst1",
        "OpenAssistant OASST1",
        "oasst1",
        "84,437 + 4,401",
        N_("volunteers, in 35 languages; trees of messages with ranked answers"),
        "Apache-2.0",
        ("OpenAssistant/oasst1",),
        notes=(
            N_(
                "“OASST1, best answers” gives one conversation a tree, “OASST1, ranked answers” gives "
                "pairs of ranked siblings."
            ),
            N_("Deleted messages, those that reviewers refused and trees that were not released stay out."),
        ),
    ),
    PublicSet(
        "dolly",
        "Databricks Dolly",
        "dolly",
        "15,011",
        N_("employees of Databricks, in eight categories"),
        "CC-BY-SA-3.0",
        ("databricks/databricks-dolly-15k",),
        notes=(
            N_(
                "Contexts from Wikipedia hold citation marks such as [12]. They are taken out; the "
                "context as it came stays with the row."
            ),
        ),
    ),
    PublicSet(
        "hh_rlhf",
        "Anthropic HH-RLHF",
        "hh_rlhf",
        "≈ 169,000",
        N_("people choosing between two answers of a model"),
        "MIT",
        ("Anthropic/hh-rlhf",),
        notes=(
            N_("Its folder red-team-attempts has another shape and is not preference data."),
            N_("Rows with equal answers, an empty answer or a quoted “Human:” are refused, each with its line."),
        ),
    ),
    PublicSet(
        "ultrafeedback",
        "UltraFeedback",
        "ultrafeedback",
        "63,967 × 4",
        N_("GPT-4, rating four answers of 17 models on four aspects"),
        "MIT",
        ("openbmb/UltraFeedback", "HuggingFaceH4/ultrafeedback_binarized"),
        wrong=(
            N_(
                "overall_score was wrong in dumps before 2023-12-29, so answers are scored by the mean of "
                "their aspects; the binarized set chose by overall_score."
            ),
        ),
        notes=(N_("Ratings are texts and may be “N/A”; those do not count."),),
    ),
    PublicSet(
        "helpsteer",
        "HelpSteer, HelpSteer2",
        "helpsteer",
        "37,120 / 20,324 + 1,038",
        N_("people rating single answers from 0 to 4 on five attributes"),
        "CC-BY-4.0",
        ("nvidia/HelpSteer", "nvidia/HelpSteer2"),
        wrong=(
            N_(
                "Often listed as preference data. It holds ratings of single answers: pairs are made of "
                "answers to one prompt whose helpfulness differs by at least 1."
            ),
        ),
    ),
    PublicSet(
        "nectar",
        "Nectar",
        "nectar",
        "182,954 × 7",
        N_("GPT-4, ranking seven answers to each prompt"),
        N_("Apache-2.0, not to compete with OpenAI"),
        ("berkeley-nest/Nectar",),
    ),
    PublicSet(
        "shp",
        "Stanford Human Preferences",
        "shp",
        "≈ 385,000",
        N_("upvotes on Reddit, 18 subreddits"),
        N_("MIT; Reddit's terms hold for the texts"),
        ("stanfordnlp/SHP",),
        notes=(N_("Scores are upvotes: they say which answer people liked, not that it is right."),),
    ),
    PublicSet(
        "code_alpaca",
        "Code Alpaca",
        "code_alpaca",
        "20,022",
        N_("text-davinci-003, from 21 seed tasks about code"),
        "CC-BY-NC-4.0",
        ("sahil2801/CodeAlpaca-20k", "sahil280114/codealpaca"),
        notes=(N_("Looks like Alpaca, so choose it by hand. Line ends and indents in code stay as they are."),),
    ),
    PublicSet(
        "medinstruct",
        "MedInstruct",
        "medinstruct",
        "52,000",
        N_("167 tasks by clinicians, tasks of GPT-4, answers of GPT-3.5"),
        "CC-BY-NC-4.0",
        ("XZhang97666/AlpaCare", "xz97/MedInstruct", "lavita/AlpaCare-MedInstruct-52k"),
        wrong=(
            N_("The id keivalya/MedInstruct-52k, which tutorials name, is not verified: it was found in no index."),
        ),
        notes=(N_("A test set of 217 questions goes with it. Keep that out of training."),),
    ),
    PublicSet(
        "legalbench",
        "LegalBench",
        "legalbench",
        N_("162 tasks"),
        N_("lawyers and researchers"),
        N_("other, one for each task"),
        ("nguha/legalbench",),
        wrong=(
            N_("Sometimes offered for fine-tuning. It is an evaluation set with two to eight training rows a task."),
        ),
        notes=(
            N_("Use it for few-shot examples and to find contaminated rows. An export that holds rows of it warns."),
        ),
        evaluation=True,
    ),
)
