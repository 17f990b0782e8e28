// The review page. A decision shows the next card at once and travels through the outbox; the answer brings the card after it.
"use strict";
(() => {
  const { text } = window.fdc;
  const outbox = window.fdcOutbox;
  const { desk, only, current, ids, show, aim, count, send, seconds } = window.fdcDesk;
  const bar = document.querySelector("form.decision");

  // ---- What is on the desk

  /** Brings bar, list and flag in line with the card that is shown. */
  function inLine(card) {
    bar.hidden = !card;
    if (!card) return;
    aim(bar, card, ["sample", "version", "revision"]);
    const flagged = card.dataset.flagged === "1";
    const flag = bar.querySelector("[data-flag]");
    const [on, off] = flag.dataset.words.split("|");
    flag.value = flagged ? "unflag" : "flag";
    flag.querySelector("span").textContent = flagged ? off : on;
    card.querySelector("[data-flag-pill]").hidden = !flagged;
    mark(card.dataset.card);
  }

  function mark(id) {
    const list = only("[data-list]");
    list.querySelector("[aria-current]")?.removeAttribute("aria-current");
    const row = list.querySelector(`[data-row="${id}"]`);
    row?.setAttribute("aria-current", "true");
    row?.scrollIntoView({ block: "nearest" });
  }

  /** Says in the list how a row stands: `kind` is a state, or "skip". The words stand on the list. */
  function settle(id, kind) {
    const list = only("[data-list]");
    const pill = list.querySelector(`[data-row="${id}"] [data-state]`);
    if (!pill || !list.dataset[kind]) return;
    pill.textContent = list.dataset[kind];
    pill.className = `pill ${{ approved: "ok", rejected: "bad" }[kind] || ""}`;
  }

  // ---- Saying something

  function fieldsOf(form, action, card) {
    const fields = { action, sample: card.dataset.card, version: card.dataset.version, revision: card.dataset.revision, key: outbox.newKey() };
    fields.seconds = seconds();
    if (form.matches(".editor")) for (const box of form.querySelectorAll("textarea")) fields[box.name] = box.value;
    return fields;
  }

  function decide(form, action) {
    const card = current();
    if (!card) return;
    const leaves = !["flag", "unflag", "edit"].includes(action);
    const fields = fieldsOf(form, action, card);
    fields.have = ids().filter((id) => !leaves || id !== Number(card.dataset.card)).join(",");
    const pair = form.elements.pair?.checked && action === "approve";
    if (pair) fields.pair = "1";
    if (!send(desk.dataset.decide, fields, Number(fields.sample))) return;
    if (form.matches(".editor")) edit(card, false);
    if (form.matches(".editor") && action === "approve") offerPair(pair ? null : fields.sample);
    if (leaves) {
      card.remove();
      settle(card.dataset.card, { approve: "approved", skip: "skip" }[action] || "rejected");
      count("[data-left]", "left", -1);
    } else if (action !== "edit") {
      card.dataset.flagged = action === "flag" ? "1" : "0";
    } else {
      card.setAttribute("aria-busy", "true");
    }
    if (leaves && action !== "skip") count("[data-today]", "today", 1);
    show();
  }

  // ---- A pair of the edit that was approved last: one key, as long as no other edit came after it

  let edited = null;

  function offerPair(sample) {
    edited = sample;
    only("[data-pair-last]").hidden = !edited;
    only("[data-pair-said]").textContent = "";
  }

  function pairOfEdit() {
    const url = desk.dataset.pair.replace("/0/", `/${edited}/`);
    if (edited && send(url, { do: "edit", sample: edited }, Number(edited))) offerPair(null);
  }

  outbox.listen((kind, detail) => {
    if (kind === "answer" && detail.answer.pair) only("[data-pair-said]").textContent = detail.answer.pair;
  });

  const undo = () => send(desk.dataset.undo, { key: outbox.newKey(), have: ids().join(","), sample: "0" }, 0);

  // ---- What the server answers

  function receive({ answer, undone }) {
    if (!undone) return;
    settle(answer.sample, answer.state);
    if (!edited || String(answer.sample) === String(edited)) offerPair(null);
    const decided = ["approve", "reject"].includes(answer.undid);
    if (decided || answer.undid === "skip") count("[data-left]", "left", 1);
    if (decided) count("[data-today]", "today", -1);
  }

  function refused({ entry, answer }) {
    if (answer.state) settle(entry.sample, answer.state);
  }

  const noteOf = (entry) => ({
    label: text("Row {id}", { id: entry.sample }),
    href: entry.url.replace(/review\/\w+(\?.*)?$/, `samples/${entry.sample}`),
  });

  // ---- Editing in place

  function edit(card, open) {
    const form = card.querySelector("form.editor");
    form.hidden = !open;
    card.classList.toggle("editing", open);
    document.body.classList.toggle("editing", open);
    if (!open) return;
    const output = form.elements.output;
    output.focus();
    output.setSelectionRange(output.value.length, output.value.length);
  }

  let later = 0;
  document.addEventListener("input", (event) => {
    const box = event.target.closest("[data-edit] textarea");
    if (!box) return;
    clearTimeout(later);
    later = setTimeout(() => window.fdcDiff.show(box.nextElementSibling, box.defaultValue, box.value), 80);
  });

  // ---- Buttons

  document.addEventListener("submit", (event) => {
    if (event.target.matches("[data-decides]")) { event.preventDefault(); decide(event.target, event.submitter.value); }
    if (event.target.matches("[data-undoes]")) { event.preventDefault(); undo(); }
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-pair-last]")) return pairOfEdit();
    const link = event.target.closest("[data-edit-card], [data-cancel-edit], [data-receipt-button]");
    if (!link || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    if (link.matches("[data-edit-card]") && current()) edit(current(), true);
    if (link.matches("[data-cancel-edit]")) edit(current(), false);
    if (link.matches("[data-receipt-button]")) desk.toggleAttribute("data-receipt-off");
  });

  window.fdcDesk.begin({ show: inLine, receive, refused, note: noteOf, row: (id) => id, subject: "sample" }).then(() => {
    if (desk.hasAttribute("data-editing") && current()) edit(current(), true);
  });
})();
