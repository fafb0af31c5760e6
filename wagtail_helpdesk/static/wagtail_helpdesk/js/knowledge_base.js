// wagtail-helpdesk: articles. Without this file code is copied by hand and a video is a
// link. Texts come from the templates in data attributes.

const define = (name, Element) => {
  if (!customElements.get(name)) customElements.define(name, Element);
};

/** Shows the button that copies the code, and says what happened. */
define("hd-code", class extends HTMLElement {
  connectedCallback() {
    const button = this.querySelector("button");
    const said = this.querySelector("[role=status]");
    if (!button || !navigator.clipboard) return;
    button.hidden = false;
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(this.querySelector("code").textContent);
        said.textContent = this.dataset.copied;
      } catch {
        said.textContent = this.dataset.failed;
      }
    });
  }
});

/** Puts the player in the place of its poster. Where the site's content security policy
    forbids the player, the link is followed after all. */
define("hd-video", class extends HTMLElement {
  connectedCallback() {
    const link = this.querySelector("a");
    const player = this.dataset.player;
    if (!link || !player) return;
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      document.addEventListener("securitypolicyviolation", (violation) => {
        if (violation.effectiveDirective.startsWith("frame-src")) location.assign(link.href);
      }, { once: true });
      const frame = document.createElement("iframe");
      frame.className = "hd-video__frame";
      frame.title = this.dataset.title;
      frame.allow = "autoplay; encrypted-media; fullscreen; picture-in-picture";
      frame.allowFullscreen = true;
      frame.src = player;
      this.replaceChildren(frame);
      frame.focus();
    });
  }
});
