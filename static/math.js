// Math. KaTeX is fetched with the first card that has some; it may do nothing but set type, and what it cannot set stays as text.
"use strict";
(() => {
  const source = document.querySelector("[data-katex-js]");
  let loading = null;

  function load() {
    loading ??= new Promise((resolve, reject) => {
      const sheet = document.createElement("link");
      sheet.rel = "stylesheet";
      sheet.href = source.dataset.katexCss;
      const script = document.createElement("script");
      script.src = source.dataset.katexJs;
      script.onload = resolve;
      script.onerror = reject;
      document.head.append(sheet, script);
    });
    return loading;
  }

  function set(place) {
    const formula = place.textContent;
    if (formula.length > 5000) return;
    const display = place.classList.contains("block");
    const options = { displayMode: display, trust: false, strict: "ignore", maxExpand: 200, maxSize: 10, throwOnError: true };
    try {
      const shown = document.createElement("span");
      window.katex.render(formula, shown, options);
      place.replaceChildren(...shown.childNodes);
      place.title = formula;
      place.dataset.set = "1";
    } catch {
      place.dataset.set = "0"; // not math after all: the text stays as it was
    }
  }

  /** Sets the math inside `root`, if there is any. */
  window.fdcMath = (root) => {
    const places = source ? [...root.querySelectorAll(".math:not([data-set])")] : [];
    for (const place of places) place.dataset.set = "";
    if (places.length) load().then(() => places.forEach(set), () => {});
  };
  if (source && !source.matches("[data-desk]")) window.fdcMath(document);
})();
