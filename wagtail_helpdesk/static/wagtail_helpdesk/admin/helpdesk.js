/* Comforts of the workspace. Everything works without this file; nothing here is needed
   to read, answer or file away a ticket. */

document.documentElement.classList.add("hdw-has-js");

/* ---- The list: j and k, choosing a page ------------------------------------ */

const links = () => [...document.querySelectorAll(".hdw-row__link")];

document.addEventListener("click", (event) => {
  const move = event.target.closest("[data-hdw-move]");
  if (!move) return;
  const all = links();
  if (!all.length) return;
  const row = document.activeElement?.closest(".hdw-row");
  const at = row ? all.findIndex((link) => row.contains(link)) : -1;
  const step = Number(move.dataset.hdwMove);
  const next = at === -1 ? (step > 0 ? 0 : all.length - 1) : at + step;
  all[Math.min(Math.max(next, 0), all.length - 1)].focus();
});

document.addEventListener("change", (event) => {
  const form = event.target.closest("[data-hdw-bulk]");
  if (!form) return;
  const boxes = [...form.querySelectorAll('.hdw-row__choose input[name="id"]')];
  if (event.target.matches("[data-hdw-all]")) {
    for (const box of boxes) box.checked = event.target.checked;
  }
  const chosen = boxes.filter((box) => box.checked).length;
  const told = form.querySelector("[data-hdw-chosen]");
  told.textContent = chosen ? `${chosen} ${told.dataset.text}` : "";
});

/* Filters change the address without a new page: the view to save is what it says now. */
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-hdw-save]")) return;
  const now = new URLSearchParams(location.search);
  const filters = document.querySelector(".hdw-list .hdw-filters");
  if (!now.has("view") && filters) now.set("view", filters.elements.view.value);
  event.target.elements.query.value = now.toString();
});

/* ---- A ticket: drafts, canned replies, undo -------------------------------- */

const DRAFT_DELAY = 1500;

function setUpComposer(form) {
  const text = form.elements.text;
  const status = form.querySelector("[data-hdw-draft-status]");
  const draftButton = form.querySelector("[data-hdw-draft]");
  let timer = 0;
  let saved = text.value;
  let sending = false;
  let running = Promise.resolve();

  async function saveDraft() {
    window.clearTimeout(timer);
    if (!draftButton || sending || text.value === saved) return;
    const data = new FormData(form);
    data.set("do", "draft");
    data.delete("files");
    const value = text.value;
    try {
      const response = await fetch(form.action, {
        method: "POST",
        body: data,
        headers: { Accept: "application/json" },
        credentials: "same-origin",
      });
      if (!response.ok) throw new Error(String(response.status));
      const answer = await response.json();
      saved = value;
      status.textContent = answer.status;
    } catch {
      /* Said by the text that stays; the next key stroke tries again. */
      status.textContent = "";
    }
  }

  const later = () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => {
      running = running.then(saveDraft);
    }, DRAFT_DELAY);
  };

  text.addEventListener("input", later);
  form.addEventListener("change", (event) => {
    if (!event.target.matches("[data-hdw-mode]")) return;
    text.focus();
    if (text.value) {
      saved = null;
      later();
    }
  });

  form.addEventListener("submit", (event) => {
    if (sending) {
      event.preventDefault();
      return;
    }
    sending = true;
    window.clearTimeout(timer);
  });
  /* Coming back with the browser's Back button must not leave the form dead. */
  window.addEventListener("pageshow", () => {
    sending = false;
  });
  window.addEventListener("pagehide", () => {
    if (sending || !draftButton || text.value === saved) return;
    const data = new FormData(form);
    data.set("do", "draft");
    data.delete("files");
    navigator.sendBeacon(form.action, data);
  });

  text.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    const mode = form.querySelector('[name="mode"]:checked').value;
    const button = form.querySelector(`[name="do"][value="${mode}"]`);
    event.preventDefault();
    form.requestSubmit(button);
  });

  const canned = form.querySelector("[data-hdw-canned]");
  form.querySelector("[data-hdw-insert]")?.addEventListener("click", (event) => {
    const chosen = canned.selectedOptions[0];
    event.preventDefault();
    if (!chosen?.dataset.text) return;
    const { selectionStart: start, selectionEnd: end } = text;
    text.setRangeText(chosen.dataset.text, start, end, "end");
    canned.value = "";
    text.focus();
    later();
  });
}

for (const form of document.querySelectorAll("[data-hdw-composer]")) setUpComposer(form);

for (const banner of document.querySelectorAll("[data-hdw-undo]")) {
  window.setTimeout(() => banner.remove(), Number(banner.dataset.hdwUndo) * 1000);
}

const problem = document.querySelector("[data-hdw-focus]");
if (problem) {
  problem.focus();
} else if (!location.hash && !location.search && !history.state) {
  /* A long thread opens at its newest message, with the composer below it. */
  const composer = document.querySelector("[data-hdw-composer]");
  if (composer && document.querySelectorAll(".hdw-message").length > 2) {
    composer.scrollIntoView({ block: "end", behavior: "instant" });
  }
}
