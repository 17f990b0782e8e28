// What every page needs: words, the CSRF header for our own elements, and failures that nobody can overlook.
"use strict";
window.fdc = (() => {
  const words = window.fdcTexts || {};

  /** The words for `message` in the page's language; {name} is replaced from `values`. */
  function text(message, values = {}) {
    const found = words[message] || message;
    return found.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
  }

  const csrf = () => document.querySelector("meta[name=csrf-token]")?.content || "";
  const ours = (element) => Boolean(element?.closest("[data-fdc-trusted]")) && !element.closest("[hx-disable]");

  /** Shows the red bar. It stays until somebody closes it or `quiet` is called with the same `kind`. */
  function loud(message, kind = "failure") {
    const bar = document.getElementById("loud");
    if (!bar) return;
    bar.dataset.kind = kind;
    bar.querySelector("output").textContent = message;
    bar.hidden = false;
  }

  function quiet(kind = "failure") {
    const bar = document.getElementById("loud");
    if (bar && bar.dataset.kind === kind) bar.hidden = true;
  }

  document.addEventListener("htmx:configRequest", (event) => {
    const { elt, verb, headers } = event.detail;
    if (!ours(elt)) return event.preventDefault(); // an element that we did not write asks for nothing
    if (verb !== "get") headers["X-CSRFToken"] = csrf();
  });

  function failed(event) {
    const reading = (event.detail.requestConfig?.verb || "get") === "get";
    const status = event.detail.xhr?.status || 0;
    if (status === 401 || status === 403) return loud(text("Not allowed. You may have been signed out: open the page again."));
    if (reading) return loud(text("No answer from the server. The page shows what it last knew and keeps asking."), "reading");
    loud(status ? text("NOT SAVED: the server refused it ({status}). What you typed is still here.", { status })
      : text("NOT SAVED: no answer from the server. What you typed is still here; try again."));
  }
  for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) document.addEventListener(name, failed);
  document.addEventListener("htmx:swapError", () => loud(text("The page could not be refreshed. Load it again.")));
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful) quiet(event.detail.requestConfig?.verb === "get" ? "reading" : "failure");
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-loud-close]")) document.getElementById("loud").hidden = true;
    // A menu closes when somebody clicks elsewhere.
    for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
    const copy = event.target.closest("[data-copy]");
    if (copy) copyText(copy);
    const asked = event.target.closest("[data-confirm]");
    if (asked && !window.confirm(asked.dataset.confirm)) { event.preventDefault(); event.stopPropagation(); }
  }, true);

  /** Copies the text of the element that data-copy names, and says so on the button. */
  async function copyText(button) {
    const source = document.querySelector(button.dataset.copy);
    if (!source) return;
    await navigator.clipboard?.writeText(source.value ?? source.textContent.trim());
    const label = button.textContent;
    button.textContent = text("Copied");
    setTimeout(() => { button.textContent = label; }, 1500);
  }

  // Forms are sent once: a second press while the first is on its way changes nothing.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || form.matches("[hx-post], [data-many]")) return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "1";
    setTimeout(() => { if (event.defaultPrevented) delete form.dataset.sent; }); // a script took it over
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });

  /** Deletes a database of this browser. Resolves when it is gone, or when another tab holds it open. */
  function forget(name) {
    return new Promise((resolve) => {
      const asked = indexedDB.deleteDatabase(name);
      asked.onsuccess = asked.onerror = asked.onblocked = resolve;
    });
  }

  // Signing out leaves no text of a person behind, from whatever page: the outbox goes first, then the form.
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches("[data-sign-out]")) return;
    event.preventDefault();
    const forgotten = window.fdcOutbox?.clear() ?? forget(`fdc-outbox-${document.body.dataset.person || "0"}`);
    await Promise.race([forgotten, new Promise((resolve) => setTimeout(resolve, 1000))]);
    form.submit();
  });

  // Filters send themselves when a choice changes; without script there is a button.
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-send-on-change]")) event.target.form.requestSubmit();
  });

  // On a narrow screen the navigation scrolls sideways: the page at hand comes into sight.
  const here = document.querySelector(".nav [aria-current]");
  if (here) here.parentElement.scrollLeft = here.offsetLeft - here.parentElement.clientWidth / 2;

  // So does the chosen one of a long list of cards.
  document.querySelector(".recipes [aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });

  // Pages show times in the reader's own time zone from the next one on.
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
  document.cookie = `fdc_timezone=${encodeURIComponent(zone)}; path=/; max-age=31536000; samesite=lax`;

  return { text, csrf, ours, loud, quiet, forget };
})();
