// The playground's page: fetches the fragments that changed, keeps what the reader was doing, ticks the clocks.
"use strict";

const panes = new Map();
const touched = new WeakSet();
const asked = new WeakSet();
const OWN = ["do", "do-name", "do-now", "look", "look-name", "key", "keep", "enter", "modal", "close", "stick", "show",
  "confirm", "confirm-title", "confirm-yes", "confirm-no", "busy", "stays", "focus"];
const MENUS = "details.menu[open], details.kit-menu[open]";
const $ = (selector, inside = document) => inside.querySelector(selector);
const $$ = (selector, inside = document) => [...inside.querySelectorAll(selector)];

// ---------------------------------------------------------------- what is seen changes
const keyOf = (node) => (node.nodeType === 1 ? node.dataset.key || node.id || null : null);

function morphChildren(old, fresh) {
  const keys = new Set([...fresh.childNodes].map(keyOf).filter(Boolean));
  for (const node of [...old.childNodes]) if (keyOf(node) && !keys.has(keyOf(node))) node.remove();
  const keyed = new Map([...old.childNodes].filter(keyOf).map((node) => [keyOf(node), node]));
  let at = old.firstChild;
  for (const node of [...fresh.childNodes]) {
    const key = keyOf(node);
    const match = key ? keyed.get(key) : at && !keyOf(at) && at.nodeName === node.nodeName ? at : null;
    if (!match || match.nodeName !== node.nodeName) {
      old.insertBefore(node, at);
      continue;
    }
    while (at && at !== match && !keyOf(at)) {
      const next = at.nextSibling;
      at.remove();
      at = next;
    }
    if (at === match) at = at.nextSibling;
    else old.insertBefore(match, at);
    morph(match, node);
  }
  while (at) {
    const next = at.nextSibling;
    at.remove();
    at = next;
  }
}

function morph(old, fresh) {
  if (old.nodeType !== 1) {
    if (old.nodeValue !== fresh.nodeValue) old.nodeValue = fresh.nodeValue;
    return;
  }
  if (old.isEqualNode(fresh)) return;
  const changed = old.matches(".message") && $(".said", old)?.textContent !== $(".said", fresh)?.textContent;
  const value = old.value;
  const untouched = "defaultValue" in old && value === old.defaultValue;
  morphAttributes(old, fresh);
  if (old.nodeName === "TEXTAREA") {
    old.defaultValue = fresh.defaultValue;
    if (untouched) old.value = fresh.defaultValue;
    return;
  }
  if (old.nodeName === "INPUT" && !["checkbox", "radio"].includes(old.type)) old.value = untouched ? fresh.value : value;
  if (!old.matches("[data-until], [data-since], [data-clock]")) morphChildren(old, fresh);
  if (old.nodeName === "SELECT" && !old.multiple) {
    const kept = touched.has(old) && !old.dataset.lookName && [...old.options].some((o) => o.value === value);
    old.value = kept ? value : ([...old.options].find((o) => o.defaultSelected) || old.options[0] || {}).value;
  }
  if (changed) {
    old.classList.add("fresh");
    setTimeout(() => old.classList.remove("fresh"), 1500);
  }
}

