// The desk, which the pages of decisions share: the cards on it, the count of what travels, the red bar, what was refused.
// A page begins it with what differs: how it is brought in line with its card, and what it does with an answer.
"use strict";
window.fdcDesk = (() => {
  const { text } = window.fdc;
  const outbox = window.fdcOutbox;
  const only = (selector) => document.querySelector(selector);
  const desk = only("[data-desk]");
  const table = desk.querySelector(".desk");
  const cards = () => [...desk.querySelectorAll("[data-card]")];
  const current = () => cards().find((card) => !card.hidden) || null;
  const waiting = () => cards().filter((card) => !("done" in card.dataset));
  const ids = () => waiting().map((card) => Number(card.dataset.card));
  const addresses = [desk.dataset.decide, desk.dataset.undo].map((url) => url.split("?")[0]);
  const ours = (entry) => addresses.includes(entry.url.split("?")[0]);
  let page = {};
  let last = null;
  let shownAt = performance.now();

  /** Shows the first card and brings what stands around it in line; a card that is done stays until it is put away. */
  function show() {
    const [first, ...rest] = cards();
    rest.forEach((card) => { card.hidden = card.inert = true; });
    if (first) first.hidden = first.inert = false;
    const travelling = outbox.count() > 0;
    only("[data-wait]").hidden = Boolean(first) || !travelling;
    only("[data-empty]").hidden = Boolean(first) || travelling;
    only("[data-next]").textContent = rest.length ? text("next row is ready") : "";
    page.show(first || null);
    if (!first) return;
    window.fdcMath?.(first);
    if (first !== last) settleOn(first);
  }

  /** A new card begins at its top and has the focus, so that the arrow keys scroll it and a screen reader reads it. */
  function settleOn(card) {
    last = card;
    shownAt = performance.now();
    const middle = card.querySelector(".middle");
    middle.scrollTop = 0;
    const focus = document.activeElement;
    if (!focus || focus === document.body || focus.matches(".middle")) middle.focus({ preventScroll: true });
  }

  /** Fills a form's hidden fields with what the person sees. */
  function aim(form, card, names) {
    for (const name of names) form.elements[name].value = card.dataset[name] ?? card.dataset.card;
  }

  const seconds = () => ((performance.now() - shownAt) / 1000).toFixed(2);

  function count(selector, key, step) {
    const place = only(selector);
    if (!place) return;
    const number = Math.max(0, Number(place.dataset[key]) + step);
    place.dataset[key] = String(number);
    place.textContent = number.toLocaleString(document.documentElement.lang);
    const bar = place.closest(".yours")?.querySelector("progress");
    if (bar && key === "mine") bar.value = number;
  }

  /** Hands what the person said to the outbox; false when it takes no more. `row` is what it speaks of. */
  function send(url, fields, row) {
    const small = JSON.stringify(fields).length < 50000;
    return outbox.add({ url, fields, small, sample: row });
  }

  /** Puts new cards behind those that are there; `front` is the id of one that comes back to the top, or null. */
  function lay(answer, front) {
    for (const id of answer.desk) {
      const html = answer.cards[id];
      if (!html || outbox.waitsFor(page.row(id))) continue;
      const card = document.createRange().createContextualFragment(html).querySelector("[data-card]");
      window.fdc.keys.apply(card);
      const old = desk.querySelector(`[data-card="${id}"]`);
      if (old && String(id) !== front) { old.replaceWith(card); continue; }
      old?.remove();
      if (String(id) === front) table.prepend(card);
      else only("[data-wait]").before(card);
    }
    for (const card of waiting().slice(2)) card.remove();
    if (answer.desk.length && !cards().length && !outbox.count()) location.reload(); // another page took them: ask anew
  }

  function receive({ entry, answer }) {
    if (!ours(entry)) return; // an earlier page said it, elsewhere
    const undone = entry.url === desk.dataset.undo && answer.saved;
    if (answer.desk) lay(answer, undone ? String(answer[page.subject]) : null);
    const card = desk.querySelector(`[data-card="${answer[page.subject]}"]`);
    if (card && answer.saved) Object.assign(card.dataset, { version: answer.version, revision: answer.revision ?? "" });
    page.receive?.({ entry, answer, undone, card });
    show();
  }

  function refuse({ entry, answer, status }) {
    if (answer.desk) receive({ entry, answer });
    else show();
    if (answer.code === "nothing_to_undo") return window.fdc.loud(answer.message, "outbox-note");
    const note = { own: ownWords(entry.fields), message: answer.message || text("The server refused it ({status}).", { status }) };
    if (ours(entry)) { Object.assign(note, page.note(entry)); page.refused?.({ entry, answer }); }
    if (note.own) outbox.keep(note).then((id) => tellKept({ ...note, id }));
    else tellKept(note);
  }

  const ownWords = (fields) => fields.output || [fields.edit, fields.note].filter(Boolean).join("\n\n");

  /** Shows what was refused and why, with the person's own text, until it is dismissed. */
  function tellKept(note) {
    const panel = only("#conflict-template").content.firstElementChild.cloneNode(true);
    const link = panel.querySelector("a");
    panel.querySelector("b").textContent = note.message;
    link.textContent = note.label || "";
    link.hidden = !note.href;
    if (note.href) link.href = note.href;
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

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-raw], [data-dismiss], [data-guidelines]");
    if (!link || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    if (link.matches("[data-raw]")) link.setAttribute("aria-pressed", String(desk.toggleAttribute("data-raw-on")));
    if (link.matches("[data-dismiss]")) dismiss(link.closest(".conflict"));
    if (link.matches("[data-guidelines]")) only("#guidelines").showModal();
  });

  /** Starts: what an earlier page left unsent goes out first, and the cards that it speaks of are not shown again. */
  async function begin(what) {
    page = what;
    const spoken = new Set((await outbox.open()).map((entry) => entry.sample));
    for (const card of cards()) if (spoken.has(page.row(Number(card.dataset.card)))) card.remove();
    show();
  }

  return { desk, only, cards, current, ids, show, aim, seconds, count, send, begin };
})();
