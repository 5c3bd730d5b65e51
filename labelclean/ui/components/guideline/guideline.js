// The panel beside the card: shows itself when the card asks, and stays where it hides neither text nor buttons.

const PANELS = new WeakMap();
const ASKED = "labelclean:guideline";
const OPEN_KEY = "labelclean:guideline-open:";
const LEAST_WIDTH_PX = 230;
const GAP_PX = 12;
const CARD = ".st-key-review-desk [data-testid=stColumn]:last-child";

class GuidelinePanel {
  constructor(parent) {
    const close = el("button", { type: "button", class: "close", "aria-label": "Fold the guideline away" }, icon("close"));
    this.cap = el("kbd", { class: "cap", "aria-hidden": "true" });
    this.words = el("div", { class: "words", tabindex: "0", role: "region", "aria-label": "Text of the guideline" });
    this.root = el("aside", { class: "guideline", "aria-label": "Guideline", hidden: true },
      el("div", { class: "head" }, el("h2", { text: "Guideline" }), this.cap, close), this.words);
    parent.querySelector(".labelclean-mount").replaceChildren(this.root);
    this.stop = new AbortController();
    const options = { signal: this.stop.signal };
    close.onclick = () => this.show(false);
    this.root.onkeydown = (event) => {
      if (event.key === "Escape") this.show(false);
    };
    document.addEventListener(ASKED, (event) => this.onAsked(event), options);
    window.addEventListener("resize", () => this.place(), options);
  }

  receive({ text, project, shortcut }) {
    this.project = project;
    this.cap.hidden = !shortcut;
    setText(this.cap, shortcut);
    if (this.text !== text) this.words.replaceChildren(...markdownNodes(text));
    this.text = text;
    this.show(this.wasOpen());
  }

  // The card asks by an event and is answered in it: whether to turn the panel, and whether it is open.
  onAsked({ detail }) {
    if (!this.root.isConnected) return;
    if (detail.turn) this.show(this.root.hidden);
    detail.isOpen = !this.root.hidden;
  }

  show(isOpen) {
    this.root.hidden = !isOpen;
    this.remember(isOpen);
    this.place();
    document.dispatchEvent(new CustomEvent(`${ASKED}-is`, { detail: { isOpen } }));
  }

  // Left of the card where there is room, else over the lower part of the window.
  place() {
    if (this.root.hidden) return;
    const left = document.querySelector(CARD)?.getBoundingClientRect().left ?? 0;
    const room = left - 2 * GAP_PX;
    this.root.dataset.place = room >= LEAST_WIDTH_PX ? "beside" : "below";
    this.root.style.width = room >= LEAST_WIDTH_PX ? `${room}px` : "";
  }

  wasOpen() {
    try {
      return localStorage.getItem(OPEN_KEY + this.project) === "1";
    } catch {
      return !this.root.hidden;
    }
  }

  remember(isOpen) {
    try {
      localStorage.setItem(OPEN_KEY + this.project, isOpen ? "1" : "0");
    } catch {
      // Without a memory the choice lasts as long as the page.
    }
  }
}

export default function (component) {
  const { parentElement, data } = component;
  let panel = PANELS.get(parentElement);
  if (!panel) {
    panel = new GuidelinePanel(parentElement);
    PANELS.set(parentElement, panel);
  }
  panel.receive(data);
  return () => {
    panel.stop.abort();
    PANELS.delete(parentElement);
    document.dispatchEvent(new CustomEvent(`${ASKED}-is`, { detail: { isOpen: false } }));
  };
}
