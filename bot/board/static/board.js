// The board in the browser: counts the time between the server's events, puts changed lines in their place, and says so
// when it has not heard from the server. No library: this is all that it does.
"use strict";
(() => {
  const live = document.getElementById("live");
  const root = document.documentElement;
  const $ = (id) => document.getElementById(id);

  // ---------------------------------------------------------------- light and dark
  const themes = ["auto", "light", "dark"];
  const saved = () => {
    try {
      return localStorage.getItem("theme") || "auto";
    } catch {
      return "auto";
    }
  };
  const paint = (theme) => {
    if (theme === "auto") delete root.dataset.theme;
    else root.dataset.theme = theme;
    const button = $("theme");
    if (!button || !live) return;
    button.hidden = false;
    button.textContent = live.dataset["said" + theme[0].toUpperCase() + theme.slice(1)];
  };
  paint(saved());
  $("theme")?.addEventListener("click", () => {
    const next = themes[(themes.indexOf(saved()) + 1) % themes.length];
    try {
      localStorage.setItem("theme", next);
    } catch {
      /* a browser that keeps nothing still shows it */
    }
    paint(next);
  });

  if (!live || !$("list")) return;
  const said = live.dataset;
  const ticket = document.querySelector("[data-ticket]")?.dataset.ticket || "";

  // ---------------------------------------------------------------- the server's time
  const SILENT = 20000; // milliseconds without a sign of life
  const APART = 2000; // milliseconds by which this computer's two clocks may come apart: one is set by people, one stands in sleep
  const AGAIN = 3000; // milliseconds between two questions for the time when they did
  const mark = () => ({ date: Date.now(), ticks: performance.now() });
  const passed = (then) => Math.max(Date.now() - then.date, performance.now() - then.ticks);
  const apart = (then) => Math.abs(Date.now() - then.date - (performance.now() - then.ticks)) > APART;
  const clock = { server: 0, told: null, speed: 1, heard: null };
  let state = "still"; // still (not connected yet), live, stale, out
  const at = (ticks) => (clock.told ? clock.server + (ticks - clock.told.ticks) * clock.speed : 0);
  const now = () => at(performance.now());
  const atTime = (ms) =>
    new Intl.DateTimeFormat(said.language, {
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
      timeZone: said.zone,
    }).format(ms);
  const hear = () => {
    clock.heard = mark();
    if (state !== "out" && clock.told && !apart(clock.told)) show("live", said.saidLive);
  };
  const show = (next, words) => {
    live.querySelector(".live-text").textContent = words;
    if (state === next) return;
    state = next;
    live.dataset.state = root.dataset.live = next;
    draw(true);
  };
  const check = () => {
    if (state === "out" || !clock.heard) return;
    const doubt = clock.told && apart(clock.told);
    if (!doubt && passed(clock.heard) < SILENT) return;
    show("stale", said.saidStale.replace("{time}", atTime(at(clock.heard.ticks))));
    if (passed(asked) < (doubt ? AGAIN : SILENT)) return;
    asked = mark(); // a connection may be dead without having ended: nobody tells us
    source?.close();
    again();
  };

  // ---------------------------------------------------------------- drawing
  const two = (n) => String(n).padStart(2, "0");
  const words = (ms) => {
    const minutes = Math.max(Math.ceil(ms / 60000), 0);
    const d = Math.floor(minutes / 1440), h = Math.floor(minutes / 60) % 24, min = minutes % 60;
    const units = [d ? `${d} ${said.d}` : "", h ? `${h} ${said.h}` : ""];
    if (min || !(d || h)) units.push(`${min} ${said.min}`);
    return units.filter(Boolean).slice(0, 2).join(" ");
  };
  const countdown = (ms) => {
    const s = Math.max(Math.floor(ms / 1000), 0);
    if (s >= 86400) return words(ms);
    const h = Math.floor(s / 3600), m = Math.floor(s / 60) % 60;
    return h ? `${h}:${two(m)}:${two(s % 60)}` : `${m}:${two(s % 60)}`;
  };
  const put = (node, text) => {
    if (node && node.textContent !== text) node.textContent = text;
  };
  const seen = new Set();
  const watch = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (entry.isIntersecting) {
        seen.add(entry.target);
        drawLine(entry.target);
      } else seen.delete(entry.target);
    }
  }, { rootMargin: "200px" });

  function drawLine(line) {
    if (state === "still") return; // as the server wrote it, with the time at which it did
    const time = line.querySelector("[data-time]");
    const ends = Number(line.dataset.ends), late = line.dataset.phase === "overdue";
    if (line.dataset.ends) {
      const left = late ? now() - ends : ends - now();
      put(time, state === "live" ? (late ? "+" : "") + countdown(left) : "–:––");
      const bar = line.querySelector(".bar"), length = Number(line.dataset.length);
      if (bar && length && !late) bar.value = Math.min(Math.max(1000 * (1 - left / length), 0), 1000);
    } else if (state !== "live") {
      time.dataset.said ||= time.textContent; // it stood still when we last heard; whether it does now, nobody knows
      put(time, "–");
    } else if (time.dataset.said) put(time, time.dataset.said);
    drawSince(line);
  }
  function drawSince(inside) {
    if (state === "still") return;
    for (const node of inside.querySelectorAll("[data-since]"))
      put(node, state === "live" ? words(now() - Number(node.dataset.since)) : "–");
  }
  function draw(all) {
    for (const line of all ? document.querySelectorAll("#lines > .line") : seen) drawLine(line);
    const side = $("panels");
    if (side) drawSince(side);
  }
  const tick = () => {
    check();
    if (state === "live" && !document.hidden) draw(false);
    setTimeout(tick, clock.speed === 1 && state === "live" ? 1000 - (Math.floor(now()) % 1000) : 500);
  };

  // ---------------------------------------------------------------- lines
  const lines = () => $("lines");
  const parsed = (html) => new DOMParser().parseFromString(html, "text/html");
  const placeOf = (key) => {
    const all = lines().children;
    let low = 0, high = all.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (all[middle].dataset.key < key) low = middle + 1;
      else high = middle;
    }
    return all[low] || null;
  };
  const count = () => {
    const all = [...lines().children];
    const counts = {
      open: all.length,
      overdue: all.filter((l) => l.dataset.phase === "overdue").length,
      waiting: all.filter((l) => "waiting" in l.dataset).length,
      unclaimed: all.filter((l) => "unclaimed" in l.dataset).length,
    };
    for (const [name, n] of Object.entries(counts))
      put(document.querySelector(`[data-count=${name}]`), String(n));
    if ($("empty")) $("empty").hidden = all.length > 0;
  };
  let counting = 0;
  const countSoon = () => {
    counting ||= setTimeout(() => {
      counting = 0;
      count();
    }, 100);
  };
  let spoken = -5000;
  const say = (template, id) => {
    // for readers who hear the page: what matters, and not more than one sentence in five seconds
    if (performance.now() - spoken < 5000) return;
    spoken = performance.now();
    put($("say"), template.replace("{ticket}", id));
  };
  const drop = (line) => {
    watch.unobserve(line);
    seen.delete(line);
    line.remove();
  };
  const change = (html) => {
    const line = parsed(html).querySelector(".line");
    if (!line) return;
    const old = $(line.id);
    const focused = old && old.contains(document.activeElement);
    const id = line.id.slice(2);
    if (!old) say(said.saidNew, id);
    else if (line.dataset.phase === "overdue" && old.dataset.phase !== "overdue") say(said.saidOverdue, id);
    const fresh = document.importNode(line, true);
    fresh.classList.add("changed");
    if (old && old.dataset.key === fresh.dataset.key) {
      watch.unobserve(old);
      seen.delete(old);
      old.replaceWith(fresh);
    } else {
      if (old) drop(old);
      lines().insertBefore(fresh, placeOf(fresh.dataset.key));
    }
    watch.observe(fresh);
    drawLine(fresh);
    if (focused) fresh.querySelector(".ref").focus({ preventScroll: true });
    countSoon();
    renew();
  };
  const gone = (id) => {
    if (ticket) return void refetch(); // it is over: its page says so, and nothing on it ticks
    const line = $("t-" + id);
    if (line) {
      const next = line.contains(document.activeElement) && (line.nextElementSibling || line.previousElementSibling);
      drop(line);
      if (next) next.querySelector(".ref").focus({ preventScroll: true });
    }
    countSoon();
    renew();
  };

  // ---------------------------------------------------------------- what is fetched anew
  const query = (more) => {
    const asked = new URLSearchParams(ticket ? { ticket } : location.search);
    for (const [name, value] of Object.entries(more || {})) asked.set(name, value);
    return asked.toString();
  };
  const get = async (url) => {
    const answer = await fetch(url, { credentials: "same-origin", redirect: "error", signal: AbortSignal.timeout(15000) });
    if (answer.status === 401 || answer.status === 403) {
      end();
      return null;
    }
    return answer.ok ? parsed(await answer.text()) : null;
  };
  const swap = (page, id) => {
    const fresh = page && page.getElementById(id);
    if (fresh && $(id)) $(id).replaceWith(document.importNode(fresh, true));
    return Boolean(fresh);
  };
  let last = $("list").dataset.id; // the change that the list shows
  let fetching = 0;
  let held = [];
  const numberOf = (id) => Number(id.slice(id.lastIndexOf("-") + 1)) || 0;
  async function refetch() {
    // events that come meanwhile wait, since the new list may have them or not
    const mine = ++fetching;
    let page = null;
    try {
      page = await get(ticket ? location.pathname : "/board/fragment?" + query());
    } catch {
      /* not there: the stream will say so */
    }
    if (mine !== fetching) return;
    fetching = 0;
    const waiting = held;
    held = [];
    if (!page) {
      if (state !== "out") again();
      return;
    }
    const focused = document.activeElement?.closest?.(".line")?.id;
    seen.clear();
    watch.disconnect();
    if (swap(page, "list")) last = $("list").dataset.id;
    if (ticket) for (const id of ["facts", "acts", "timeline"]) swap(page, id);
    start();
    if (focused) $(focused)?.querySelector(".ref").focus({ preventScroll: true });
    for (const event of waiting) if (numberOf(event.lastEventId) > numberOf(last)) take(event);
  }
  let renewing = 0;
  const renew = () => {
    // who is paged changes with the lines; a few seconds together are one question
    renewing ||= setTimeout(async () => {
      renewing = 0;
      try {
        if (ticket) {
          const page = await get(location.pathname);
          for (const id of ["facts", "acts", "timeline"]) swap(page, id);
        } else if (swap(await get("/board/fragment?part=panels"), "panels")) drawSince($("panels"));
      } catch {
        /* the next change asks again */
      }
    }, ticket ? 300 : 1500);
  };
  const start = () => {
    for (const line of lines().children) watch.observe(line);
    draw(true);
  };

  // ---------------------------------------------------------------- the stream
  let source = null;
  let asked = mark(); // when we last asked for it
  let pause = 1000;
  let retrying = 0;
  const take = (event) => {
    if (fetching) {
      held.push(event);
      return;
    }
    last = event.lastEventId || last;
    if (event.type === "line") change(event.data);
    else gone(event.data);
  };
  function connect() {
    source?.close();
    asked = mark();
    source = new EventSource("/board/events?" + query({ since: last }));
    source.addEventListener("beat", (event) => {
      const told = JSON.parse(event.data);
      clock.server = told.now;
      clock.told = mark();
      clock.speed = told.speed;
      pause = 1000;
      hear();
    });
    for (const kind of ["line", "gone"])
      source.addEventListener(kind, (event) => {
        hear();
        take(event);
      });
    source.addEventListener("reset", () => {
      hear();
      setTimeout(refetch, Math.random() * 500); // not everybody at once
    });
    source.addEventListener("over", end);
    source.onerror = () => {
      if (source.readyState === EventSource.CLOSED) again();
    };
  }
  async function again() {
    // the browser gave up: is it the session, or the server?
    if (retrying || state === "out") return;
    retrying = setTimeout(async () => {
      retrying = 0;
      try {
        if (await get("/board/fragment?part=panels")) connect();
        else again();
      } catch {
        again();
      }
    }, pause);
    pause = Math.min(pause * 2, 15000);
  }
  function end() {
    source?.close();
    show("out", said.saidOut);
  }
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    check();
    draw(true);
  });
  window.addEventListener("pagehide", () => source?.close());
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) connect();
  });

  // ---------------------------------------------------------------- filter and keys
  const filter = $("filter");
  const choose = () => {
    const asked = new URLSearchParams();
    for (const [name, value] of new FormData(filter)) if (value) asked.set(name, value);
    const search = asked.toString();
    history.replaceState(null, "", search ? "?" + search : location.pathname);
    source?.close();
    refetch().then(connect);
  };
  filter?.classList.add("by-itself");
  filter?.addEventListener("change", choose);
  filter?.addEventListener("submit", (event) => {
    event.preventDefault();
    choose();
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input,textarea,select")) return;
    if (event.key === "/" && filter) {
      event.preventDefault();
      filter.querySelector("select").focus();
      return;
    }
    const step = { ArrowDown: 1, ArrowUp: -1, Home: "first", End: "last" }[event.key];
    if (!step || ticket) return;
    const line = document.activeElement?.closest?.(".line");
    if (!line && typeof step === "string") return;
    const all = lines();
    const next =
      step === "first" ? all.firstElementChild
      : step === "last" ? all.lastElementChild
      : !line ? (step > 0 ? all.firstElementChild : null)
      : step > 0 ? line.nextElementSibling
      : line.previousElementSibling;
    if (!next) return;
    event.preventDefault();
    next.querySelector(".ref").focus();
    next.scrollIntoView({ block: "nearest" });
  });

  start();
  connect();
  tick();
  setInterval(renew, 300000);
})();
