// Reports: the open finding is the marked row of its list, so that `j` and `k` go on from it.
"use strict";
(() => {
  const open = document.querySelector(".findings [aria-current]");
  if (!open) return;
  open.closest("[data-row]").classList.add("on");
  const list = open.closest(".findings");
  if (list.scrollHeight > list.clientHeight) list.scrollTop = open.offsetTop - list.offsetTop - list.clientHeight / 3;
})();
