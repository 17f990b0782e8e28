// The page of comparisons: choose, rank, rate. A vote travels through the outbox; what it reveals comes with the answer.
"use strict";
(() => {
  const { text } = window.fdc;
  const outbox = window.fdcOutbox;
  const { desk, only, cards, current, ids, show, aim, count, send, seconds, begin } = window.fdcDesk;
  const answers = window.fdcAnswers;
  const form = only("form.vote");
  const dock = only("[data-dock]");
  const words = JSON.parse(only("#saying-words").textContent);
  const SIDE = { left: 1, left_much: 1, right: 2, right_much: 2 };
  const row = (id) => `comparison ${id}`;
  const straight = () => desk.dataset.straight === "1";
  let seen = false; // whether a card stood here since the page last said that nothing is left
  const isDone = (card) => Boolean(card) && "done" in card.dataset;
  document.body.dataset.live = "";
  form.noValidate = true; // what is wanting is said by this page, also of a field that is folded away

  // ---- What is on the desk

  /** Brings bar and dock in line with the card: asking before the vote, showing after it. */
  function inLine(card) {
    const done = isDone(card);
    form.hidden = !card || done;
    only("[data-after]").hidden = !done;
    dock.hidden = !card;
    dock.querySelector("[data-asks]").hidden = done;
    dock.querySelector("[data-reveal]").hidden = !done;
    document.body.toggleAttribute("data-voted", done);
    if (!card) return void lookBehind();
    seen = true;
    only("[data-number]").textContent = `#${card.dataset.card}`;
    answers.difference(card);
    requestAnimationFrame(() => setTimeout(() => onScreen(card)));
    openUp(card);
    if (done) return;
    aim(form, card, ["comparison", "version"]);
    for (const field of card.querySelectorAll("[data-rank]")) field.disabled = false;
    window.fdcRanking?.show(card);
  }

  /** Nothing is left: what the page says of it is asked anew, for it was written when the page was. */
  async function lookBehind() {
    if (!seen || outbox.count()) return;
    seen = false;
    const page = await fetch(location.pathname).then((answer) => (answer.ok ? answer.text() : "")).catch(() => "");
    const there = new DOMParser().parseFromString(page, "text/html");
    if (there.querySelector("[data-card]") && !cards().length && !outbox.count()) return location.reload();
    const said = there.querySelector("[data-empty]");
    if (said) only("[data-empty]").replaceChildren(...said.childNodes);
  }

  /** What can be done once the card is on screen; the next one gets its math meanwhile. */
  function onScreen(card) {
    answers.settle(card);
    answers.watch(card);
    for (const each of cards()) window.fdcMath?.(each);
  }

  /** On a phone the vote opens once every answer was seen. */
  function openUp(card) {
    if (card !== current()) return;
    const open = answers.allSeen(card);
    form.toggleAttribute("data-shut", !open);
    for (const button of form.querySelectorAll("[data-says]")) button.disabled = !open && button.value !== "skip";
    if (open) window.fdcRanking?.show(card);
  }
  document.addEventListener("fdc:seen", ({ detail }) => openUp(detail));

  function clearAsks() {
    for (const field of dock.querySelectorAll("input[name]")) {
      if (field.type === "radio") field.checked = false; else field.value = "";
      field.removeAttribute("aria-invalid");
    }
  }

  // ---- Saying something

  /** What the person says beside the vote: criteria, why, ranks. What is shown is what is sent. */
  function asides(card) {
    const fields = {};
    for (const field of dock.querySelectorAll("[data-asks] input[name]")) {
      if (field.type !== "radio" || field.checked) fields[field.name] = field.value;
    }
    for (const field of card.querySelectorAll("[data-rank]")) fields[field.name] = field.value;
    return fields;
  }

  /** Whether something is wanted before this can be said; says what, and goes there. */
  function wanting(card, say) {
    const note = dock.querySelector("[name=note]");
    if (say === "skip") return false;
    if (note?.required && !note.value.trim()) {
      openDock(true);
      note.setAttribute("aria-invalid", "true");
      note.focus();
      return true;
    }
    return say === "ranked" && !window.fdcRanking.complete(card);
  }

  function vote(say, { edit } = {}) {
    const card = current();
    if (!card || isDone(card)) return false;
    if (picking && SIDE[say]) { openEditor(card, say); return false; }
    if (wanting(card, say)) return false;
    pick(false);
    const id = Number(card.dataset.card);
    const stays = say !== "skip" && !straight();
    const fields = { ...asides(card), say, comparison: String(id), version: card.dataset.version, key: outbox.newKey(), seconds: seconds() };
    if (edit !== undefined) fields.edit = edit;
    fields.have = ids().filter((each) => each !== id).join(",");
    fields.reveal = stays ? "1" : "";
    if (!send(desk.dataset.decide, fields, row(id))) return false;
    openDock(false);
    if (stays) markDone(card, say);
    else { card.remove(); clearAsks(); }
    count("[data-left]", "left", -1);
    if (say !== "skip") count("[data-mine]", "mine", 1);
    show();
    return true;
  }

  function markDone(card, say) {
    card.dataset.done = say;
    const chosen = card.querySelector(`[data-place="${SIDE[say]}"]`);
    chosen?.classList.add("chosen");
    only("[data-edit-after]").hidden = !chosen;
    const cell = document.createElement("div");
    const [name, said] = [document.createElement("small"), document.createElement("b")];
    name.textContent = words.you;
    said.textContent = words[say] || "";
    cell.append(name, said);
    dock.querySelector("[data-reveal]").replaceChildren(cell);
  }

  function next() {
    const card = current();
    if (!isDone(card)) return;
    card.remove();
    clearAsks();
    show();
  }

  const undo = (id = 0) => send(desk.dataset.undo, { key: outbox.newKey(), have: ids().join(",") }, id ? row(id) : "");

  // ---- What the server answers

  function receive({ answer, undone, card }) {
    if (undone) {
      if (answer.undid) count("[data-left]", "left", 1);
      if (answer.undid === "vote") count("[data-mine]", "mine", -1);
      clearAsks();
      return;
    }
    if (!answer.reveal || !isDone(card)) return;
    if (card === current()) dock.querySelector("[data-reveal]").innerHTML = answer.reveal;
    for (const [place, html] of Object.entries(answer.sides || {})) {
      card.querySelector(`[data-place="${place}"] [data-names]`).innerHTML = html;
    }
  }

  function refused({ entry }) {
    const card = desk.querySelector(`[data-card="${entry.fields.comparison}"][data-done]`);
    if (!card) return;
    card.remove();
    clearAsks();
    show();
  }

  const noteOf = (entry) => ({
    label: text("Comparison {id}", { id: entry.fields.comparison || "" }),
    href: `${entry.url.replace(/\/\w+(\?.*)?$/, "")}?first=${entry.fields.comparison || ""}`,
  });

  // ---- Editing the one that is chosen

  let picking = false;

  /** Before the vote: the next choice opens its answer in the editor instead of being sent. */
  function pick(on) {
    picking = on;
    document.body.toggleAttribute("data-picking", on);
  }

  function openEditor(card, say) {
    pick(false);
    const side = card.querySelector(`[data-place="${SIDE[say]}"]`);
    const editor = side.querySelector("[data-editor]");
    editor.dataset.say = say;
    editor.hidden = false;
    side.classList.add("editing");
    document.body.toggleAttribute("data-editing", true);
    const box = editor.querySelector("textarea");
    box.disabled = false;
    box.focus();
    box.setSelectionRange(box.value.length, box.value.length);
  }

  const opened = () => desk.querySelector("[data-editor]:not([hidden])");

  function closeEditor(editor = opened()) {
    document.body.toggleAttribute("data-editing", false);
    if (!editor) return;
    editor.hidden = true;
    editor.closest("[data-place]").classList.remove("editing");
  }

  /** Sends the choice with the edited text; after the vote that one is taken back first. An unchanged text is no edit. */
  function saveEdit() {
    const [editor, card] = [opened(), current()];
    if (!editor || !card) return;
    const box = editor.querySelector("textarea");
    const edit = box.value === box.defaultValue ? undefined : box.value;
    if (isDone(card)) {
      if (edit === undefined) return closeEditor();
      if (!undo(Number(card.dataset.card))) return;
      delete card.dataset.done;
      count("[data-left]", "left", 1);
      count("[data-mine]", "mine", -1);
    }
    if (vote(editor.dataset.say, { edit })) closeEditor(editor); // where it was not taken, the text stays under the cursor
  }

  let later = 0;
  document.addEventListener("input", (event) => {
    const box = event.target.closest("[data-editor] textarea");
    if (!box) return;
    clearTimeout(later);
    later = setTimeout(() => window.fdcDiff.show(box.nextElementSibling, box.defaultValue, box.value), 80);
  });

  // ---- The dock: criteria by digits, the reason in one line

  function openDock(on) {
    document.body.toggleAttribute("data-dock-open", on);
  }

  const criteria = [...dock.querySelectorAll("[data-criterion]")];
  const atCriterion = (at) => (criteria[at] ? criteria[at].querySelector("input:checked, input").focus() : document.activeElement?.blur());

  document.addEventListener("keydown", (event) => {
    const focus = document.activeElement;
    if (event.key === "Enter" && focus?.matches("[data-dock] input") && !event.isComposing) { event.preventDefault(); return focus.blur(); }
    const at = criteria.indexOf(focus?.closest?.("[data-criterion]"));
    const digit = /^(?:Digit|Numpad)([012])$/.exec(event.code)?.[1];
    if (at < 0 || digit === undefined || event.ctrlKey || event.altKey) return;
    event.preventDefault();
    criteria[at].querySelector(`[value="${{ 1: "left", 0: "tie", 2: "right" }[digit]}"]`).checked = true;
    atCriterion(at + 1);
  }, true);
  // A criterion chosen with the mouse gives the focus back, so that the keys go on working.
  dock.addEventListener("pointerup", () => setTimeout(() => { if (document.activeElement?.type === "radio") document.activeElement.blur(); }));

  // ---- Buttons

  document.addEventListener("submit", (event) => {
    if (event.target.matches("[data-decides]")) { event.preventDefault(); vote(event.submitter?.value || ""); }
    if (event.target.matches("[data-undoes]")) { event.preventDefault(); undo(); }
  });
  const DOES = {
    "[data-next-card]": next,
    "[data-pick]": () => current() && pick(true),
    "[data-edit-after]": () => openEditor(current(), current().dataset.done),
    "[data-leave]": () => { pick(false); const box = opened()?.querySelector("textarea"); if (box) box.value = box.defaultValue; closeEditor(); },
    "[data-save-edit]": saveEdit,
    "[data-criteria]": () => { openDock(true); atCriterion(0); },
    "[data-dock-button]": () => openDock(!document.body.hasAttribute("data-dock-open")),
    "[data-straight-button]": (button) => {
      desk.dataset.straight = straight() ? "0" : "1";
      document.cookie = `fdc_straight=${desk.dataset.straight}; path=/; max-age=31536000; samesite=lax`;
      for (const each of document.querySelectorAll("[data-straight-button]")) each.setAttribute("aria-pressed", String(straight()));
      button.closest("details")?.removeAttribute("open");
      if (straight()) next();
    },
  };
  document.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey) return;
    for (const [selector, does] of Object.entries(DOES)) {
      const button = event.target.closest(selector);
      if (!button) continue;
      event.preventDefault();
      does(button);
    }
  });

  begin({ show: inLine, receive, refused, note: noteOf, row, subject: "comparison" });
})();
