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

const button = (name, act, ...content) => {
  const element = make("button", name, ...content);
  element.type = "button";
  element.addEventListener("click", act);
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
    const remove = () => {
      const rest = new DataTransfer();
      [...this.input.files].forEach((one, place) => place !== number && rest.items.add(one));
      this.input.files = rest.files;
      this.show();
      (this.list.querySelector("button") || this.input).focus();
    };
    const size = make("span", "hd-muted", ` ${sizeText(file.size)} `);
    const row = make("li", "", make("bdi", "", file.name), size);
    if (file.size > (Number(this.dataset.maxBytes) || Infinity)) {
      row.append(make("strong", "hd-error", `${this.dataset.tooLarge} `));
    }
    row.append(button("hd-btn hd-btn--link", remove, this.dataset.remove, make("bdi", "hd-sr", ` ${file.name}`)));
    return row;
  }

  /** Sends the form by script, to tell how far it is. */
  send(event) {
    const form = event.target;
    if (event.defaultPrevented || this.plain) return;
    event.preventDefault();
    if (form.dataset.hdSent) return; // A second click, while it is on its way.
    form.dataset.hdSent = "1"; // See helpdesk.js, which takes it off again, and the box.
    const data = new FormData(form);
    const { submitter } = event;
    if (submitter?.name) data.append(submitter.name, submitter.value);
    submitter?.setAttribute("aria-disabled", "true");
    const request = new XMLHttpRequest();
    this.progress(form, () => {
      request.abort();
      this.failed(form, submitter, this.dataset.refused, "status");
    });
    request.upload.addEventListener("progress", (at) => at.lengthComputable && this.at(at.loaded / at.total));
    // From here on it may have been taken, so nobody can stop it any more.
    request.upload.addEventListener("load", () => this.unstop(submitter));
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

  progress(form, stop) {
    form.querySelector(".hd-sending")?.remove();
    this.bar = document.createElement("progress");
    this.said = make("p", "hd-p");
    this.said.setAttribute("role", "status");
    this.bar.setAttribute("aria-label", this.dataset.sending);
    this.stop = button("hd-btn", stop, this.dataset.stop);
    form.append(make("div", "hd-actions hd-sending", this.said, this.bar, this.stop));
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

  /** Offers to send it again. What people did themselves is said in its turn ("status"). */
  failed(form, submitter, reason = this.dataset.failed, role = "alert") {
    this.free(form, submitter);
    // The second click of two on "Stop" is none on this.
    const again = (event) => event.detail > 1 || form.requestSubmit(submitter);
    const retry = button("hd-btn", again, this.dataset.retry);
    this.bar.replaceWith(retry);
    this.unstop(retry);
    if (role === "alert") this.said.replaceWith((this.said = make("p")));
    this.said.setAttribute("role", role);
    this.said.className = "hd-note hd-note--error";
    this.said.textContent = reason;
  }

  /** Takes the button away; the focus goes on to another, if it was there. */
  unstop(next) {
    const wasHere = document.activeElement === this.stop;
    this.stop.remove();
    if (wasHere) next?.focus();
  }

  ready(form, submitter) {
    form.querySelector(".hd-sending")?.remove();
    this.free(form, submitter);
  }

  free(form, submitter) {
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

if (!customElements.get("hd-files")) customElements.define("hd-files", Files);
