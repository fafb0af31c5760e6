// wagtail-helpdesk: the files of a form, and sending it in sight (UX28, UX29). Loaded
// where a form takes files; without this file the browser sends the form as ever.

/** A size as people read it. */
const sizeText = (bytes) => {
  const language = document.documentElement.lang || undefined;
  const [unit, size] = bytes < 1e6 ? ["kilobyte", Math.max(bytes / 1024, 0.1)] : ["megabyte", bytes / 2 ** 20];
  return new Intl.NumberFormat(language, { style: "unit", unit, maximumFractionDigits: 1 }).format(size);
};

const make = (tag, name, ...content) => {
  const element = document.createElement(tag);
  if (name) element.className = name;
  element.append(...content);
  return element;
};

/**
 * Around a file input: lists what is chosen, says which file is too large, takes single
 * ones back, and sends the form. Texts come in data attributes.
 */
class Files extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input[type=file]");
    if (!this.input || this.list) return;
    this.status = make("div", "hd-sr");
    this.status.setAttribute("role", "status");
    this.list = make("ul", "hd-chosen");
    this.list.hidden = true;
    this.append(this.status, this.list);
    this.input.addEventListener("change", () => this.show());
    const { form } = this.input;
    if (form?.getAttribute("method") === "post") form.addEventListener("submit", (event) => this.send(event));
  }

  show() {
    const { chosen = "", removed = "" } = this.dataset;
    const files = [...this.input.files];
    this.list.replaceChildren(...files.map((file, number) => this.row(file, number)));
    this.list.hidden = !files.length;
    this.status.textContent = files.length ? `${chosen} ${files.map((file) => file.name).join(", ")}` : removed;
  }

  row(file, number) {
    const remove = make("button", "hd-btn hd-btn--link", this.dataset.remove, make("bdi", "hd-sr", ` ${file.name}`));
    remove.type = "button";
    remove.addEventListener("click", () => {
      const rest = new DataTransfer();
      [...this.input.files].forEach((one, place) => place !== number && rest.items.add(one));
      this.input.files = rest.files;
      this.show();
      (this.list.querySelector("button") || this.input).focus();
    });
    const size = make("span", "hd-muted", ` ${sizeText(file.size)} `);
    const row = make("li", "", make("bdi", "", file.name), size);
    if (file.size > (Number(this.dataset.maxBytes) || Infinity)) {
      row.append(make("strong", "hd-error", `${this.dataset.tooLarge} `));
    }
    row.append(remove);
    return row;
  }

  /** Sends the form by script, to tell how far it is. */
  send(event) {
    const form = event.target;
    if (event.defaultPrevented || this.plain) return;
    event.preventDefault();
    if (form.dataset.hdSent) return; // A second click, while it is on its way.
    form.dataset.hdSent = "1"; // See helpdesk.js, which takes it off again.
    const data = new FormData(form);
    const { submitter } = event;
    if (submitter?.name) data.append(submitter.name, submitter.value);
    submitter?.setAttribute("aria-disabled", "true");
    this.progress(form);
    const request = new XMLHttpRequest();
    request.upload.addEventListener("progress", (at) => at.lengthComputable && this.at(at.loaded / at.total));
    request.addEventListener("load", () => this.answer(request, form, submitter));
    for (const way of ["error", "timeout"]) request.addEventListener(way, () => this.failed(form, submitter));
    // Not form.action: that is the button of this name, where there is one.
    this.url = new URL(form.getAttribute("action") || "", location);
    this.url.hash = "";
    request.open("POST", this.url);
    request.setRequestHeader("X-Helpdesk-Upload", "1");
    request.responseType = "document";
    request.send(data);
  }

  progress(form) {
    form.querySelector(".hd-sending")?.remove();
    this.bar = document.createElement("progress");
    this.said = make("p", "hd-p");
    this.said.setAttribute("role", "status");
    this.bar.setAttribute("aria-label", this.dataset.sending);
    form.append(make("div", "hd-actions hd-sending", this.said, this.bar));
    this.quarter = -1;
    this.at(0);
  }

  /** How much has left, from 0 to 1. The bar moves always, the text in quarters. */
  at(part) {
    this.bar.value = part;
    const quarter = Math.floor(part * 4);
    if (quarter === this.quarter) return;
    this.quarter = quarter;
    const share = new Intl.NumberFormat(document.documentElement.lang || undefined, { style: "percent" });
    this.said.textContent = `${this.dataset.sending} ${share.format(quarter / 4)}`;
  }

  /**
   * Goes where the server says, or shows its answer in place of what was on the page. The
   * server is asked not to redirect, because the page after it may be read only once.
   */
  answer(request, form, submitter) {
    if (request.status >= 500) {
      this.failed(form, submitter);
      return;
    }
    const next = request.getResponseHeader("X-Helpdesk-Location");
    if (next || request.responseURL !== this.url.href) {
      leave(new URL(next || "", request.responseURL));
      return;
    }
    const place = form.closest(".hd-support-form[id], #hd-main");
    const answer = place && request.response?.getElementById(place.id);
    // Only what has the form again, or keeps the text for another (409), may replace it.
    if (request.status >= 400 && !(answer && (request.status === 409 || answer.querySelector("hd-files")))) {
      this.failed(form, submitter, `${this.dataset.refused} ${this.reason(request)}`);
      return;
    }
    this.ready(form, submitter);
    if (answer) {
      document.title = request.response.title;
      place.replaceWith(answer);
      // The summary of the errors takes the focus by itself.
      if (document.activeElement === document.body) answer.focus();
      return;
    }
    this.plain = true; // Something else answers. The browser shows it best.
    form.requestSubmit(submitter);
  }

  /** Why nothing was taken: in our own words, or as well as the status tells. */
  reason({ response, status }) {
    const main = response?.getElementById("hd-main");
    const told = main?.querySelector("[role=alert]") || main?.querySelector("h1");
    return told?.textContent.trim() || (status === 413 ? this.dataset.tooMuch : "");
  }

  failed(form, submitter, reason = this.dataset.failed) {
    this.ready(form, submitter);
    const retry = make("button", "hd-btn", this.dataset.retry);
    retry.type = "button";
    retry.addEventListener("click", () => form.requestSubmit(submitter));
    const text = make("p", "hd-note hd-note--error", reason);
    text.setAttribute("role", "alert");
    form.append(make("div", "hd-actions hd-sending", text, retry));
  }

  ready(form, submitter) {
    form.querySelector(".hd-sending")?.remove();
    delete form.dataset.hdSent;
    submitter?.removeAttribute("aria-disabled");
  }
}

/** Goes to an address; to the same page with another anchor, too. */
function leave(url) {
  if (url.href.split("#")[0] !== location.href.split("#")[0]) {
    location.assign(url);
    return;
  }
  history.scrollRestoration = "manual"; // Else the page stands where it stood.
  history.pushState(null, "", url);
  location.reload();
}

window.addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll(".hd-sending").forEach((one) => one.remove());
});

if (!customElements.get("hd-files")) customElements.define("hd-files", Files);
