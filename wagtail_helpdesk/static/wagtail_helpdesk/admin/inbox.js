/* Keeps an open list of tickets fresh. Rows change where they stand and never move: what
   is new is announced, and shown when the agent asks for it. Without this file, or when
   it gives up, the list is what it was when the page was loaded. */

const LONGEST_WAIT = 5 * 60 * 1000;

const list = () => document.querySelector("[data-hdw-live]");
const board = document.querySelector("[data-hdw-news]");

let timer = 0;
let failures = 0;
let known = "";
let stopped = false;

function later() {
  window.clearTimeout(timer);
  const seconds = Number(list()?.dataset.hdwEvery ?? 0);
  if (stopped || !seconds || document.hidden) return;
  /* A little by chance, so that the lists of a whole team do not ask at once. */
  const wait = seconds * 1000 * 2 ** failures * (0.9 + Math.random() / 5);
  timer = window.setTimeout(ask, Math.min(wait, LONGEST_WAIT));
}

async function ask() {
  window.clearTimeout(timer);
  const here = list();
  if (!here || stopped) return;
  const shown = [...here.querySelectorAll("[data-number]:not(.hdw-row--gone)")]
    .map((row) => `${row.dataset.number}.${row.dataset.version}`)
    .join("-");
  try {
    const response = await fetch(`${here.dataset.hdwLive}&shown=${shown}`, {
      headers: { "If-None-Match": known, "X-Requested-With": "XMLHttpRequest" },
      cache: "no-store",
      redirect: "manual",
    });
    if (response.type === "opaqueredirect" || [401, 403, 404].includes(response.status)) {
      /* Signed out, or no agent any more: asking again would not help. */
      stopped = true;
      return;
    }
    if (response.status === 200) {
      const news = await response.json();
      /* Filters may have put another list here while this one was asked for. */
      if (list() === here) {
        known = response.headers.get("ETag") ?? "";
        show(here, news);
      }
    } else if (response.status !== 304) {
      throw new Error(String(response.status));
    }
    failures = 0;
  } catch {
    failures = Math.min(failures + 1, 8);
  }
  later();
}

function show(here, news) {
  const parsed = document.createElement("template");
  parsed.innerHTML = `<table><tbody>${news.rows}</tbody></table>`;
  for (const row of parsed.content.querySelectorAll("tr")) patch(here, row);
  for (const number of news.gone) leave(here, number);
  for (const [view, count] of Object.entries(news.counts ?? {})) {
    const place = document.querySelector(`[data-hdw-count="${view}"]`);
    if (place) place.textContent = count;
  }
  announce(news.news);
}

/* Cell by cell: the checkbox keeps its tick, and the link the focus. */
function patch(here, fresh) {
  const row = here.querySelector(`[data-number="${fresh.dataset.number}"]`);
  if (!row) return;
  const focused = row.querySelector(".hdw-row__link") === document.activeElement;
  row.className = fresh.className;
  row.dataset.version = fresh.dataset.version;
  [...fresh.cells].forEach((cell, at) => {
    if (cell.querySelector("input") || cell.innerHTML === row.cells[at].innerHTML) return;
    row.cells[at].replaceChildren(...cell.childNodes);
  });
  if (focused) row.querySelector(".hdw-row__link").focus({ preventScroll: true });
}

function leave(here, number) {
  const row = here.querySelector(`[data-number="${number}"]`);
  if (!row || row.classList.contains("hdw-row--gone")) return;
  row.classList.add("hdw-row--gone");
  const label = document.createElement("span");
  label.className = "hdw-label";
  label.textContent = here.dataset.hdwGone;
  row.querySelector(".hdw-c-subject .hdw-clip").prepend(label, " ");
}

function announce(text) {
  if (board.textContent === text) return;
  board.replaceChildren();
  if (!text) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "hdw-button";
  button.textContent = text;
  button.addEventListener("click", reload);
  board.append(button);
}

async function reload() {
  const results = document.querySelector("#hdw-results");
  const source = document.querySelector("[data-w-swap-src-value]").dataset.wSwapSrcValue;
  try {
    const response = await fetch(source + location.search, { redirect: "error" });
    if (!response.ok) throw new Error(String(response.status));
    results.innerHTML = await response.text();
    announce("");
    results.querySelector(".hdw-row__link")?.focus();
    later();
  } catch {
    location.reload();
  }
}

/* Filters put another list in place: what was announced belonged to the one before. */
document.addEventListener("w-swap:success", () => {
  announce("");
  later();
});
document.addEventListener("visibilitychange", () => {
  if (document.hidden) window.clearTimeout(timer);
  else ask();
});
window.addEventListener("online", ask);

/* Tags to choose from: asked for while one types, since there may be thousands. */
const tags = document.querySelector("[data-hdw-tags]");
let typed = 0;

async function suggest(text) {
  try {
    const response = await fetch(`${tags.dataset.hdwTags}?q=${encodeURIComponent(text)}`);
    if (!response.ok) return;
    const found = await response.json();
    tags.replaceChildren(...found.tags.map((tag) => new Option(tag, tag)));
  } catch {
    /* A tag can be typed without suggestions. */
  }
}

function suggestSoon(event) {
  if (event.target.getAttribute?.("list") !== tags.id) return;
  window.clearTimeout(typed);
  typed = window.setTimeout(suggest, 150, event.target.value);
}

if (tags) {
  document.addEventListener("focusin", suggestSoon);
  document.addEventListener("input", suggestSoon);
}

later();