function morphAttributes(old, fresh) {
  const mine = (name) => name === "open" || name === "data-busy";
  for (const { name, value } of [...fresh.attributes]) {
    if (!mine(name) && old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  for (const { name } of [...old.attributes]) {
    if (!mine(name) && !fresh.hasAttribute(name)) old.removeAttribute(name);
  }
}

const atEnd = (list) => list.scrollHeight - list.scrollTop - list.clientHeight < 60;

function swap(pane, html) {
  const stuck = new Map($$("[data-stick]", pane.el).map((list) => [list, atEnd(list)]));
  const active = document.activeElement;
  const inside = pane.el.contains(active);
  const fresh = document.createElement("div");
  fresh.append(...new DOMParser().parseFromString(html, "text/html").body.childNodes);
  morphChildren(pane.el, fresh);
  for (const list of $$("[data-stick]", pane.el)) if (stuck.get(list) ?? true) list.scrollTop = list.scrollHeight;
  lookAtModal(pane, active, inside || active === document.body);
  if (inside && !active.isConnected && !pane.modal) focusOn(pane.opener?.isConnected ? pane.opener : pane.el);
  afterSwap(pane);
}

function afterSwap(pane) {
  for (const field of $$("[data-do-now]", pane.el)) {
    if (!asked.has(field)) {
      asked.add(field);
      act(field);
    }
  }
  if (pane.name === "tour") point();
  const again = $("[data-again]", pane.el);
  clearTimeout(pane.timer);
  if (again) pane.timer = setTimeout(() => refresh(pane), Number(again.dataset.again));
  for (const list of $$("[data-stick]", pane.el)) grips.observe(list);
  dot(pane);
  tick();
}

// ---------------------------------------------------------------- lists stay at their end, tabs say what is new
const ends = new WeakMap();
const grips = new ResizeObserver((entries) => {
  for (const { target } of entries) if (ends.get(target) ?? true) target.scrollTop = target.scrollHeight;
});
document.addEventListener("scroll", ({ target }) => target.matches?.("[data-stick]") && ends.set(target, atEnd(target)), true);

function dot(pane) {
  const button = $(`nav.screens [data-show="${CSS.escape(pane.name)}"]`);
  if (!button) return;
  const count = Number($("[data-news]", pane.el)?.dataset.news ?? 0);
  if (pane.el.offsetParent || pane.news === undefined) pane.news = count;
  const marks = { unread: count > pane.news, rings: Boolean($("[data-rings]", pane.el)) };
  for (const [name, is] of Object.entries(marks)) button.classList.toggle(name, is);
  const said = [marks.rings && "rings", marks.unread && "new"].filter(Boolean).join(", ");
  const word = $(".unseen", button) || button.appendChild(Object.assign(document.createElement("span"), { className: "unseen" }));
  if (word.textContent !== said) word.textContent = said;
}

function focusOn(element) {
  if (element.matches("[data-pane]")) element.tabIndex = -1;
  element.focus({ preventScroll: true });
}

function lookAtModal(pane, active, ours) {
  const modal = $("[data-modal]", pane.el);
  const before = pane.modal;
  pane.modal = modal;
  if (modal && modal !== before) {
    if (!before) pane.opener = active;
    if (ours) ($(".fields input, .fields select, .fields textarea", modal) || $("button", modal)).focus();
  } else if (!modal && before && ours && pane.opener?.isConnected) focusOn(pane.opener);
}

async function refresh(pane) {
  if (pane.loading) {
    pane.again = true;
    return pane.loading;
  }
  pane.loading = (async () => {
    do {
      pane.again = false;
      try {
        const answer = await fetch(`/pane/${pane.name}?${pane.query}`);
        if (answer.ok) swap(pane, await answer.text());
      } catch {
        stale(true);
      }
    } while (pane.again);
    pane.loading = null;
  })();
  return pane.loading;
}

// ---------------------------------------------------------------- what happened meanwhile
let mark = document.body.dataset.mark;

function stale(is) {
  $(".stale").hidden = !is;
  document.body.classList.toggle("is-stale", is);
}

function listen() {
  const stream = new EventSource(`/events?after=${encodeURIComponent(mark)}`);
  stream.onopen = () => stale(false);
  stream.onmessage = (event) => {
    mark = event.lastEventId || mark;
    const name = JSON.parse(event.data).pane;
    for (const pane of panes.values()) if (name === "*" || name === pane.name) refresh(pane);
  };
  stream.onerror = () => {
    stale(true);
    if (stream.readyState === EventSource.CLOSED) setTimeout(listen, 2000);
  };
}

// ---------------------------------------------------------------- what the reader does
const paneOf = (element) => panes.get(element.closest("[data-pane]")?.dataset.pane);

function told(element) {
  const found = {};
  for (const { name, value } of element.attributes) {
    const bare = name.slice(5);
    if (!name.startsWith("data-") || OWN.includes(bare) || (bare === "on" && value === "input")) continue;
    found[bare.replaceAll("-", "_")] = value;
  }
  return found;
}

function filled(form) {
  const found = {};
  for (const [name, value] of new FormData(form)) {
    if (name in found) found[name] = [].concat(found[name], value);
    else found[name] = value;
  }
  return found;
}

function look(element, pane) {
  const asked = new URLSearchParams(element.dataset.look || "");
  if (element.dataset.lookName) asked.set(element.dataset.lookName, element.value);
  for (const [name, value] of asked) value ? pane.query.set(name, value) : pane.query.delete(name);
  const all = new URLSearchParams();
  for (const { name, query } of panes.values()) for (const [key, value] of query) all.set(`${name}.${key}`, value);
  history.replaceState(null, "", all.size ? `?${all}` : "/");
}

function trouble(element, sentence) {
  const place = $(".trouble", element.closest(".screen, #bar") || $("#bar"));
  for (const shown of $$(".trouble")) {
    if (sentence && shown !== place) continue;
    shown.textContent = sentence;
    shown.hidden = !sentence;
  }
}

async function post(deed, values, query) {
  try {
    const headers = { "Content-Type": "application/json" };
    const answer = await fetch(`/do/${deed}?${query}`, { method: "POST", headers, body: JSON.stringify(values) });
    if (answer.ok) return (await answer.text()) && "";
    const kind = answer.headers.get("content-type") || "";
    return kind.includes("json") ? (await answer.json()).error : "Something went wrong in the demo. Try once more.";
  } catch {
    return "The demo does not answer. Is it still running?";
  }
}

async function act(element) {
  const pane = paneOf(element);
  if (!pane) return;
  const { dataset } = element;
  const form = element.nodeName === "FORM" ? element : null;
  if (dataset.busy || (dataset.confirm && !(await confirmed(dataset)))) return;
  const values = { ...(form ? filled(form) : {}), ...told(element) };
  if (dataset.doName) values[dataset.doName] = element.value;
  if (dataset.look !== undefined || dataset.lookName) look(element, pane);
  if (dataset.stays === undefined) putAway(element.closest(MENUS));
  if (dataset.do) {
    dataset.busy = "1";
    const sentence = await post(dataset.do, values, pane.query);
    delete dataset.busy;
    trouble(pane.el, sentence);
    if (!sentence && form && dataset.keep === undefined) form.reset();
  }
  await refresh(pane);
  if (form?.closest("[data-modal]")) $("[aria-invalid]", form)?.focus();
  if (dataset.look !== undefined && !element.offsetParent) $$("[data-focus]", pane.el).find((e) => e.offsetParent)?.focus();
}

function putAway(menu) {
  if (!menu) return;
  if (menu.contains(document.activeElement)) $("summary", menu).focus();
  menu.open = false;
}

function confirmed(asked) {
  const dialog = $("#confirm");
  const [no, yes] = $$("button", dialog);
  $("h2", dialog).textContent = asked.confirmTitle || "Are you sure?";
  $("p", dialog).textContent = asked.confirm;
  no.textContent = asked.confirmNo || "Cancel";
  yes.textContent = asked.confirmYes || "Yes";
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((done) => dialog.addEventListener("close", () => done(dialog.returnValue === "yes"), { once: true }));
}

function show(name, focus) {
  const { body } = document;
  body.dataset.screen = name;
  if (name === "customer" || name === "telegram") body.dataset.left = name;
  for (const button of $$("nav.screens [data-show]")) button.setAttribute("aria-pressed", String(button.dataset.show === name));
  sessionStorage.setItem("screen", name);
  for (const list of $$(`#${CSS.escape(name)} [data-stick]`)) list.scrollTop = list.scrollHeight;
  for (const pane of panes.values()) dot(pane);
  if (focus) $(`#${CSS.escape(name)}`)?.scrollIntoView({ block: "nearest" });
}

function point() {
  const where = $("[data-pane=tour] [data-where]")?.dataset.where;
  for (const screen of $$(".screen, #bar")) {
    screen.classList.toggle("pointed", screen.id === where || (screen.id === "bar" && ["clock", "faults"].includes(where)));
  }
}

document.addEventListener("click", (event) => {
  for (const menu of $$(MENUS)) if (!menu.contains(event.target)) menu.open = false;
  const element = event.target.closest("[data-do], [data-look], [data-show]");
  if (!element || ["FORM", "SELECT", "INPUT"].includes(element.nodeName)) return;
  if (element.dataset.show) show(element.dataset.show, true);
  if (element.dataset.do || element.dataset.look !== undefined) act(element);
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.dataset.do) return;
  event.preventDefault();
  act(form);
});

document.addEventListener("change", (event) => {
  const field = event.target;
  touched.add(field);
  if (field.dataset.lookName || (field.dataset.do && field.dataset.on !== "input")) act(field);
});

let waiting = 0;
document.addEventListener("input", (event) => {
  const field = event.target;
  if (field.dataset.on !== "input") return;
  clearTimeout(waiting);
  waiting = setTimeout(() => act(field), 250);
});

document.addEventListener("keydown", (event) => {
  const { target } = event;
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing && target.matches("[data-enter]")) {
    event.preventDefault();
    target.form.requestSubmit();
  } else if (event.key === "Escape") {
    const menu = target.closest("details[open]");
    const close = $("[data-modal] [data-close]", target.closest("[data-pane]") || document);
    if (menu) putAway(menu);
    else if (close && !$("#confirm").open) close.click();
  } else if (/^[0-9*#]$/.test(event.key) && !(event.ctrlKey || event.altKey || event.metaKey) && !target.matches("input, textarea, select")) {
    const pads = $$("[data-keypad]").filter((pad) => pad.offsetParent);
    const pad = pads.find((one) => one.closest(".screen").contains(target)) || (pads.length === 1 ? pads[0] : null);
    $$("[data-digit]", pad || document.createElement("div")).find((key) => key.dataset.digit === event.key)?.click();
  } else if (event.key === "Tab" && target.closest("[data-modal]")) trap(event, target.closest("[data-modal]"));
});

function trap(event, modal) {
  const stops = $$("input, select, textarea, button, a[href], summary", modal).filter((e) => !e.disabled && e.offsetParent);
  const [first, last] = [stops[0], stops[stops.length - 1]];
  if (event.shiftKey ? event.target === first : event.target === last) {
    event.preventDefault();
    (event.shiftKey ? last : first).focus();
  }
}

// ---------------------------------------------------------------- clocks
const clock = { base: 0, at: 0, speed: 0, told: "", form: null };

function windClock() {
  const source = $("[data-clock][data-now]");
  if (!source) return;
  const { now, speed, zone } = source.dataset;
  if (`${now} ${speed} ${zone}` === clock.told) return;
  Object.assign(clock, { base: Date.parse(now), at: performance.now(), speed: Number(speed), told: `${now} ${speed} ${zone}` });
  clock.form = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone || "UTC", weekday: "short", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
  });
}

