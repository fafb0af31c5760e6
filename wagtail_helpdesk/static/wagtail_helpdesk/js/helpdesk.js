// wagtail-helpdesk: public pages. Every page works without this file; it only adds
// comfort. Texts come from the templates in data attributes.

/** Calls `start` on each matching element, once the document is read. */
const each = (selector, start) => {
  for (const element of document.querySelectorAll(selector)) start(element);
};

const define = (name, Element) => {
  if (!customElements.get(name)) customElements.define(name, Element);
};

/** Focuses the summary of a form that came back with errors, and the fields it names. */
define("hd-error-summary", class extends HTMLElement {
  connectedCallback() {
    this.focus();
    this.addEventListener("click", (event) => {
      const link = event.target.closest("a[href^='#']");
      const field = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
      if (!field) return;
      event.preventDefault();
      (field.closest("fieldset") || field.closest(".hd-field") || field).scrollIntoView();
      field.focus({ preventScroll: true });
    });
  }
});

/** A `details` menu that closes on Escape and on a click or focus elsewhere. */
define("hd-menu", class extends HTMLElement {
  connectedCallback() {
    const details = this.querySelector("details");
    if (!details) return;
    this.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !details.open) return;
      details.open = false;
      details.querySelector("summary").focus();
    });
    this.close = (event) => {
      if (!this.contains(event.target)) details.open = false;
    };
    document.addEventListener("click", this.close);
    document.addEventListener("focusin", this.close);
  }

  disconnectedCallback() {
    document.removeEventListener("click", this.close);
    document.removeEventListener("focusin", this.close);
  }
});

/**
 * Keeps what is typed until it is sent, so that a lost session or a closed tab loses
 * nothing. `key` names the draft; `sent` (an attribute) forgets it after a success.
 */
define("hd-draft", class extends HTMLElement {
  connectedCallback() {
    const key = `hd-draft:${this.getAttribute("key") || location.pathname}`;
    const store = safeStorage();
    if (!store) return;
    if (this.hasAttribute("sent")) store.removeItem(key);
    const area = this.querySelector("textarea");
    if (!area) return;
    if (!area.value) area.value = store.getItem(key) || "";
    area.addEventListener("input", () => {
      if (area.value) store.setItem(key, area.value);
      else store.removeItem(key);
    });
  }
});

function safeStorage() {
  try {
    return window.sessionStorage;
  } catch {
    return null; // Storage is switched off.
  }
}

/**
 * Offers the device's time zone beside a select that has it. `data-label` stands on the
 * button, before the place.
 */
define("hd-time-zone", class extends HTMLElement {
  connectedCallback() {
    const select = this.querySelector("select");
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const option = select && [...select.options].find((one) => one.value === zone);
    if (!option || option.selected) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "hd-btn hd-btn--link";
    const place = document.createElement("bdi");
    place.textContent = option.text;
    button.append(`${this.dataset.label || ""} `, place);
    button.addEventListener("click", () => {
      select.value = zone;
      select.focus();
      button.remove();
    });
    this.append(button);
  }
});

/** Marks the heading in view in a table of contents made of `#` links. */
define("hd-toc", class extends HTMLElement {
  connectedCallback() {
    const links = new Map();
    for (const link of this.querySelectorAll("a[href^='#']")) {
      const heading = document.getElementById(decodeURIComponent(link.hash.slice(1)));
      if (heading) links.set(heading, link);
    }
    if (!links.size || !("IntersectionObserver" in window)) return;
    this.observer = new IntersectionObserver((entries) => {
      const visible = entries.find((entry) => entry.isIntersecting);
      if (!visible) return;
      for (const link of links.values()) link.removeAttribute("aria-current");
      links.get(visible.target).setAttribute("aria-current", "location");
    }, { rootMargin: "0px 0px -70% 0px" });
    for (const heading of links.keys()) this.observer.observe(heading);
  }

  disconnectedCallback() {
    this.observer?.disconnect();
  }
});

// A second click while a form is on its way sends nothing. The button is not disabled:
// its value would be missing, and a person who comes back could not send again.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.closest(".hd-root") || form.method !== "post" || event.defaultPrevented) return;
  // After a download the page is still there, and may be asked for another one.
  if (form.hasAttribute("data-hd-download")) return;
  if (form.dataset.hdSent) {
    event.preventDefault();
    return;
  }
  form.dataset.hdSent = "1";
  event.submitter?.setAttribute("aria-disabled", "true");
});
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  each(".hd-sending", (box) => box.remove()); // Of upload.js.
  each("form[data-hd-sent]", (form) => {
    delete form.dataset.hdSent;
    for (const button of form.querySelectorAll("[aria-disabled]")) button.removeAttribute("aria-disabled");
  });
});

// The server writes absolute times in the account's zone; a hint adds the reader's own.
each("time.hd-time[datetime]", (element) => {
  const when = new Date(element.getAttribute("datetime"));
  const hasTime = element.getAttribute("datetime").includes("T");
  if (!hasTime || Number.isNaN(when.valueOf()) || element.title) return;
  const language = element.closest("[lang]")?.lang || undefined;
  element.title = new Intl.DateTimeFormat(language, { dateStyle: "full", timeStyle: "long" }).format(when);
});
