// wagtail-helpdesk: articles suggested while the subject of a new request is typed. The
// form works without this file; the same articles are shown after sending.

const PAUSE = 400; // Milliseconds without a key: ten characters ask three times at most.
const IDEOGRAPH = /[\u2e80-\ud7ff]/;

/**
 * Fetches a list for what stands in an input and shows it below. `for` is the id of the
 * input, `src` the address of the list. Nothing takes the focus.
 */
class Suggest extends HTMLElement {
  connectedCallback() {
    const input = document.getElementById(this.getAttribute("for"));
    if (!input || this.input) return;
    this.input = input;
    this.known = new Map();
    this.quietUntil = 0;
    (input.closest(".hd-field") || input.parentElement).append(this);
    input.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.look(), PAUSE);
    });
    if (input.value) this.look();
  }

  async look() {
    const text = this.input.value.trim().replace(/\s+/g, " ");
    this.fetching?.abort();
    if (text.length < (IDEOGRAPH.test(text) ? 2 : 3)) {
      this.show("");
      return;
    }
    if (!this.known.has(text)) {
      if (Date.now() < this.quietUntil) return;
      this.fetching = new AbortController();
      try {
        const url = `${this.getAttribute("src")}?q=${encodeURIComponent(text)}`;
        const answer = await fetch(url, { signal: this.fetching.signal, redirect: "error" });
        if (answer.status === 429) {
          this.quietUntil = Date.now() + 1000 * (Number(answer.headers.get("Retry-After")) || 60);
        }
        if (!answer.ok) return;
        this.known.set(text, await answer.text());
      } catch {
        return; // Aborted, signed out or offline: what is shown stays.
      }
    }
    this.show(this.known.get(text));
  }

  show(html) {
    if (html === this.shown) return;
    this.shown = html;
    const list = this.querySelector(".hd-suggest__list");
    const parsed = new DOMParser().parseFromString(html, "text/html");
    const said = parsed.querySelector("[data-hd-said]");
    said?.remove();
    list.replaceChildren(...parsed.body.childNodes);
    list.hidden = !list.childElementCount;
    this.querySelector("[role=status]").textContent = said ? said.textContent.trim() : "";
  }
}

if (!customElements.get("hd-suggest")) customElements.define("hd-suggest", Suggest);
