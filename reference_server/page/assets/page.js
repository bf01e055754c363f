"use strict";
// Everything that comes from the server is put in as text; nothing here writes markup.
(() => {
  const EACH = 1500, SLOW = 15000, KEPT = 300, PAGES = 10;
  const { path, token, watches } = document.body.dataset;
  const find = (id) => document.getElementById(id);
  const lists = {};
  let said = 0, after = 0, paused = false, stopped = false, behind = true, looked = 0, rest = 0, wait = EACH;

  // What cannot be seen is written out; a name cannot turn round the text beside it.
  const visible = (text) => String(text).replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, (each) =>
    each === "\u200d" || each === "\n" || each === "\t" ? each : `\\u{${each.codePointAt(0).toString(16)}}`);
  const oneLine = (text) => visible(text).replace(/\n/g, "\\n").replace(/\t/g, "\\t");

  function el(tag, classes, content, attributes = {}) {
    const made = document.createElement(tag);
    if (classes) made.className = classes;
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    if (typeof content === "string") made.textContent = content;
    else if (content) made.append(...content);
    return made;
  }

  async function ask(place, fields) {
    const options = { credentials: "same-origin", cache: "no-store", redirect: "error" };
    if (fields) Object.assign(options, { method: "POST", body: new URLSearchParams({ ...fields, token }) });
    const reply = await fetch(`${path}/${place}`, options);
    const told = await reply.json().catch(() => ({}));
    if (reply.status === 401) {
      stopped = true;
      state("signed out", "lost");
      say("You are signed out. Load the page again to sign in.");
    }
    if (!reply.ok) throw Object.assign(new Error(told.message || told.detail || `status ${reply.status}`), { told: true });
    return told;
  }

  function say(words, good = false) {
    const banner = find("banner");
    banner.hidden = !words;
    banner.classList.toggle("good", good);
    banner.textContent = words ? visible(words) : "";
    clearTimeout(said);
    if (good) said = setTimeout(() => say(""), 10000);
  }

  function state(words, kind = "") {
    const shown = find("state");
    if (shown.textContent !== words) shown.textContent = words;
    shown.className = `state ${kind}`;
  }

  // A row that opens: a button, and below it what a question to the server answers.
  function row(kind, parts, open) {
    const line = el("button", "line", parts, { type: "button", "aria-expanded": "false" });
    const item = el("li", kind, [line]);
    let detail = null;
    line.addEventListener("click", async () => {
      if (detail) { detail.remove(); detail = null; } else {
        detail = el("div", "detail", [el("p", "note", "…")]);
        item.append(detail);
        const mine = detail;
        try { mine.replaceChildren(...await open()); }
        catch (fault) { mine.replaceChildren(el("p", "note", visible(fault.message))); }
      }
      item.classList.toggle("open", !!detail);
      line.setAttribute("aria-expanded", String(!!detail));
    });
    item.words = line.textContent.toLowerCase();
    return item;
  }

  const chip = (text, kind = "") => el("span", `chip ${kind}`, oneLine(text), { title: visible(text) });

  function personRow(person) {
    const title = person.display || person.name;
    const under = [...new Set([person.name, person.email])].filter((each) => each && each !== title);
    const chips = person.groups.map((each) => chip(each));
    if (person.status === "inactive") chips.unshift(chip("inactive", "off"));
    if (person.status === "pending") chips.unshift(chip("pending", "wait"));
    const dot = el("span", "dot", "", { role: "img", "aria-label": person.status });
    const what = [el("span", "name", oneLine(title)), el("span", "under", oneLine(under.join(" · "))), facts(person)];
    return row(person.status, [dot, el("span", "what", what), el("span", "chips", chips)], () => record(person.id));
  }

  const facts = ({ facts: pairs }) =>
    el("span", "under facts", pairs.map(([label, value]) => el("span", "", oneLine(`${label}: ${value}`))));

  function groupRow(group) {
    const size = `${group.size.toLocaleString("en")}${group.or_more ? "+" : ""} member${group.size === 1 ? "" : "s"}`;
    const chips = group.members.map((each) => chip(each));
    if (group.size > group.members.length) chips.push(chip(`${(group.size - group.members.length).toLocaleString("en")}${group.or_more ? "+" : ""} more`, "fact"));
    const what = el("span", "what", [el("span", "name", oneLine(group.name)), el("span", "under", size), facts(group)]);
    return row("group", [what, el("span", "chips", chips)], () => record(group.id));
  }

  async function record(id) {
    const { text } = await ask(`record?${new URLSearchParams({ id })}`);
    return [el("pre", "", visible(text), { tabindex: "0" })];
  }

  // A list that keeps the rows that have not changed, so that what is open stays open.
  function listing(id, make) {
    const section = find(id), rows = section.querySelector(".rows");
    const more = section.querySelector(".more"), filter = section.querySelector(".find");
    let known = new Map(), pages = 1, first = true;
    const sift = () => {
      const wanted = filter.value.trim().toLowerCase();
      for (const item of rows.children) item.hidden = !item.words.includes(wanted);
    };
    const load = async () => {
      const found = [];
      let total = 0;
      for (let page = 0; page < pages; page += 1) {
        const told = await ask(`${id}?start=${found.length}`);
        total = told.total;
        found.push(...told.rows);
        if (!told.rows.length || found.length >= total) break;
      }
      const next = new Map();
      for (const each of found) {
        const text = JSON.stringify(each), before = known.get(each.id);
        if (before && before.text === text) next.set(each.id, before);
        else {
          const item = make(each);
          if (!first) item.classList.add("changed");
          next.set(each.id, { text, item });
          if (before && before.item.classList.contains("open")) item.firstChild.click();
        }
      }
      const wanted = [...next.values()].map((each) => each.item);
      const same = wanted.length === rows.children.length && wanted.every((each, at) => each === rows.children[at]);
      if (!same) rows.replaceChildren(...wanted);
      known = next;
      first = false;
      count(section, total);
      section.querySelector(".none").hidden = total > 0;
      more.hidden = found.length >= total || pages >= PAGES;
      sift();
    };
    more.addEventListener("click", () => { pages += 1; load().catch(failed); });
    filter.addEventListener("input", sift);
    lists[id] = load;
  }

  function count(section, number) {
    section.querySelector(".count").textContent = number ? number.toLocaleString("en") : "";
    const tab = document.querySelector(`nav [data-of="${section.id}"] .count`);
    if (tab) tab.textContent = number ? ` ${number.toLocaleString("en")}` : "";
  }

  // Requests
  const kindOf = (status) => (status >= 500 ? "failed" : status >= 400 ? "refused" : status >= 300 ? "moved" : "done");

  function requestRow(each) {
    const known = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"].includes(each.method) ? each.method : "";
    const at = new Date(each.at * 1000);
    const item = row("request changed", [
      el("time", "at", at.toLocaleTimeString("en-GB"), { datetime: at.toISOString(), title: at.toLocaleString() }),
      el("span", `method ${known}`, oneLine(each.method)),
      el("span", "target", asked(each.target)),
      el("span", `status ${kindOf(each.status)}`, String(each.status)),
      el("span", "took", lasted(each.milliseconds)),
    ], () => exchange(each));
    item.status = each.status;
    return item;
  }

  const lasted = (milliseconds) => milliseconds < 0.1 ? "<0.1 ms"
    : `${milliseconds.toLocaleString("en", { maximumFractionDigits: milliseconds < 10 ? 1 : 0 })} ms`;

  async function exchange({ number, method, target }) {
    const told = await ask(`request?number=${number}`);
    return [...message("Request", told.sent, `${method} ${target}`), ...message("Reply", told.reply, String(told.status))];
  }

  // The query decoded, to be read; as it was sent it stands where the request opens.
  function asked(target) {
    const at = target.indexOf("?");
    if (at < 0) return [oneLine(target)];
    const pairs = [...new URLSearchParams(target.slice(at + 1))];
    return [oneLine(target.slice(0, at)), el("span", "query", pairs.flatMap(([name, value]) =>
      [el("span", "", oneLine(name)), " ", el("b", "", oneLine(value)), " "]))];
  }

  function message(title, told, start) {
    const size = told.size === null ? "" : told.size ? `${told.size.toLocaleString("en")} bytes` : "no body";
    const headers = told.headers.map(([name, value]) => `\n${oneLine(name)}: ${oneLine(value)}`);
    const parts = [el("h3", "", [`${title} `, el("span", "note", size)])];
    parts.push(el("pre", "headers", [el("b", "", oneLine(start)), ...headers], { tabindex: "0" }));
    if (told.body) parts.push(el("pre", "", visible(told.body), { tabindex: "0" }));
    return parts;
  }

  function siftRequests() {
    const section = find("requests"), refused = find("refused").checked;
    const wanted = section.querySelector(".find").value.trim().toLowerCase();
    for (const item of section.querySelector(".rows").children)
      item.hidden = !item.words.includes(wanted) || (refused && item.status < 400);
  }

  async function watch() {
    const told = await ask(`requests?after=${after}`);
    const rows = find("requests").querySelector(".rows");
    for (const each of told.requests) {
      rows.prepend(requestRow(each));
      if (!["GET", "HEAD", "OPTIONS"].includes(each.method)) behind = true;
    }
    while (rows.children.length > KEPT) rows.lastElementChild.remove();
    after = told.last;
    count(find("requests"), told.last);
    find("requests").querySelector(".none").hidden = told.last > 0;
    if (told.requests.length) siftRequests();
  }

  // Settings
  async function copy(text, button, shown) {
    try { await navigator.clipboard.writeText(text); }
    catch {
      // Over plain http a browser lends no clipboard: select it, so that a key press copies it.
      getSelection().selectAllChildren(shown);
      if (!document.execCommand("copy")) { button.textContent = "Selected"; return; }
    }
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  }

  function fields(all) {
    const list = el("dl");
    for (const each of all) {
      const value = each.copy ? el("code", "", oneLine(each.value)) : el("span", "", oneLine(each.value));
      const place = el("dd", "", [value]);
      if (each.copy) {
        const button = el("button", "", "Copy", { type: "button", "aria-label": `Copy ${each.label}` });
        button.addEventListener("click", () => copy(each.value, button, value));
        place.append(button);
      }
      if (each.note) place.append(el("p", "note", visible(each.note)));
      list.append(el("dt", "", visible(each.label)), place);
    }
    return list;
  }

  function ordered(question, danger, label) {
    const dialog = find("question"), yes = find("question-yes");
    find("question-text").textContent = visible(question);
    yes.textContent = visible(label);
    yes.className = danger ? "strong danger" : "strong";
    dialog.returnValue = "no";
    dialog.showModal();
    return new Promise((done) => dialog.addEventListener("close", () => done(dialog.returnValue === "yes"), { once: true }));
  }

  let acting = false; // one thing at a time, from the question to the answer
  async function act(action, button) {
    if (acting) return;
    acting = button.disabled = true;
    if (!action.question || await ordered(action.question, action.danger, action.label)) await done(action);
    acting = button.disabled = false;
  }

  async function done(action) {
    try {
      const told = await ask("act", { action: action.name });
      say(told.message, true);
      once(told.shown);
    } catch (fault) { say(fault.message); }
    behind = true;
    await look().catch(failed);
  }

  function once(shown) {
    const place = find("settings").querySelector(".once");
    place.hidden = !shown.length;
    if (!shown.length) return;
    const close = el("button", "", "I have copied it", { type: "button" });
    close.addEventListener("click", () => { place.hidden = true; place.replaceChildren(); });
    place.replaceChildren(el("p", "", "Copy this now: it is not shown again."), fields(shown), el("div", "buttons", [close]));
    choose("settings");
    place.scrollIntoView({ block: "nearest" });
  }

  let settingsWere = "";
  async function settings() {
    const { sections } = await ask("settings");
    const text = JSON.stringify(sections);
    if (text === settingsWere) return;
    settingsWere = text;
    find("settings").hidden = !sections.length;
    const tab = document.querySelector('nav [data-of="settings"]');
    if (tab) tab.hidden = !sections.length;
    find("settings").querySelector(".parts").replaceChildren(...sections.map((each) => {
      const parts = [el("h3", "", visible(each.title))];
      if (each.note) parts.push(el("p", "note", visible(each.note)));
      if (each.fields.length) parts.push(fields(each.fields));
      if (each.actions.length) parts.push(el("div", "buttons", each.actions.map((action) => {
        const button = el("button", action.danger ? "danger" : "strong", visible(action.label), { type: "button" });
        button.addEventListener("click", () => act(action, button));
        return button;
      })));
      return el("div", "part", parts);
    }));
  }

  // Turns
  async function look() {
    behind = false;
    looked = Date.now();
    await lists.people();
    await lists.groups();
    await settings();
    // A server whose lists take long is asked less often.
    rest = 10 * (Date.now() - looked);
  }

  function failed(fault) {
    if (stopped) return;
    state("no connection, trying again", "lost");
    wait = Math.min(wait * 2, SLOW);
    behind = true;
    if (fault.told) say(fault.message);
  }

  async function turn() {
    if (!paused && !document.hidden) {
      try {
        if (watches === "yes") await watch();
        const since = Date.now() - looked;
        if (since > rest && (behind || since > (watches === "yes" ? SLOW : 2 * EACH))) await look();
        if (find("state").classList.contains("lost")) say("");
        state("live", "live");
        wait = EACH;
      } catch (fault) { failed(fault); }
    }
    if (!stopped) setTimeout(turn, wait);
  }

  function choose(id) {
    for (const section of document.querySelectorAll("main > section")) section.classList.toggle("chosen", section.id === id);
    for (const tab of find("tabs").children) tab.setAttribute("aria-current", String(tab.dataset.of === id));
  }

  for (const section of document.querySelectorAll("main > section")) {
    const label = section.querySelector("h2").firstChild.textContent.trim();
    const tab = el("button", "", [label, el("span", "count", "")], { type: "button", "data-of": section.id });
    tab.hidden = section.id === "settings" || (section.id === "requests" && watches !== "yes");
    tab.addEventListener("click", () => choose(section.id));
    find("tabs").append(tab);
  }
  listing("people", personRow);
  listing("groups", groupRow);
  find("requests").hidden = watches !== "yes";
  find("requests").querySelector(".none").hidden = false;
  find("refused").addEventListener("change", siftRequests);
  find("requests").querySelector(".find").addEventListener("input", siftRequests);
  find("pause").addEventListener("click", () => {
    paused = !paused;
    find("pause").textContent = paused ? "Go on" : "Pause";
    find("pause").setAttribute("aria-pressed", String(paused));
    state(paused ? "paused" : "live", paused ? "" : "live");
  });
  // What a browser kept of this page must not outlive the session.
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  choose("people");
  turn();
})();
