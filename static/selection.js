// The form of a selection: sliders say their number, and the formula says what they come to.
"use strict";
(() => {
  const form = document.getElementById("selection_form");
  if (!form) return;
  const field = (name) => form.elements[name];
  const SCORES = { quality: "quality", complexity: "complexity" };

  /** What a term weighs: a score that nothing stands for weighs nothing. */
  function weight(term) {
    const named = !(term in SCORES) || field(SCORES[term]).value;
    return named ? Number(field(`w_${term}`).value) : 0;
  }

  function show() {
    const formula = document.getElementById("formula");
    const weights = { quality: weight("quality"), complexity: weight("complexity"), novelty: weight("novelty") };
    for (const [term, power] of Object.entries(weights)) {
      const told = formula.querySelector(`[data-term=${term}]`);
      told.hidden = !power;
      told.querySelector("sup").textContent = power === 1 ? "" : String(power);
      const slider = field(`w_${term}`);
      slider.parentElement.querySelector("output").textContent = slider.value;
      slider.classList.toggle("unused", !power);
    }
    const none = !Object.values(weights).some(Boolean);
    formula.querySelector("[data-term=none]").hidden = !none;
    formula.querySelector("[data-way=screened]").hidden = none || Boolean(weights.novelty) || !field("limit").value;
    formula.querySelector("[data-way=greedy]").hidden = !weights.novelty;
    // Only the number that counts is asked for.
    const share = form.querySelector("[name=many]:checked")?.value === "percent";
    field("budget").closest(".field").hidden = share;
    field("share").closest(".field").hidden = !share;
    field("ceiling").closest(".field").hidden = !weights.quality && !field("ceiling").value;
  }

  form.addEventListener("input", show);
  show();
})();
