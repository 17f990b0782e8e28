// Everything in the page that untrusted text must never be able to bring about. Answers with one line for each find.
() => {
  const faults = [];
  const say = (what, element) => faults.push(`${what}: ${element.outerHTML.slice(0, 160)}`);
  const FORBIDDEN = "iframe, frame, object, embed, applet, portal, base, style, meta[http-equiv], audio, video, marquee, math[href], foreignObject";
  const OURS = /^\/(static|admin)\//;
  const MEDIUM = /^\/p\/[a-z0-9-]+\/media\/[0-9]+\/file$/;
  const own = (address) => new URL(address, location.href).origin === location.origin;

  function lookAt(element) {
    const inside = Boolean(element.parentElement?.closest("[hx-disable]"));
    for (const { name, value } of element.attributes) {
      if (/^on/i.test(name)) say("handler", element);
      if (/^(data-)?(hx|sse|ws)-/i.test(name)) {
        if (inside && name !== "hx-disable") say("htmx inside the fence", element);
        if (/fired|beacon|sign-out/.test(value)) say("htmx with a hostile value", element);
        if (!element.closest("[data-fdc-trusted]") && !["hx-disable", "hx-history"].includes(name)) say("htmx outside ours", element);
      }
      // A document's text is escaped, never rendered: the places in it are ours to link to.
      if (name === "id" && /^(at|page)-[0-9]+$/.test(value) && element.parentElement?.matches(".document-text")) continue;
      if (inside && /^(id|name|form|slot|ping|background|formaction|srcdoc)$/.test(name)) say(`attribute ${name}`, element);
      if (inside && name === "style" && (!element.closest(".math") || /url|fixed|absolute.*inset/.test(value))) say("style", element);
    }
    if (element.closest("svg, math") && !element.closest(".math, .chart, .funnel, .sparkline, .mark, svg[class], svg[role], .actions, #header, #content")) say("foreign markup", element);
    if (element.matches(FORBIDDEN) && !element.closest(".katex-mathml, .katex")) say("forbidden element", element);
    if (element.matches("script") && !OURS.test(element.getAttribute("src") || "") && element.type !== "application/json") say("script", element);
    if (element.matches("link") && !OURS.test(element.getAttribute("href") || "")) say("link", element);
    const shown = element.getAttribute("src") || "";
    if (element.matches("img") && !OURS.test(shown) && (element.closest(".rendered") || !MEDIUM.test(shown))) say("image", element);
    if (element.matches("form") && (!own(element.getAttribute("action") || "") || /fired|beacon/.test(element.getAttribute("action") || "") && !/%/.test(element.getAttribute("action")))) say("form", element);
    if (element.matches("a[href]")) lookAtLink(element, element.getAttribute("href"), Boolean(element.closest(".rendered")));
    if (inside && element.matches("button, input, select, textarea, form, dialog, details, template, canvas")) say("control inside the fence", element);
    if (element.closest(".rendered") && /\b(btn|pane|solid|loud|card|pill|person|banner)\b/.test(element.getAttribute("class") || "") && !element.matches(".rendered")) say("a class of ours", element);
  }

  function lookAtLink(link, href, rendered) {
    if (rendered) {
      if (!/^(https?:\/\/|mailto:)/i.test(href)) say("link that is no full address", link);
      if (!/noopener/.test(link.rel) || !/nofollow/.test(link.rel) || link.target !== "_blank") say("link without its rel", link);
    } else if (!/^https?:$/.test(link.protocol) || (!own(href) && (!/noopener/.test(link.rel) || /beacon|fired/.test(href)))) say("link of ours that leads elsewhere", link);
  }

  function walk(root) {
    for (const element of root.querySelectorAll("*")) {
      lookAt(element);
      if (element.matches("template")) walk(element.content);
    }
  }

  walk(document);
  if (window.firedTimes) faults.push(`fired ${window.firedTimes} times`);
  for (const each of window.cspReports || []) faults.push(`CSP report: ${each}`);
  return faults;
}
