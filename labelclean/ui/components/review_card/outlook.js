// How the review is going: short sentences under the card, each with how it was computed, and when to stop.

function buildOutlook(nodes) {
  nodes.outlookLines = el("ul", { class: "outlook-lines" });
  nodes.outlookHow = el("p", { class: "outlook-how", id: "lc-how", role: "status", hidden: true });
  nodes.stopWords = el("span", { class: "stop-words" });
  nodes.stopButton = el("button", { type: "button", class: "button", text: "Go on anyway" });
  nodes.stop = el("div", { class: "stop", role: "status", hidden: true }, nodes.stopWords, nodes.stopButton);
  nodes.outlook = el("div", { class: "outlook", role: "group", "aria-label": "How it is going", hidden: true },
    nodes.outlookLines, nodes.outlookHow, nodes.stop);
  return nodes.outlook;
}

function outlookNode(line, place) {
  return el("li", {}, el("span", { text: line }), " ", el("button", { type: "button", class: "how", "data-how": place,
    "aria-expanded": "false", "aria-controls": "lc-how", "aria-label": `How is this computed: ${line}` }, "how?"));
}

class Outlook {
  constructor(nodes) {
    this.nodes = nodes;
    this.openPlace = null;
    this.dismissed = null;
    this.queue = null;
    nodes.outlookLines.onclick = (event) => {
      const place = event.target.closest("[data-how]")?.dataset.how;
      if (place !== undefined) this.toggle(Number(place));
    };
    nodes.outlook.onkeydown = (event) => {
      if (event.key === "Escape" && this.openPlace !== null) this.toggle(this.openPlace);
    };
    nodes.stopButton.onclick = () => {
      this.dismissed = this.queue;
      nodes.stop.hidden = true;
    };
  }

  toggle(place) {
    this.openPlace = this.openPlace === place ? null : place;
    this.paintHow();
  }

  // A suggestion to stop is made once for each queue.
  paint({ outlook, queue }) {
    const { nodes } = this;
    this.queue = queue;
    this.how = outlook?.how ?? [];
    nodes.outlook.hidden = !outlook;
    if (!outlook) return;
    this.paintLines(outlook.lines);
    nodes.stop.hidden = !outlook.stop || this.dismissed === queue;
    setText(nodes.stopWords, outlook.stop ?? "");
    this.paintHow();
  }

  // Nodes that stay the same keep the focus; only their words change.
  paintLines(lines) {
    const { outlookLines } = this.nodes;
    if (outlookLines.children.length !== lines.length) {
      outlookLines.replaceChildren(...lines.map(outlookNode));
      return;
    }
    lines.forEach((line, place) => {
      const [words, button] = outlookLines.children[place].children;
      setText(words, line);
      button.setAttribute("aria-label", `How is this computed: ${line}`);
    });
  }

  paintHow() {
    const words = this.how[this.openPlace] ?? "";
    this.nodes.outlookHow.hidden = !words;
    setText(this.nodes.outlookHow, words);
    for (const button of this.nodes.outlookLines.querySelectorAll("[data-how]")) {
      button.setAttribute("aria-expanded", String(Boolean(words) && Number(button.dataset.how) === this.openPlace));
    }
  }
}
