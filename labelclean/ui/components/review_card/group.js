// The copies of the row at hand: what they are labelled, and one decision for all of them.

const COPIES_SHOWN_AT_ONCE = 2;

function buildGroup(nodes) {
  const words = el("span", { class: "words" });
  nodes.groupButton = el("button", { type: "button", class: "button group-button", "data-action": "group",
    "aria-pressed": "false", ...keyed("group", "The next decision counts for all copies, or for this row alone") },
  keyCap("group"), words);
  nodes.groupButtonWords = words;
  nodes.groupWords = el("span", { class: "group-words" });
  nodes.groupFold = el("button", { type: "button", class: "button ghost fold", "aria-expanded": "false",
    "aria-controls": "lc-copies" }, el("span", { class: "words" }));
  nodes.copies = el("ul", { class: "near-list copies", id: "lc-copies", "aria-label": "Copies of this text",
    tabindex: "0", hidden: true });
  nodes.groupFold.onclick = () => foldCopies(nodes, !nodes.copies.hidden);
  nodes.groupLine = el("div", { class: "group-line" }, nodes.groupWords, nodes.groupFold, nodes.groupButton);
  nodes.groupBox = el("div", { class: "group-box nowhere", role: "group", "aria-label": "Copies of this row" },
    nodes.groupLine, nodes.copies);
  return nodes.groupBox;
}

function foldCopies(nodes, isFolded) {
  nodes.copies.hidden = isFolded;
  nodes.groupFold.setAttribute("aria-expanded", String(!isFolded));
  setText(nodes.groupFold.firstChild, isFolded ? "Show them" : "Fold away");
}

// "3 copies of this text with different labels: billing 1 · refund 2". Each label keeps its own direction.
function copiesNodes(group, hint) {
  const copies = `${count(group.n_copies + 1)} copies of this text`;
  if (group.n_classes < 2) return [`${copies}, no two with different labels${hint}`];
  const counts = group.labels.flatMap(([label, n_rows], place) => [place ? " · " : "", el("bdi", { text: label }),
    `\u00a0${count(n_rows)}`]);
  const more = group.n_classes - group.labels.length;
  return [`${copies} with different labels: `, ...counts, more > 0 ? ` · ${count(more)} more` : "", hint];
}

function copyNode(item, card) {
  const voice = item.label === card.suggested ? "suggested" : item.label === card.given ? "given" : "other";
  const line = el("li", { "data-row": item.row }, el("span", { class: "near-caption soft", text: `row ${count(item.row)}` }),
    el("span", { class: "near-text", dir: "auto", title: item.text, text: item.text || "(no text)" }),
    el("span", { class: `near-label near-${voice}`, title: item.label }, el("bdi", { dir: "auto", text: item.label || "no label" })));
  if (item.told) {
    line.append(el("span", { class: "near-told", title: TOLD_WORDS[item.told] }, icon(TOLD_ICONS[item.told]),
      el("span", { class: "unseen", text: TOLD_WORDS[item.told] })));
  }
  return line;
}

function paintGroup(nodes, card, isForAll) {
  const { group } = card;
  nodes.verdicts.classList.toggle("for-all", isForAll && Boolean(group?.rows.length));
  nodes.groupBox.classList.toggle("none", !group);
  if (!group) {
    nodes.copies.hidden = true;
    hasChanged(nodes.groupBox, card.row, null);
    return;
  }
  const isTooMany = group.rows.length === 0;
  nodes.groupButton.hidden = isTooMany;
  nodes.groupButton.setAttribute("aria-pressed", String(isForAll));
  setText(nodes.groupButtonWords, isForAll ? `Deciding all ${count(group.n_copies + 1)}` : `Decide all ${count(group.n_copies + 1)}`);
  nodes.groupLine.classList.toggle("contradicts", group.n_classes > 1);
  const wasSame = nodes.groupBox.dataset.row === String(card.row);
  nodes.groupBox.dataset.row = String(card.row);
  if (!hasChanged(nodes.groupBox, card.row, group)) return;
  const hint = isTooMany ? ". Too many for one key: decide them in bulk." : "";
  nodes.groupWords.replaceChildren(...copiesNodes(group, hint));
  nodes.groupWords.title = nodes.groupWords.textContent;
  const lines = group.near.map((item) => copyNode(item, card));
  const unseen = group.n_copies - lines.length;
  if (unseen > 0) lines.push(el("li", { class: "soft", text: `and ${plural(unseen, "more copy", "more copies")}` }));
  nodes.copies.replaceChildren(...lines);
  if (!wasSame) foldCopies(nodes, group.n_classes < 2 || group.n_copies > COPIES_SHOWN_AT_ONCE);
}

// Which rows the next decision is for, beside the card's own: on by default where a card stands for its group.
class ForAll {
  constructor() {
    this.row = null;
    this.isOn = false;
  }

  follow(card, byDefault) {
    if (card?.row === this.row) return;
    this.row = card?.row ?? null;
    this.isOn = Boolean(byDefault);
  }

  rows(card) {
    return this.isOn ? card?.group?.rows ?? [] : [];
  }

  toggle(card) {
    if (!card?.group?.rows.length) return false;
    this.isOn = !this.isOn;
    return true;
  }
}

// Copies that contradict each other cannot all keep their own label: the one of the card is given to all.
function decisionForGroup({ verdict, label }, card) {
  const keepsOne = verdict === "keep" && card.given !== null && card.group.n_classes > 1;
  return keepsOne ? { verdict: "relabel", label: card.given } : { verdict, label };
}
