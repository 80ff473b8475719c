// What pages of the dashboard do by themselves: they are fetched again when something has changed, and keys press what they show.
// Without it everything can be read and done all the same.
"use strict";
(() => {
  const root = document.documentElement;
  // Where the pages of this workspace stand; nothing where the server has one.
  const base = root.dataset.base ?? "";
  const main = document.querySelector("main");
  const said = document.getElementById("said");
  const lost = document.getElementById("lost");

  // Keys: a digit or letter presses what shows it, unless somebody writes. They can be turned off, and stay so.
  const stored = (name, value) => {
    try {
      if (value !== undefined) localStorage.setItem(name, value);
      return localStorage.getItem(name);
    } catch {
      return null;
    }
  };
  const keys = document.getElementById("keys");
  let hasKeys = stored("loop-keys") !== "off";
  const showKeys = () => {
    root.classList.toggle("keys", hasKeys);
    if (keys) {
      keys.hidden = false;
      keys.setAttribute("aria-pressed", String(hasKeys));
    }
  };
  showKeys();
  keys?.addEventListener("click", () => {
    hasKeys = !hasKeys;
    stored("loop-keys", hasKeys ? "on" : "off");
    showKeys();
  });
  document.addEventListener("keydown", (event) => {
    if (!hasKeys || event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
    if (event.target.closest?.("input, select, textarea, [contenteditable]")) return;
    const pressed = [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key === event.key);
    if (pressed) {
      event.preventDefault();
      pressed.focus();
      pressed.click();
    }
  });

  if (!main || !main.hasAttribute("data-live")) return;

  // The page again, and of it the parts that are another text now. What somebody has opened, chosen or begun to write stays.
  let isFetching = false;
  let isStale = false;
  const was = new Map();
  const reachable = "a, button, summary, input, select, textarea, [tabindex]";
  // Each form has an id of its own each time, which is no news.
  const textOf = (part) => part.innerHTML.replace(/name="request_id" value="[^"]*"/g, "");
  const isChosen = (one) => one.selectedIndex !== Math.max(0, [...one.options].findIndex((option) => option.defaultSelected));
  const isBusy = (part) => {
    const active = document.activeElement;
    if (part.contains(active) && active.matches("input, select, textarea")) return true;
    return (
      [...part.querySelectorAll("input, textarea")].some(
        (one) => one.type !== "hidden" && (one.value !== one.defaultValue || one.checked !== one.defaultChecked),
      ) || [...part.querySelectorAll("select")].some(isChosen)
    );
  };
  // Where the focus is, by the nearest element with an id: most of what it can be on has none.
  const focusIn = (part) => {
    const active = document.activeElement;
    const near = part.contains(active) ? active.closest("[id]") : null;
    if (!near) return () => {};
    const place = near === active ? -1 : [...near.querySelectorAll(reachable)].indexOf(active);
    return () => {
      const there = document.getElementById(near.id);
      (place < 0 ? there : there?.querySelectorAll(reachable)[place])?.focus({ preventScroll: true });
    };
  };
  const fill = (part, next) => {
    const opened = [...part.querySelectorAll("details[open][id]")].map((one) => one.id);
    const focus = focusIn(part);
    const isAtEnd = (one) => one.scrollTop + one.clientHeight >= one.scrollHeight - 4;
    const scrolled = [...part.querySelectorAll("pre[id]")].map((one) => [one.id, one.scrollTop, isAtEnd(one)]);
    part.replaceChildren(...next.childNodes);
    for (const id of opened) document.getElementById(id)?.setAttribute("open", "");
    for (const [id, top, atEnd] of scrolled) {
      const one = document.getElementById(id);
      if (one) one.scrollTop = atEnd ? one.scrollHeight : top;
    }
    focus();
  };
  const partsOf = (page) => [...page.querySelectorAll("main [data-part]")];
  const idsOf = (page) => partsOf(page).map((one) => one.id).join(" ");
  const put = (page) => {
    const next = page.querySelector("main");
    if (next && idsOf(page) !== idsOf(document) && !isBusy(main)) {
      // A part has come or gone: where it stands is known from the whole alone.
      was.clear();
      fill(main, next);
    } else {
      for (const part of partsOf(document)) {
        const other = page.getElementById(part.id);
        const text = other && textOf(other);
        if (!other || text === was.get(part.id) || isBusy(part)) continue;
        const isSame = !was.has(part.id) && text === textOf(part);
        was.set(part.id, text);
        if (!isSame) fill(part, other);
      }
    }
    const news = next?.dataset.said;
    if (news && news !== main.dataset.said) {
      main.dataset.said = news;
      said.textContent = news;
    }
    const title = page.querySelector("title")?.textContent;
    if (title) document.title = title;
  };
  const refresh = async () => {
    if (document.hidden || isFetching) {
      isStale = true;
      return;
    }
    isFetching = true;
    isStale = false;
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" }, credentials: "same-origin" });
      if (answer.redirected && new URL(answer.url).pathname === base + "/sign-in") {
        location.assign(answer.url);
        return;
      }
      if (answer.ok) put(new DOMParser().parseFromString(await answer.text(), "text/html"));
      lost.hidden = answer.ok;
    } catch {
      lost.hidden = false;
    } finally {
      isFetching = false;
    }
    if (isStale) setTimeout(refresh, 1000);
  };
  for (const pre of document.querySelectorAll("pre[data-tail]")) pre.scrollTop = pre.scrollHeight;
  setInterval(refresh, 30000);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && isStale) refresh();
  });

  // One stream for all tabs of a browser, which has six connections to a server: the tab that holds the lock has it and tells the others.
  // Where there are no locks (another machine without TLS), only the tab that is looked at has one.
  const channel = new BroadcastChannel("loop-events" + base);
  channel.onmessage = (event) => {
    if (event.data === "changed") refresh();
    else lost.hidden = event.data !== "lost";
  };
  const tell = (what) => {
    channel.postMessage(what);
    if (what === "changed") refresh();
    else lost.hidden = what !== "lost";
  };
  let source = null;
  const open = () => {
    source = new EventSource(base + "/events");
    source.addEventListener("changed", () => tell("changed"));
    source.addEventListener("open", () => {
      // What has happened before it was open, or while it was lost, nobody told.
      tell("found");
      tell("changed");
    });
    source.addEventListener("error", () => {
      tell("lost");
      if (source && source.readyState === EventSource.CLOSED) {
        source = null;
        setTimeout(() => {
          refresh();
          if (!source) open();
        }, 15000);
      }
    });
  };
  if (navigator.locks) {
    navigator.locks.request("loop-events" + base, () => {
      open();
      return new Promise(() => {});
    });
  } else {
    const look = () => {
      if (document.hidden) {
        source?.close();
        source = null;
      } else if (!source) open();
    };
    document.addEventListener("visibilitychange", look);
    look();
  }
})();
