"""The papers that FDC follows: what each says, what FDC does otherwise, and why. The methods page is made of this."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from generation.recipes.base import Recipe

ARXIV = "https://arxiv.org/abs/"


@dataclass(frozen=True, slots=True)
class Method:
    """One paper. `id` is its arXiv number or repository, `says` what it does, `here` what is otherwise here and why.

    `pages` are the features that follow it without being a recipe: (URL name within a project, label).
    """

    id: str
    title: str
    says: Any
    here: Any
    pages: tuple[tuple[str, Any], ...] = ()
    link: str = field(default="")

    @property
    def address(self) -> str:
        """Where it can be read."""
        return self.link or ARXIV + self.id


METHODS: tuple[Method, ...] = (
    Method(
        "2212.10560",
        "Self-Instruct: Aligning Language Models with Self-Generated Instructions",
        _("From 175 seeds a model invents instructions, says which are classification, and writes examples; what is "
          "too much like an earlier one (ROUGE-L above 0.7) is dropped. 52,000 instructions came of it."),
        _("Words are counted for Chinese too, where the released code sees none; admission stands between inventing "
          "and writing examples, so that nothing is paid for an instruction that is dropped. Records of a field from "
          "seeds and entities follow the same idea."),
    ),
    Method(
        "stanford_alpaca",
        "Stanford Alpaca: An Instruction-following LLaMA model",
        _("Twenty tasks with input and output in one call, shown three seeds. The 52,000 rows were written by "
          "text-davinci-003, not by GPT-4 as is often told."),
        _("Replies are read strictly, an item that was cut off is dropped with its reason, and novelty is judged for "
          "Chinese as well."),
        (("imports", _("Imports")),),
        "https://github.com/tatsu-lab/stanford_alpaca",
    ),
    Method(
        "2304.12244",
        "WizardLM: Empowering Large Language Models to Follow Complex Instructions",
        _("Evol-Instruct: an instruction is made harder in five ways or replaced by a rarer one, over four rounds; "
          "four rules throw out what did not evolve. 52,000 instructions became 250,000. WizardLM-7B is LLaMA (the "
          "first) fine-tuned on 70,000 of them; that it beats Alpaca and Vicuna is the first version's own claim."),
        _("All six operations and all four rules of the paper, some of which the released code leaves out; families of "
          "training and of evaluation rows are kept apart. No model is trained here, so its result is not repeated."),
    ),
    Method(
        "2308.06259",
        "Self-Alignment with Instruction Backtranslation",
        _("A model learns to say which instruction a text answers (self-augmentation), then rates the pairs from 1 to "
          "5 and keeps the best (self-curation), twice."),
        _("Nothing is trained here, so a model is asked as the backward model by a prompt; what it would cost to train "
          "one is saved, and what it would gain is not claimed."),
    ),
    Method(
        "2309.03409",
        "Large Language Models as Optimizers (OPRO)",
        _("A model proposes better prompts from a list of earlier ones with their scores, in ascending order."),
        _("Scores may be anything that rows have, people's approval included; held-out rows show overfitting, and a "
          "candidate that carries an answer is refused."),
        (("prompts", _("Prompts")),),
    ),
    Method(
        "2109.01652",
        "Finetuned Language Models Are Zero-Shot Learners (FLAN)",
        _("Many sets told by ten templates each; some of them turned round, so that the question is asked for."),
        _("Our own templates, ten for each kind of task, in English and Chinese. Few-shot construction shows worked "
          "examples that are never the row itself."),
    ),
    Method(
        "2210.11416",
        "Scaling Instruction-Finetuned Language Models",
        _("1,836 tasks mixed in proportion to their size with a cap, chains of thought among them."),
        _("The same rates with cap and temperature, as a mix of your own sources; the manifest says what was drawn."),
        (("datasets", _("Datasets")),),
    ),
    Method(
        "2301.13688",
        "The Flan Collection: Designing Data and Methods for Effective Instruction Tuning",
        _("Zero-shot, few-shot and chain-of-thought prompts in one mix help every setting; so do input inversion and "
          "balanced sources. The findings hold for general-domain data and were mostly measured zero-shot and "
          "few-shot, not after fine-tuning for one task."),
        _("The four template types are dealt by quota, not by luck, and the real shares stand on the page of the run. "
          "Inversions carry a mark, and labels with few inputs are never turned round."),
    ),
    Method(
        "2404.15846",
        "From Complex to Simple: Enhancing Multi-Constraint Complex Instruction Following",
        _("Instructions with several constraints; a student answers, a teacher corrects what fails, and the two make "
          "a pair for DPO."),
        _("Each constraint has a verifier in English and Chinese, and a corrected answer is verified again before it "
          "is preferred."),
    ),
    Method(
        "2212.08073",
        "Constitutional AI: Harmlessness from AI Feedback",
        _("An answer is criticised under one principle and revised, four times; the revisions train the model."),
        _("Principles are a list that you edit, English and Chinese. The critique keeps to the principle at hand; an "
          "answer that no revision changed is not kept. First and last answer can become a pair."),
    ),
    Method(
        "2203.02155",
        "Training language models to follow instructions with human feedback (InstructGPT)",
        _("People rank four to nine answers; every pair of the ranking trains a reward model, then PPO (RLHF)."),
        _("Ranking is blind and in random order, and all pairs of one prompt stay in one split. What is there can be "
          "ranked by a judge, by scores or by people. The rewards are left to your trainer."),
        (("home", _("Review")), ("exports", _("Exports"))),
    ),
    Method(
        "2306.05685",
        "Judging LLM-as-a-Judge with MT-Bench and Chatbot Arena",
        _("A strong model compares two answers as people would, but leans to the first, to the longer and to its own; "
          "asked in both orders, only what wins twice has won."),
        _("Two models are never taken for better and worse by their names: each pair is judged in both orders, and "
          "planted texts show whether the judge can be talked round."),
    ),
    Method(
        "2310.01377",
        "UltraFeedback: Boosting Language Models with Scaled AI Feedback",
        _("Four answers of different models to each prompt, rated by GPT-4 in four aspects. 2,628 answers carried a 10 "
          "that should have been a 1, because a scale was guessed."),
        _("Every score keeps the ends of its scale and is never rescaled; all candidates are kept, and equal scores "
          "make no pair."),
    ),
    Method(
        "2303.16634",
        "G-Eval: NLG Evaluation using GPT-4 with Better Human Alignment",
        _("A judge writes its own evaluation steps, and the score is weighed by the probabilities of its tokens."),
        _("The steps are written once for a run or given by you; the mean of many samples stands for the "
          "probabilities, which most servers do not tell."),
        (("runs", _("Runs")),),
    ),
    Method(
        "2305.18290",
        "Direct Preference Optimization: Your Language Model is Secretly a Reward Model",
        _("Chosen and rejected answers train the model itself, without a reward model; at no margin the loss is "
          "log 2 = 0.693."),
        _("Not trained here. Pairs leave in the formats of TRL, LLaMA-Factory, Axolotl, OpenAI and Bailian, and only "
          "those that a judge verified or people decided."),
        (("exports", _("Exports")),),
    ),
    Method(
        "2402.01306",
        "KTO: Model Alignment as Prospect Theoretic Optimization",
        _("Single answers called good or bad are enough; they need not be as many of each if weights set them right."),
        _("Thumbs, approvals and pairs taken apart become such rows, with the weights that the balance asks for."),
        (("exports", _("Exports")),),
    ),
    Method(
        "2305.14233",
        "Enhancing Chat Language Models by Scaling High-quality Instructional Conversations (UltraChat)",
        _("One model speaks as the user, another as the assistant, over many topics and several turns."),
        _("Conversations begin from your own seeds or samples and stay in their language; one in which a side speaks "
          "for the other, repeats itself or gives up is dropped with its reason."),
    ),
    Method(
        "2312.15685",
        "What Makes Good Data for Alignment? (Deita)",
        _("Rows are scored from 1 to 6 for complexity and quality, sorted by the product, and taken while they differ "
          "enough from what was taken."),
        _("The scores come from any model that you choose and stay on their scale, so they "
          "stay beside the row that they were given to."),
    ),
    Method(
        "2307.03172",
        "Lost in the Middle: How Language Models Use Long Contexts",
        _("What stands at the beginning or the end of a long context is found more often than what stands between."),
        _("Options, examples and rows are shuffled by a seed and the place of the right one is counted. Attention "
          "itself is out of reach for data."),
        (("datasets", _("Datasets")),),
    ),
    Method(
        "1806.03822",
        "Know What You Don't Know: Unanswerable Questions for SQuAD",
        _("Questions that a passage does not answer, beside those that it does."),
        _("Every answer is held against the words of your own document, whose place is kept."),
    ),
    Method(
        "2106.09685",
        "LoRA: Low-Rank Adaptation of Large Language Models",
        _("Small matrices are trained beside frozen weights."),
        _("Not done here: FDC makes data. Its bundles load in trainers that do, such as LLaMA-Factory and Unsloth."),
        (("exports", _("Exports")),),
    ),
    Method(
        "2305.14314",
        "QLoRA: Efficient Finetuning of Quantized LLMs",
        _("LoRA over weights in four bits, so that one card is enough."),
        _("Not done here either; the data are the same as for LoRA."),
        (("exports", _("Exports")),),
    ),
)  # fmt: skip

_OTHERS: tuple[tuple[str, str, Any], ...] = (
    ("Unsloth", "https://github.com/unslothai/unsloth", _("trains Llama 3 on the file that its export preset writes")),
    ("LLaMA-Factory", "https://github.com/hiyouga/LLaMA-Factory", _("loads the bundles of the export page")),
    ("PEFT", "https://github.com/huggingface/peft", _("LoRA, QLoRA and other ways to train few weights of a model")),
    ("TRL", "https://github.com/huggingface/trl", _("SFT, DPO, KTO, reward models and PPO")),
    ("Evol-Instruct", "https://github.com/nlpxucan/evol-instruct", _("the code of WizardLM's authors")),
    ("LangGPT", "https://github.com/langgptai/LangGPT", _("prompts in sections: role, skills, rules, workflow")),
)  # fmt: skip

_NOTES: tuple[tuple[str, Any], ...] = (
    ("https://mp.weixin.qq.com/s/hbF7ebfbv3PkShxrhUe0bw", _("combination effects of data: redundancy and quality")),
    (
        "https://mp.weixin.qq.com/s/cXPNyOeK9vFjJcgxc_LqZQ",
        _("how the LLaMA models developed in three months, and the core questions of instruction tuning"),
    ),
    ("https://bytedance.larkoffice.com/", _("a picture of the corpus ratio, behind a link that has run out")),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A method with the recipes that follow it."""

    method: Method
    recipes: tuple[Recipe, ...]


def methods_shown(recipes: Iterable[Recipe]) -> list[Shown]:
    """Every method with its recipes among these, in order."""
    found = list(recipes)
    return [Shown(method, tuple(each for each in found if each.paper == method.address)) for method in METHODS]


def references() -> dict[str, Any]:
    """Programs and notes that are named and never fetched."""
    return {"programs": _OTHERS, "notes": _NOTES}
