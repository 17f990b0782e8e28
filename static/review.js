// The review page. A decision shows the next card at once and travels through the outbox; the answer brings the card after it.
"use strict";
(() => {
  const { text } = window.fdc;
  const outbox = window.fdcOutbox;
  const desk = document.querySelector("[data-desk]");
  const table = desk.querySelector(".desk");
  const bar = document.querySelector("form.decision");
  const cards = () => [...desk.querySelectorAll("[data-card]")];
  const current = () => cards().find((card) => !card.hidden) || null;
  const ids = () => cards().map((card) => Number(card.dataset.card));
  const only = (selector) => document.querySelector(selector);
  let shownAt = performance.now();
  let last = null;

  // ---- What is on the desk

  /** Shows the first card and brings bar, list and status in line with it. */
  function show() {
    const [first, ...rest] = cards();
    rest.forEach((card) => { card.hidden = true; });
    if (first) first.hidden = false;
    const travelling = outbox.count() > 0;
    only("[data-wait]").hidden = Boolean(first) || !travelling;
    only("[data-empty]").hidden = Boolean(first) || travelling;
    bar.hidden = !first;
    only("[data-next]").textContent = rest.length ? text("next row is ready") : "";
    if (!first) return;
    aim(bar, first);
    const flagged = first.dataset.flagged === "1";
    const flag = bar.querySelector("[data-flag]");
    const [on, off] = flag.dataset.words.split("|");
    flag.value = flagged ? "unflag" : "flag";
    flag.querySelector("span").textContent = flagged ? off : on;
    first.querySelector("[data-flag-pill]").hidden = !flagged;
    mark(first.dataset.card);
    window.fdcMath?.(first);
    if (first !== last) settleOn(first);
    shownAt = performance.now();
  }

  /** A new card begins at its top and has the focus, so that the arrow keys scroll it and a screen reader reads it. */
  function settleOn(card) {
    last = card;
    const middle = card.querySelector(".middle");
    middle.scrollTop = 0;
    const focus = document.activeElement;
    if (!focus || focus === document.body || focus.matches(".middle")) middle.focus({ preventScroll: true });
  }

  /** Fills a form's hidden fields with what the person sees. */
  function aim(form, card) {
    form.elements.sample.value = card.dataset.card;
    form.elements.version.value = card.dataset.version;
    form.elements.revision.value = card.dataset.revision;
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

  function count(selector, key, step) {
    const place = only(selector);
    const number = Math.max(0, Number(place.dataset[key]) + step);
    place.dataset[key] = String(number);
    place.textContent = number.toLocaleString(document.documentElement.lang);
  }

  // ---- Saying something

  function fieldsOf(form, action, card) {
    const fields = { action, sample: card.dataset.card, version: card.dataset.version, revision: card.dataset.revision, key: outbox.newKey() };
    fields.seconds = ((performance.now() - shownAt) / 1000).toFixed(2);
    if (form.matches(".editor")) for (const box of form.querySelectorAll("textarea")) fields[box.name] = box.value;
    return fields;
  }

  function decide(form, action) {
    const card = current();
    if (!card) return;
    const leaves = !["flag", "unflag", "edit"].includes(action);
    const fields = fieldsOf(form, action, card);
    fields.have = ids().filter((id) => !leaves || id !== Number(card.dataset.card)).join(",");
    if (!send(desk.dataset.decide, fields)) return;
    if (form.matches(".editor")) edit(card, false);
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

  function send(url, fields) {
    const small = JSON.stringify(fields).length < 50000;
    return outbox.add({ url, fields, small, sample: Number(fields.sample) });
  }

  function undo() {
    send(desk.dataset.undo, { key: outbox.newKey(), have: ids().join(","), sample: "0" });
  }

  // ---- What the server answers

  function receive({ entry, answer }) {
    if (answer.desk) lay(answer, entry);
    if (entry.url === desk.dataset.undo && answer.saved) {
      settle(answer.sample, answer.state);
      const decided = ["approve", "reject"].includes(answer.undid);
      if (decided || answer.undid === "skip") count("[data-left]", "left", 1);
      if (decided) count("[data-today]", "today", -1);
    }
    const card = desk.querySelector(`[data-card="${answer.sample}"]`);
    if (card && answer.saved) Object.assign(card.dataset, { version: answer.version, revision: answer.revision });
    show();
  }

  /** Puts new cards behind those that are there; after an undo or an edit the row itself comes back in front. */
  function lay(answer, entry) {
    const front = entry.url === desk.dataset.undo && answer.saved ? String(answer.sample) : null;
    for (const id of answer.desk) {
      const html = answer.cards[id];
      if (!html || outbox.waitsFor(id)) continue;
      const card = document.createRange().createContextualFragment(html).querySelector("[data-card]");
      window.fdc.keys.apply(card);
      const old = desk.querySelector(`[data-card="${id}"]`);
      if (old && String(id) !== front) { old.replaceWith(card); continue; }
      old?.remove();
      if (String(id) === front) table.prepend(card);
      else only("[data-wait]").before(card);
    }
    for (const card of cards().slice(2)) card.remove();
    if (answer.desk.length && !cards().length && !outbox.count()) location.reload(); // another page took them: ask anew
  }

  function refuse({ entry, answer, status }) {
    if (answer.desk) receive({ entry, answer });
    else show();
    if (answer.code === "nothing_to_undo") return window.fdc.loud(answer.message, "outbox-note");
    const note = { sample: entry.sample, own: entry.fields.output || "", message: answer.message || text("The server refused it ({status}).", { status }) };
    if (answer.state) settle(entry.sample, answer.state);
    if (note.own) outbox.keep(note).then((id) => tellKept({ ...note, id }));
    else tellKept(note);
  }

  /** Shows what was refused and why, with the person's own text, until it is dismissed. */
  function tellKept(note) {
    const panel = only("#conflict-template").content.firstElementChild.cloneNode(true);
    const link = panel.querySelector("a");
    panel.querySelector("b").textContent = note.message;
    link.textContent = text("Row {id}", { id: note.sample });
    link.href = location.pathname.replace(/review$/, `samples/${note.sample}`);
    const own = panel.querySelector("textarea");
    own.value = note.own;
    own.hidden = !note.own;
    if (note.id) panel.dataset.kept = note.id;
    only("[data-conflicts]").append(panel);
  }

  outbox.listen((kind, detail) => {
    if (kind === "answer") receive(detail);
    if (kind === "refused") refuse(detail);
    if (kind === "kept") tellKept(detail);
    if (kind === "count") only("[data-saved]").textContent = detail ? text("Saving {count} …", { count: detail }) : text("All saved");
    if (kind === "full" || kind === "trouble") barOf(detail);
    if (kind === "calm") window.fdc.quiet("outbox");
  });

  /** The red bar: how much waits, why, and whether the page still takes decisions. */
  function barOf({ why, count }) {
    const said = [text("NOT SAVED YET: {count}.", { count })];
    if (count >= outbox.LIMIT) said.push(text("The page takes no more until they are saved."));
    if (why === "signed_out") said.push(text("You are signed out, or may no longer review here. Sign in in another tab; it goes on by itself."));
    else said.push(text("No answer from the server. It is tried again and again; keep this page open."));
    window.fdc.loud(said.join(" "), "outbox");
  }

  function dismiss(panel) {
    if (panel.dataset.kept) outbox.putAway(Number(panel.dataset.kept));
    panel.remove();
  }

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
    const link = event.target.closest("[data-edit-card], [data-cancel-edit], [data-raw], [data-receipt-button], [data-dismiss], [data-guidelines]");
    if (!link || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    if (link.matches("[data-edit-card]") && current()) edit(current(), true);
    if (link.matches("[data-cancel-edit]")) edit(current(), false);
    if (link.matches("[data-raw]")) link.setAttribute("aria-pressed", String(desk.toggleAttribute("data-raw-on")));
    if (link.matches("[data-receipt-button]")) desk.toggleAttribute("data-receipt-off");
    if (link.matches("[data-dismiss]")) dismiss(link.closest(".conflict"));
    if (link.matches("[data-guidelines]")) only("#guidelines").showModal();
  });

  // ---- Start: what an earlier page left unsent goes out first; the cards that it speaks of are not shown again

  outbox.open().then((left) => {
    const spoken = new Set(left.map((entry) => entry.sample));
    for (const card of cards()) if (spoken.has(Number(card.dataset.card))) card.remove();
    show();
    if (desk.hasAttribute("data-editing") && current()) edit(current(), true);
  });
})();
