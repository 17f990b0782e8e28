// Keys. A button, link or field says its key in the markup: data-key="a Enter". One listener serves them all.
// data-action names what it does, so that a person can give it another key (account page).
"use strict";
(() => {
  const chosen = JSON.parse(document.body.dataset.keys || "{}");
  const FIELDS = "input:not([type=checkbox]):not([type=radio]):not([type=submit]):not([type=button]), textarea, select, [contenteditable]";

  /** The name of the key that was struck: "a", "Shift+1", "Ctrl+Enter", "Space". Digits go by place, not by layout. */
  function nameOf(event) {
    const digit = /^(?:Digit|Numpad)(\d)$/.exec(event.code);
    const named = event.key === " " ? "Space" : event.key;
    const key = digit ? digit[1] : named.length === 1 ? named.toLowerCase() : named;
    const shifted = event.shiftKey && (digit || key.length > 1 || /\p{L}/u.test(key));
    return [(event.ctrlKey || event.metaKey) && "Ctrl", event.altKey && "Alt", shifted && "Shift", key].filter(Boolean).join("+");
  }

  const visible = (element) => !element.disabled && element.getClientRects().length > 0 && !element.closest("[inert]");

  /** Gives the elements inside `root` the keys that this person chose, and prints them on their caps. */
  function apply(root) {
    for (const element of root.querySelectorAll("[data-action][data-key]")) {
      const key = chosen[element.dataset.action];
      if (!key || element.dataset.key === key) continue;
      element.dataset.key = key;
      const caps = (element.matches(FIELDS) ? element.parentElement : element).querySelectorAll("kbd");
      caps.forEach((cap, index) => (index ? cap.remove() : (cap.textContent = key)));
    }
  }

  function elementFor(name) {
    const scope = document.querySelector("dialog[open]") || document;
    return [...scope.querySelectorAll("[data-key]")].find((each) => each.dataset.key.split(" ").includes(name) && visible(each));
  }

  function press(element) {
    if (element.matches(FIELDS)) { element.focus(); element.select?.(); } else element.click();
  }

  /** Moves the marked row of the first list on the page, or opens it. */
  function move(name) {
    const rows = [...document.querySelectorAll("[data-rows] [data-row]")].filter(visible);
    if (!rows.length) return false;
    const at = rows.findIndex((row) => row.matches(".on"));
    if (name === "Enter") { if (at < 0) return false; (rows[at].matches("a") ? rows[at] : rows[at].querySelector("a"))?.click(); return true; }
    const next = rows[Math.max(0, Math.min(rows.length - 1, at + (name === "j" ? 1 : -1)))];
    rows[at]?.classList.remove("on");
    next.classList.add("on");
    next.scrollIntoView({ block: "nearest" });
    return true;
  }

  function showKeys() {
    const dialog = document.getElementById("keys");
    const list = dialog.querySelector("ul");
    const entries = [...document.querySelectorAll("[data-key]")].filter((each) => visible(each) && each.dataset.key !== "?");
    const lines = entries.map((each) => [each.dataset.label || labelOf(each), each.dataset.key.split(" ")]);
    if (document.querySelector("[data-rows] [data-row]")) lines.push([fdc.text("move in lists, open"), ["j", "k", "Enter"]]);
    list.replaceChildren(...lines.map(([label, keys]) => {
      const item = document.createElement("li");
      item.append(label + " ");
      const caps = document.createElement("span");
      for (const key of keys) { const cap = document.createElement("kbd"); cap.textContent = key; caps.append(cap, " "); }
      item.append(caps);
      return item;
    }));
    dialog.showModal();
  }

  function labelOf(element) {
    const copy = element.cloneNode(true);
    copy.querySelectorAll("kbd").forEach((cap) => cap.remove());
    return copy.textContent.trim().replace(/\s+/g, " ") || element.getAttribute("aria-label") || element.title;
  }

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229 || event.defaultPrevented) return;
    const name = nameOf(event);
    const focus = document.activeElement;
    if (name === "Escape") return escape(focus);
    const typing = focus?.matches(FIELDS);
    if (typing && !name.startsWith("Ctrl+")) return;
    const sends = name.startsWith("Ctrl+") && focus?.matches("input, button"); // from a chosen radio or box, too
    if (!typing && !sends && focus?.matches("button, a[href], summary, input, [role=button]") && name !== "?") return;
    if (event.repeat && name !== "j" && name !== "k") return;
    const element = elementFor(name);
    if (element) { event.preventDefault(); return press(element); }
    if (["j", "k", "Enter"].includes(name) && !document.querySelector("dialog[open]") && move(name)) event.preventDefault();
  });

  function escape(focus) {
    const menu = document.querySelector("details.menu[open]");
    if (menu) { menu.open = false; return; }
    const element = elementFor("Escape");
    if (focus && focus !== document.body) focus.blur();
    else if (element) press(element);
  }

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-open-keys]")) showKeys();
    // After a click with the mouse the keys go on working: the focus that it left on a button is given back.
    const pressed = event.target.closest("button, a[href]");
    if (event.detail > 0 && pressed && pressed === document.activeElement && !pressed.closest("dialog, details")) pressed.blur();
  });
  document.addEventListener("htmx:load", (event) => apply(event.detail.elt));
  apply(document);
  window.fdc.keys = { nameOf, chosen, apply };
})();
