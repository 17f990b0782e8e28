// Answers beside each other: what stands only on one side, scrolling together, one under the other, and which were seen.
"use strict";
window.fdcAnswers = (() => {
  const desk = document.querySelector("[data-desk]");
  const narrow = window.matchMedia("(max-width: 720px)");
  const BLOCKS = "p, li, pre, td, th, blockquote, h1, h2, h3, h4, h5, h6";
  const placed = new WeakMap(); // where a pane was put by us: its scroll event asks for nothing
  const sidesOf = (card) => [...card.querySelectorAll("[data-place]")];
  const panesOf = (card) => [...card.querySelectorAll("[data-scroller]")];

  // ---- What stands only on one side

  /** The text of `root` with its text nodes and where each begins; the end of a block ends a word. Set math is left out. */
  function read(root) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    const nodes = [];
    let text = "", block = null;
    while (walker.nextNode()) {
      const node = walker.currentNode;
      if (node.parentElement.closest(".math[data-set='1']")) continue;
      const inside = node.parentElement.closest(BLOCKS);
      if (block && inside !== block) text += "\n";
      block = inside;
      nodes.push([node, text.length]);
      text += node.data;
    }
    return { nodes, text };
  }

  /** The stretches [from, to] of each text that the other lacks; stretches with only space between them become one. */
  function onlyThere(left, right) {
    const found = [[], []];
    const at = [0, 0];
    for (const [kind, words] of window.fdcDiff.words(left, right)) {
      for (const side of [0, 1]) {
        if (kind === (side ? "removed" : "added")) continue;
        if (kind !== "same") found[side].push([at[side], at[side] + words.length]);
        at[side] += words.length;
      }
    }
    return found.map((stretches, side) => stretches.reduce((joined, [from, to]) => {
      const before = joined.at(-1);
      if (before && !(side ? right : left).slice(before[1], from).trim()) before[1] = to;
      else joined.push([from, to]);
      return joined;
    }, []));
  }

  function mark({ nodes }, stretches) {
    for (const [node, begin] of nodes) {
      const end = begin + node.data.length;
      for (const [from, to] of stretches.filter((each) => each[0] < end && each[1] > begin).reverse()) {
        const part = node.splitText(Math.max(from - begin, 0));
        part.splitText(Math.min(to, end) - Math.max(from, begin));
        if (!part.data.trim()) continue;
        const only = document.createElement("mark");
        only.className = "only";
        part.replaceWith(only);
        only.append(part);
      }
    }
  }

  function unmark(card) {
    for (const only of card.querySelectorAll("mark.only")) {
      const around = only.parentNode;
      only.replaceWith(...only.childNodes);
      around.normalize();
    }
    delete card.dataset.marked;
  }

  /** Marks on both sides what only they have, or takes the marks away, as the page is set. */
  function difference(card) {
    const wanted = desk.hasAttribute("data-diff-on");
    const [left, right] = sidesOf(card);
    if (wanted === "marked" in card.dataset || !right) return;
    if (!wanted) return unmark(card);
    for (const how of [".main-text", ".as-is"]) {
      const texts = [left, right].map((side) => read(side.querySelector(how)));
      const stretches = onlyThere(texts[0].text, texts[1].text);
      texts.forEach((each, side) => mark(each, stretches[side]));
    }
    card.dataset.marked = "";
  }

  // ---- Scrolling together

  function follow(event) {
    const pane = event.target;
    if (!desk.hasAttribute("data-together") || narrow.matches || !pane.matches?.("[data-scroller]")) return;
    if (Math.abs((placed.get(pane) ?? -9) - pane.scrollTop) < 2) return;
    placed.delete(pane);
    const share = pane.scrollTop / Math.max(1, pane.scrollHeight - pane.clientHeight);
    for (const other of panesOf(pane.closest("[data-card]"))) {
      if (other === pane) continue;
      other.scrollTop = share * (other.scrollHeight - other.clientHeight);
      placed.set(other, other.scrollTop);
    }
  }

  /** The longest answer has the focus, because the arrow keys scroll the one that has it. */
  function settle(card) {
    const panes = panesOf(card);
    if (!card.isConnected || card.hidden || !panes.length) return;
    const held = document.activeElement;
    const longest = panes.reduce((best, pane) => (pane.scrollHeight > best.scrollHeight ? pane : best), panes[0]);
    for (const pane of panes) pane.classList.toggle("middle", pane === longest);
    if (panes.includes(held) && held !== longest) longest.focus({ preventScroll: true });
  }

  // ---- On a phone one answer is seen at a time

  const watcher = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) if (isIntersecting) see(target);
  }, { threshold: 0.6 });

  function see(side) {
    const card = side.closest("[data-card]");
    side.dataset.seen = "";
    const tab = card.querySelector(`[data-tab="${side.dataset.place}"]`);
    for (const each of card.querySelectorAll("[data-tab]")) each.setAttribute("aria-pressed", String(each === tab));
    if (tab) tab.dataset.seen = "";
    document.dispatchEvent(new CustomEvent("fdc:seen", { detail: card }));
  }

  const watch = (card) => sidesOf(card).forEach((side) => watcher.observe(side));
  const allSeen = (card) => !narrow.matches || sidesOf(card).every((side) => "seen" in side.dataset);

  document.addEventListener("scroll", follow, true);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-diff], [data-together-button], [data-stack], [data-tab]");
    if (!button || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const card = desk.querySelector("[data-card]:not([hidden])");
    if (button.matches("[data-tab]")) card.querySelector(`[data-place="${button.dataset.tab}"]`).scrollIntoView({ inline: "start", block: "nearest", behavior: "smooth" });
    if (button.matches("[data-stack]")) button.setAttribute("aria-pressed", String(desk.toggleAttribute("data-stacked")));
    if (button.matches("[data-together-button]")) button.setAttribute("aria-pressed", String(desk.toggleAttribute("data-together")));
    if (!button.matches("[data-diff]")) return;
    const on = desk.toggleAttribute("data-diff-on");
    for (const each of document.querySelectorAll("[data-diff]")) each.setAttribute("aria-pressed", String(on));
    if (card) difference(card);
  });

  return { sidesOf, settle, difference, watch, allSeen };
})();