function left(ms) {
  const seconds = Math.floor(Math.abs(ms) / 1000);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  const two = (n) => String(n).padStart(2, "0");
  let text = `${minutes}:${two(seconds % 60)}`;
  if (hours >= 48) text = `${Math.floor(hours / 24)} d ${hours % 24} h`;
  else if (hours) text = `${hours} h ${two(minutes)} min`;
  return ms < 0 ? `over by ${text}` : text;
}

function tick() {
  windClock();
  if (!clock.form || document.body.classList.contains("is-stale")) return;
  const now = clock.base + (performance.now() - clock.at) * clock.speed;
  const write = (element, text) => element.textContent !== text && (element.textContent = text);
  for (const element of $$("[data-clock]")) write(element, clock.form.format(now).replace(",", ""));
  for (const element of $$("[data-until]")) {
    const ms = Date.parse(element.dataset.until) - now;
    write(element, left(ms));
    element.classList.toggle("over", ms < 0);
  }
  for (const element of $$("[data-since]")) write(element, left(Math.max(0, now - Date.parse(element.dataset.since))));
}

// ---------------------------------------------------------------- the beginning
for (const el of $$("[data-pane]")) {
  const pane = { name: el.dataset.pane, el, query: new URLSearchParams(el.dataset.query), modal: $("[data-modal]", el) };
  panes.set(pane.name, pane);
  afterSwap(pane);
}
show(sessionStorage.getItem("screen") || document.body.dataset.screen, false);
for (const list of $$("[data-stick]")) list.scrollTop = list.scrollHeight;
setInterval(tick, 250);
listen();
