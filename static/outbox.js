// The outbox: decisions wait here until the server has confirmed them. First in, first out, one on its way at a time, kept in
// IndexedDB per person, sent again with the same key until there is an answer. Nothing leaves it unanswered.
"use strict";
window.fdcOutbox = (() => {
  const LIMIT = 20;
  const PAUSES = [500, 1000, 2000, 4000, 8000, 15000];
  const STORE = "waiting";
  const KEPT = "kept"; // texts of refused decisions, until the person has put them away
  const person = document.body.dataset.person || "0";
  const name = `fdc-outbox-${person}`;
  const listeners = [];
  let database = null;
  let waiting = [];
  let sending = false;
  let failures = 0;
  let timer = 0;
  let trouble = "";

  const tell = (kind, detail) => listeners.forEach((listener) => listener(kind, detail));

  function newKey() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  function opened() {
    return new Promise((resolve) => {
      const asked = indexedDB.open(name, 1);
      asked.onupgradeneeded = () => [STORE, KEPT].forEach((store) => asked.result.createObjectStore(store, { keyPath: "id", autoIncrement: true }));
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => resolve(null); // a private window without storage: the page's memory has to do
    });
  }

  function inStore(mode, work, name = STORE) {
    if (!database) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const transaction = database.transaction(name, mode);
      const asked = work(transaction.objectStore(name));
      transaction.oncomplete = () => resolve(asked.result);
      transaction.onabort = transaction.onerror = () => resolve(undefined);
    });
  }

  /** Reads what an earlier page left and begins to send it. Resolves to the entries found. */
  async function open() {
    database = await opened();
    waiting = [...((await inStore("readonly", (store) => store.getAll())) || []), ...waiting];
    for (const kept of (await inStore("readonly", (store) => store.getAll(), KEPT)) || []) tell("kept", kept);
    tell("count", waiting.length);
    send();
    return waiting.slice();
  }

  /** Takes an entry {url, fields, sample}, where `sample` names the row that it speaks of; returns false, and takes nothing, when 20 wait already. */
  function add(entry) {
    if (waiting.length >= LIMIT) { tell("full", { why: trouble, count: waiting.length }); return false; }
    waiting.push(entry);
    inStore("readwrite", (store) => store.put(entry)).then((id) => { if (id !== undefined) entry.id = id; });
    tell("count", waiting.length);
    send();
    return true;
  }

  /** Later entries on the same row speak of the row as the answer left it. */
  function carryOn(entry, answer) {
    for (const other of waiting) {
      if (other.sample !== entry.sample || !("version" in other.fields)) continue;
      other.fields.version = String(answer.version);
      if ("revision" in other.fields) other.fields.revision = String(answer.revision);
    }
  }

  /** Keeps the text of a refused decision over reloads; resolves to the number to put it away by. */
  const keep = (note) => inStore("readwrite", (store) => store.put(note), KEPT);
  const putAway = (id) => inStore("readwrite", (store) => store.delete(id), KEPT);

  async function done(entry) {
    waiting = waiting.filter((other) => other !== entry);
    if (entry.id !== undefined) await inStore("readwrite", (store) => store.delete(entry.id));
    tell("count", waiting.length);
  }

  async function send() {
    if (sending || !waiting.length) return;
    sending = true;
    clearTimeout(timer);
    try {
      while (waiting.length) if (!(await sendFirst())) break;
    } finally {
      sending = false;
    }
  }

  /** Sends the oldest entry; false when the rest has to wait. */
  async function sendFirst() {
    const entry = waiting[0];
    const response = await post(entry);
    const answer = response && (await response.json().catch(() => null));
    if (!response || response.status >= 500 || response.status === 429) return again("unreachable");
    if (response.type === "opaqueredirect" || response.status === 401) return again("signed_out");
    if (!answer) return response.status === 403 ? again("signed_out") : again("unreachable");
    calm();
    if (response.ok) carryOn(entry, answer);
    await done(entry);
    tell(response.ok ? "answer" : "refused", { entry, answer, status: response.status });
    return true;
  }

  async function post(entry) {
    const stop = new AbortController();
    const limit = setTimeout(() => stop.abort(), 15000);
    try {
      return await fetch(entry.url, {
        method: "POST",
        body: new URLSearchParams(entry.fields),
        headers: { Accept: "application/json", "X-CSRFToken": token() },
        credentials: "same-origin",
        redirect: "manual",
        signal: stop.signal,
        keepalive: entry.small,
      });
    } catch {
      return null;
    } finally {
      clearTimeout(limit);
    }
  }

  // The cookie is newer than the page when somebody signed in again in another tab.
  const token = () => /(?:^|;\s*)(?:__Host-)?csrftoken=([^;]+)/.exec(document.cookie)?.[1] || window.fdc.csrf();

  function again(why) {
    trouble = why;
    const pause = PAUSES[Math.min(failures++, PAUSES.length - 1)];
    timer = setTimeout(send, pause);
    tell("trouble", { why, count: waiting.length });
    return false;
  }

  function calm() {
    failures = 0;
    if (trouble) { trouble = ""; tell("calm"); }
  }

  /** Forgets everything: somebody signs out. Resolves once it is gone. */
  async function clear() {
    clearTimeout(timer);
    waiting = [];
    for (const store of [STORE, KEPT]) await inStore("readwrite", (each) => each.clear(), store);
    database?.close();
    database = null;
    await window.fdc.forget(name);
  }

  window.addEventListener("online", () => { failures = 0; send(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden && trouble) send(); });
  window.addEventListener("beforeunload", (event) => { if (trouble && waiting.length) event.preventDefault(); });

  return {
    LIMIT, open, add, send, clear, newKey, keep, putAway,
    listen: (listener) => listeners.push(listener),
    count: () => waiting.length,
    waitsFor: (sample) => waiting.some((entry) => entry.sample === sample),
  };
})();
