// Search, filters, copy buttons, and links that open what they lead to. Every text comes from the
// page, and nothing that the page shows is ever made into markup here.
"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  document.documentElement.classList.add("scripted");

  // -- search and filters

  const menus = { i: byId("idp"), v: byId("verdict"), l: byId("level"), a: byId("area") };
  const search = byId("search");
  const clear = byId("clear");
  const shown = byId("shown");
  const words = (text) => text.toLowerCase().split(/\s+/).filter(Boolean);
  const plain = (element) => element === null ? "" : element.textContent;

  // What a reader searches in: what an entry says, not the bodies of its exchanges.
  const textOf = (element) => element.localName === "details"
    ? [":scope > summary", ":scope > .tags", ":scope > .facts"]
      .map((part) => plain(element.querySelector(part))).join(" ")
    : plain(element);
  const headOf = (cause) => [":scope > header", ":scope > .facts"]
    .map((part) => plain(cause.querySelector(part))).join(" ");

  const heads = new Map();
  const entries = [...document.querySelectorAll("[data-v]")].map((element) => ({
    element,
    cause: element.closest(".cause"),
    group: element.closest(".group"),
    part: element.closest(".part"),
    areas: new Set(element.dataset.a.split(" ")),
    text: null,
  }));
  const places = (kind) => [...new Set(entries.map((each) => each[kind]).filter(Boolean))];
  const holders = { cause: places("cause"), group: places("group"), part: places("part") };
  const opened = new Set();

  const matches = (entry, wanted, queried) => {
    const marks = entry.element.dataset;
    if (wanted.i && marks.i !== wanted.i || wanted.v && marks.v !== wanted.v) return false;
    if (wanted.l && marks.l !== wanted.l || wanted.a && !entry.areas.has(wanted.a)) return false;
    if (queried.length === 0) return true;
    entry.text ??= textOf(entry.element).toLowerCase();
    if (entry.cause && !heads.has(entry.cause)) {
      heads.set(entry.cause, headOf(entry.cause).toLowerCase());
    }
    const head = entry.cause ? heads.get(entry.cause) : "";
    return queried.every((word) => entry.text.includes(word) || head.includes(word));
  };

  const fill = (text, values) =>
    text.replace(/\{(shown|all)\}/g, (_, name) => values[name].toLocaleString("en"));

  const apply = () => {
    const wanted = Object.fromEntries(Object.entries(menus).map(([key, menu]) => [key, menu.value]));
    const queried = words(search.value);
    const narrowed = queried.length > 0 || Object.values(wanted).some(Boolean);
    const alive = new Set();
    let count = 0;
    for (const entry of entries) {
      const fits = !narrowed || matches(entry, wanted, queried);
      if (entry.element.hidden === fits) entry.element.hidden = !fits;
      if (!fits) continue;
      count += 1;
      for (const kind of ["cause", "group", "part"]) alive.add(entry[kind]);
    }
    for (const kind of ["cause", "group", "part"]) {
      for (const place of holders[kind]) place.hidden = !alive.has(place);
    }
    for (const place of opened) place.open = false;
    opened.clear();
    for (const place of narrowed ? holders.group : []) {
      if (place.hidden || place.open) continue;
      place.open = true;
      opened.add(place);
    }
    const { all, some, none } = shown.dataset;
    const text = narrowed ? (count ? some : none) : all;
    shown.textContent = fill(text, { shown: count, all: entries.length });
    clear.hidden = !narrowed;
  };

  const reset = () => {
    search.value = "";
    for (const menu of Object.values(menus)) menu.value = "";
    apply();
  };

  let waiting = 0;
  search.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(apply, 120);
  });
  for (const menu of Object.values(menus)) menu.addEventListener("change", apply);
  clear.addEventListener("click", () => {
    reset();
    search.focus();
  });

  // -- links within the page

  const placeOf = (hash) => {
    try {
      return byId(decodeURIComponent(hash.slice(1)));
    } catch {
      return null;  // not every address is well written
    }
  };

  const reveal = () => {
    const place = location.hash.length > 1 ? placeOf(location.hash) : null;
    if (place === null) return;
    if (place.closest("[hidden]")) reset();
    for (let each = place; each; each = each.parentElement) {
      if (each.localName === "details") {
        each.open = true;
        opened.delete(each);
      }
    }
    place.scrollIntoView({ block: "start" });
    if (!place.hasAttribute("tabindex")) place.tabIndex = -1;
    place.focus({ preventScroll: true });
  };
  addEventListener("hashchange", reveal);
  addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    // The same place again changes no address, so nobody else would hear of it.
    if (link && link.hash === location.hash) setTimeout(reveal);
  });

  // -- copying

  const copied = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return false;  // a page from disk is often not allowed to
    }
  };

  const select = (element) => {
    const range = document.createRange();
    range.selectNodeContents(element);
    const selection = getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
  };

  addEventListener("click", async (event) => {
    const button = event.target.closest("button.copy");
    if (!button) return;
    const code = button.parentElement.querySelector("code");
    let done = await copied(code.textContent);
    if (!done) {
      select(code);
      done = document.execCommand("copy");
    }
    const { copied: yes, select: no } = document.body.dataset;
    const label = button.dataset.label ?? button.textContent;
    button.dataset.label = label;
    button.textContent = done ? yes : no;
    byId("said").textContent = done ? yes : no;
    setTimeout(() => {
      button.textContent = label;
      byId("said").textContent = "";
    }, 2500);
  });

  // -- paper: what shows a finding is printed with it

  let forPaper = [];
  addEventListener("beforeprint", () => {
    forPaper = [...document.querySelectorAll(".cause details.evidence, .cause details.cases")]
      .filter((each) => !each.open);
    for (const each of forPaper) each.open = true;
  });
  addEventListener("afterprint", () => {
    for (const each of forPaper) each.open = false;
    forPaper = [];
  });

  apply();
  reveal();
})();
