// Ranking by keys, by drag and by numbers: the number fields hold the ranking, and all that is shown is read from them.
"use strict";
window.fdcRanking = (() => {
  const { text } = window.fdc;
  const strip = document.querySelector("[data-ranking]");
  const button = document.querySelector("form.vote [value=ranked]");
  const desk = document.querySelector("[data-desk]");
  const current = () => desk.querySelector("[data-card]:not([hidden])");
  const fieldsOf = (card) => [...card.querySelectorAll("[data-rank]")];
  const placeOf = (field) => Number(field.name.slice("rank_".length));

  /** Groups of places, the best first; equal numbers are a tie. */
  function groupsOf(card) {
    const groups = new Map();
    for (const field of fieldsOf(card)) {
      if (!field.value) continue;
      const rank = Number(field.value);
      groups.set(rank, [...(groups.get(rank) || []), placeOf(field)]);
    }
    return [...groups.entries()].sort(([one], [other]) => one - other).map(([, places]) => places);
  }

  /** Writes groups into the number fields, ranks counted 1, 2, 3 without gaps; who is in none has no number. */
  function write(card, groups) {
    const kept = groups.filter((group) => group.length);
    for (const field of fieldsOf(card)) {
      const at = kept.findIndex((group) => group.includes(placeOf(field)));
      field.value = at < 0 ? "" : String(at + 1);
    }
    show(card);
  }

  const without = (groups, place) => groups.map((group) => group.filter((each) => each !== place)).filter((group) => group.length);

  function put(card, place, { tie }) {
    const groups = without(groupsOf(card), place);
    if (tie && groups.length) groups.at(-1).push(place);
    else groups.push([place]);
    write(card, groups);
  }

  function takeLast(card) {
    const groups = groupsOf(card);
    groups.at(-1)?.pop();
    write(card, groups);
  }

  const complete = (card) => fieldsOf(card).every((field) => field.value);

  /** Brings strip, badges and button in line with the number fields of the card. */
  function show(card) {
    if (!strip || !card) return;
    const groups = groupsOf(card);
    const left = fieldsOf(card).map(placeOf).filter((place) => !groups.flat().includes(place));
    const parts = groups.flatMap((group, at) => [...(at ? [gap(at, "›")] : [gap(0, "")]), slot(group, at)]);
    strip.querySelector("[data-ranked]").replaceChildren(...parts, gap(groups.length, left.length && groups.length ? "›" : ""));
    strip.querySelector("[data-unranked]").replaceChildren(...left.map(chip));
    strip.querySelector("[data-unranked-words]").hidden = !left.length;
    for (const side of card.querySelectorAll("[data-place]")) {
      const at = groups.findIndex((group) => group.includes(Number(side.dataset.place)));
      side.classList.toggle("ranked", at >= 0);
      const badge = side.querySelector("[data-badge]");
      badge.textContent = groups[at]?.length > 1 ? text("rank {n}, tied", { n: at + 1 }) : text("rank {n}", { n: at + 1 });
      badge.hidden = at < 0;
    }
    if (button && !document.querySelector("form.vote[data-shut]")) button.disabled = left.length > 0;
  }

  function chip(place) {
    const made = document.createElement("span");
    made.className = "rank-chip";
    made.draggable = true;
    made.dataset.chip = String(place);
    made.textContent = String(place);
    return made;
  }

  function slot(group, at) {
    const made = document.createElement("span");
    made.className = "rank-slot";
    made.dataset.onto = String(at);
    made.append(...group.flatMap((place, number) => (number ? [" = ", chip(place)] : [chip(place)])));
    return made;
  }

  function gap(at, sign) {
    const made = document.createElement("span");
    made.className = "rank-gap";
    made.dataset.before = String(at);
    made.textContent = sign;
    return made;
  }

  // ---- Keys and buttons

  document.addEventListener("click", (event) => {
    const pressed = event.target.closest("[data-rank-next], [data-rank-tie], [data-rank-back], [data-rank-clear]");
    const card = current();
    if (!pressed || !card || "done" in card.dataset) return;
    event.preventDefault();
    const place = Number(pressed.dataset.rankNext || pressed.dataset.rankTie);
    if (place) put(card, place, { tie: "rankTie" in pressed.dataset });
    else if ("rankBack" in pressed.dataset) takeLast(card);
    else write(card, []);
  });
  document.addEventListener("change", (event) => { if (event.target.matches("[data-rank]")) show(current()); });

  // ---- Drag: onto a group is a tie with it, between groups is a rank of its own

  let dragged = 0;
  const target = (event) => event.target.closest?.("[data-onto], [data-before], [data-unranked]");
  document.addEventListener("dragstart", (event) => {
    const held = event.target.closest?.("[data-chip], [data-handle]");
    if (!held) return;
    dragged = Number(held.dataset.chip || held.dataset.handle);
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", String(dragged));
    document.body.toggleAttribute("data-dragging", true);
  });
  document.addEventListener("dragover", (event) => {
    if (!dragged || !target(event)) return;
    event.preventDefault();
    for (const each of strip.querySelectorAll(".over")) each.classList.remove("over");
    target(event).classList.add("over");
  });
  document.addEventListener("dragend", () => {
    dragged = 0;
    document.body.toggleAttribute("data-dragging", false);
    for (const each of strip?.querySelectorAll(".over") || []) each.classList.remove("over");
  });
  document.addEventListener("drop", (event) => {
    const place = target(event);
    const card = current();
    if (!place || !dragged || !card) return;
    event.preventDefault();
    const groups = groupsOf(card).map((group) => group.filter((each) => each !== dragged));
    if (place.dataset.onto) groups[Number(place.dataset.onto)].push(dragged);
    if (place.dataset.before) groups.splice(Number(place.dataset.before), 0, [dragged]);
    write(card, groups);
  });

  return { show, complete };
})();
