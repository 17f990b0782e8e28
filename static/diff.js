// What changed between two texts, word by word; each CJK character is a word. The same rules as fdc_project/web/differences.py.
"use strict";
window.fdcDiff = (() => {
  const WORD = /[A-Za-z0-9_\u00c0-\u024f]+|[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]|\s+|[\s\S]/gu;
  const FARTHEST = 3000; // edits beyond which two texts are shown as one replaced by the other

  /** Segments [kind, text] with kind "same", "removed" or "added". */
  function words(before, after) {
    if (before === after) return before ? [["same", before]] : [];
    const a = before.match(WORD) || [];
    const b = after.match(WORD) || [];
    let start = 0;
    while (start < a.length && start < b.length && a[start] === b[start]) start++;
    let endA = a.length, endB = b.length;
    while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) { endA--; endB--; }
    const middle = shortest(a.slice(start, endA), b.slice(start, endB));
    return joined([["same", a.slice(0, start)], ...middle, ["same", a.slice(endA)]]);
  }

  /** Myers' greedy algorithm (1986): the shortest edit script, found by growing the number of edits. */
  function shortest(a, b) {
    const most = Math.min(a.length + b.length, FARTHEST);
    const reach = new Int32Array(2 * most + 3); // how far each diagonal k came, at most + 1 + k
    const zero = most + 1;
    const trace = [];
    for (let edits = 0; edits <= most; edits++) {
      trace.push(reach.slice(zero - edits - 1, zero + edits + 2));
      for (let k = -edits; k <= edits; k += 2) {
        const down = k === -edits || (k !== edits && reach[zero + k - 1] < reach[zero + k + 1]);
        let x = down ? reach[zero + k + 1] : reach[zero + k - 1] + 1;
        while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++;
        reach[zero + k] = x;
        if (x >= a.length && x - k >= b.length) return walkedBack(trace, a, b);
      }
    }
    return [["removed", a], ["added", b]];
  }

  function walkedBack(trace, a, b) {
    const steps = [];
    let x = a.length, y = b.length;
    for (let edits = trace.length - 1; edits >= 0; edits--) {
      const reach = (k) => trace[edits][edits + 1 + k];
      const k = x - y;
      const down = k === -edits || (k !== edits && reach(k - 1) < reach(k + 1));
      const fromK = down ? k + 1 : k - 1;
      const fromX = edits ? reach(fromK) : 0, fromY = edits ? fromX - fromK : 0;
      while (x > fromX && y > fromY) { x--; y--; steps.push(["same", [a[x]]]); }
      if (!edits) break;
      if (down) { y--; steps.push(["added", [b[y]]]); } else { x--; steps.push(["removed", [a[x]]]); }
    }
    return steps.reverse();
  }

  function joined(segments) {
    const found = [];
    let removed = "", added = "";
    const flush = () => {
      if (removed) found.push(["removed", removed]);
      if (added) found.push(["added", added]);
      removed = added = "";
    };
    for (const [kind, list] of segments) {
      const text = list.join("");
      if (!text) continue;
      if (kind === "removed") removed += text;
      else if (kind === "added") added += text;
      else {
        flush();
        if (found.length && found.at(-1)[0] === "same") found.at(-1)[1] += text;
        else found.push(["same", text]);
      }
    }
    flush();
    return found;
  }

  /** Shows the difference in `place`, as text nodes inside <ins> and <del>; hides it when there is none. */
  function show(place, before, after) {
    place.hidden = before === after;
    if (place.hidden) return place.replaceChildren();
    place.replaceChildren(...words(before, after).map(([kind, text]) => {
      if (kind === "same") return document.createTextNode(text);
      const mark = document.createElement(kind === "added" ? "ins" : "del");
      mark.className = kind;
      mark.textContent = text;
      return mark;
    }));
  }

  return { words, show };
})();
