// The last ten decisions, each a way back to its card.

const RECENT_SHOWN = 10;

function buildHistory(nodes) {
  nodes.historyClose = el("button", { type: "button", class: "button ghost square", "aria-label": "Close (Esc)" },
    icon("close"));
  nodes.historyList = el("ol", { class: "history-list" });
  nodes.historyNone = el("p", { class: "soft", text: "Nothing decided yet. What you decide is listed here." });
  nodes.history = el("dialog", { class: "help history", "aria-label": "Your last decisions" },
    el("div", { class: "help-panel" },
      el("div", { class: "help-head" }, el("h2", { text: "Your last decisions" }), nodes.historyClose),
      nodes.historyList, nodes.historyNone,
      el("p", { class: "help-foot", text: "Enter or a click shows the card, so that you can decide it anew. The next " +
        "step leads back to where you are." })));
  return nodes.history;
}

function historyNode(entry) {
  const { words, label } = describeDecision(entry.decision ?? { verdict: "", label: null });
  const told = el("span", { class: "history-told" }, el("strong", { text: words }));
  if (label !== null) told.append(" ", el("bdi", { dir: "auto", text: label, title: label }));
  if (entry.n_rows > 1) told.append(el("span", { class: "soft", text: ` · ${plural(entry.n_rows, "row", "rows")}` }));
  const text = entry.words.replace(/\s+/g, " ").trim().slice(0, 200);
  return el("li", {}, el("button", { type: "button", class: "history-entry", "data-uuid": entry.uuid },
    el("span", { class: "history-row", text: `row ${count(entry.row)}` }),
    el("span", { class: "history-words", dir: "auto", title: text, text: text || "(no text)" }), told));
}

class History {
  // go(entry) shows the card; closed() puts the focus back.
  constructor(nodes, { go, closed }) {
    this.nodes = nodes;
    this.go = go;
    this.entries = [];
    const { history, historyList, historyClose } = nodes;
    historyClose.onclick = () => history.close();
    historyList.onclick = (event) => this.onClick(event);
    history.onclick = (event) => event.target === history && history.close();
    history.onkeydown = (event) => this.onKey(event);
    history.onclose = () => closed();
  }

  get isOpen() {
    return this.nodes.history.open;
  }

  open(entries) {
    this.entries = entries;
    const { history, historyList, historyNone, historyClose } = this.nodes;
    historyList.replaceChildren(...entries.map(historyNode));
    historyNone.hidden = entries.length > 0;
    history.showModal();
    (historyList.querySelector("button") ?? historyClose).focus();
  }

  onClick(event) {
    const uuid = event.target.closest("[data-uuid]")?.dataset.uuid;
    const entry = this.entries.find((other) => other.uuid === uuid);
    if (!entry) return;
    this.nodes.history.close();
    this.go(entry);
  }

  // The browser itself keeps the focus inside, closes on Esc and presses on Enter. For a moment after closing it also
  // leaves the focus here: what is pressed then is meant for the card.
  onKey(event) {
    if (!this.isOpen) return;
    event.stopPropagation();
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      const buttons = Array.from(this.nodes.historyList.querySelectorAll("button"));
      const place = buttons.indexOf(event.target.closest("button"));
      buttons.at((place + step) % buttons.length)?.focus();
      event.preventDefault();
    } else if (actionNameOf(event) === "recent" && !event.repeat) {
      event.preventDefault();
      this.nodes.history.close();
    }
  }
}
