// wagtail-helpdesk: warns two minutes before an idle session ends (UX16). Loaded only
// where there is a time-out. The server decides; this only shows what it said last.

const WARN = 120_000;
const RETRY = 10_000;

/**
 * Holds the dialog. `data-seconds` is how long the session lasts from now on, `data-url`
 * where to ask how long it lasts, and to make it last.
 */
class Session extends HTMLElement {
  connectedCallback() {
    this.dialog = this.querySelector("dialog");
    this.form = this.querySelector("[data-hd-stay]");
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.stay();
    });
    // Escape is an answer too: whoever presses it is there.
    this.dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      if (!this.over) this.stay();
    });
    this.dialog.addEventListener("close", () => {
      if (this.over) this.dialog.showModal();
    });
    // What happens in one tab counts in all of them.
    if ("BroadcastChannel" in window) {
      this.tabs = new BroadcastChannel("hd-session");
      this.tabs.addEventListener("message", (event) => {
        if (!this.over) this.last(event.data);
      });
    }
    // Timers sleep with the computer, and in a page that the browser has put away.
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.look();
    });
    window.addEventListener("pageshow", (event) => {
      if (event.persisted) this.ask();
    });
    this.begin(Number(this.dataset.seconds));
  }

  /** The session lasts this long again, here and in the other tabs. */
  begin(seconds) {
    this.last(seconds);
    this.tabs?.postMessage(seconds);
  }

  last(seconds) {
    this.end = Date.now() + seconds * 1000;
    this.asked = false;
    this.look();
  }

  wait(time) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), Math.max(time, 0));
  }

  look() {
    if (this.over) return;
    const left = this.end - Date.now();
    if (left > WARN) {
      if (this.dialog.open) this.dialog.close();
      this.wait(left - WARN);
    } else if (!this.asked || left <= 0) {
      this.ask(); // Something else may have happened meanwhile.
    } else {
      this.show(left);
      this.wait(1000);
    }
  }

  show(left) {
    const seconds = Math.ceil(left / 1000);
    const rest = String(seconds % 60).padStart(2, "0");
    this.querySelector("[data-hd-left]").textContent = `${Math.floor(seconds / 60)}:${rest}`;
    if (!this.dialog.open) this.dialog.showModal();
  }

  /** Asks how long the session lasts, which does not make it last. */
  async ask() {
    clearTimeout(this.timer);
    const answer = await this.send("GET");
    if (this.over) return;
    this.asked = true;
    if (!answer) {
      this.wait(this.end > Date.now() ? 0 : RETRY);
    } else if (answer.seconds) {
      this.end = Date.now() + answer.seconds * 1000;
      this.look();
    } else if (this.dialog.open) {
      this.dialog.close(); // There is no time-out any more.
    }
  }

  /** Somebody is there: the session lasts the whole time again. */
  async stay() {
    const answer = await this.send("POST", new FormData(this.form));
    if (this.over) return;
    this.querySelector("[data-hd-failed]").hidden = Boolean(answer);
    if (!answer) return;
    if (answer.seconds) this.begin(answer.seconds);
    else this.dialog.close();
  }

  /** The server's answer; nothing where it cannot be reached. */
  async send(method, body) {
    const headers = { Accept: "application/json" };
    if (method === "GET") headers["X-Helpdesk-Poll"] = "1";
    try {
      const response = await fetch(this.dataset.url, { method, body, headers, cache: "no-store" });
      if (response.status === 401) this.finish();
      return response.ok ? await response.json() : null;
    } catch {
      return null;
    }
  }

  /** Covers the page of whoever has gone away, and leads back to it. */
  finish() {
    this.over = true;
    clearTimeout(this.timer);
    this.querySelector("[data-hd-warning]").hidden = true;
    this.querySelector("[data-hd-over]").hidden = false;
    this.dialog.setAttribute("aria-labelledby", "hd-session-over");
    this.dialog.setAttribute("aria-describedby", "hd-session-why");
    this.dialog.classList.add("hd-dialog--over");
    if (!this.dialog.open) this.dialog.showModal();
    this.querySelector("[data-hd-over] a").focus();
  }
}

if (!customElements.get("hd-session")) customElements.define("hd-session", Session);
