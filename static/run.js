// The page of a run: keeps opened failures open while figures renew themselves, and holds the stream of drafts.
"use strict";
(() => {
  const open = new Set();
  let held = false;

  document.addEventListener("toggle", (event) => {
    const name = event.target.dataset?.failure;
    if (name) event.target.open ? open.add(name) : open.delete(name);
  }, true);

  document.addEventListener("htmx:afterSwap", () => {
    for (const details of document.querySelectorAll("details[data-failure]")) details.open = open.has(details.dataset.failure);
    show();
  });

  document.addEventListener("htmx:beforeRequest", (event) => {
    const hidden = document.visibilityState === "hidden" && event.target.id?.startsWith("run_");
    if (hidden || (held && event.target.id === "run_drafts")) event.preventDefault();
  });

  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-hold]")) return;
    held = !held;
    show();
  });

  function show() {
    for (const button of document.querySelectorAll("[data-hold]")) {
      button.hidden = false;
      button.setAttribute("aria-pressed", String(held));
      button.firstChild.textContent = held ? fdc.text("Let the stream go on") + " " : fdc.text("Hold the stream") + " ";
    }
  }
  show();
})();
