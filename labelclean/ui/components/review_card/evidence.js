// Why a row is on the desk: its words tinted for either label, one sentence, the nearest texts. Can be folded away.

const FOLDED_KEY = "labelclean:evidence-folded";
const TOLD_ICONS = { corrected: "pencil", confirmed: "check", excluded: "close" };
const TOLD_WORDS = { corrected: "corrected by a reviewer", confirmed: "confirmed by a reviewer",
  excluded: "excluded by a reviewer" };
const NOT_EXPLAINED = "This row was not explained: it is not among the most suspect.";
const NO_EVIDENCE = "No evidence was gathered for these rows.";
const CONTEXT_ABOVE_PX = 40;

function buildEvidence(nodes) {
  nodes.why = el("p", { class: "why-words", dir: "auto" });
  nodes.whyOld = el("p", { class: "soft" });
  nodes.legend = el("div", { class: "legend" });
  nodes.tintButton = el("button", { type: "button", class: "tint-button", "data-action": "tints", "aria-pressed": "true",
    ...keyed("tints", "Tint the words that speak for a label, or leave the text plain") }, keyCap("tints"),
  el("span", { text: "tints" }));
  nodes.nearHead = el("h3", { text: "Nearest texts" });
  nodes.near = el("ul", { class: "near-list" });
  nodes.evidence = el("div", { class: "evidence", id: "lc-evidence", role: "group", "aria-label": "Evidence",
    tabindex: "0" },
  el("div", { class: "why" },
    el("div", { class: "why-head" }, el("h3", { text: "Why it is here" }), nodes.legend, nodes.tintButton), nodes.why, nodes.whyOld),
  el("div", { class: "near" }, nodes.nearHead, nodes.near));
  return nodes.evidence;
}

function buildEvidenceButton(nodes) {
  nodes.evidenceButton = el("button", { type: "button", class: "button ghost evidence-button",
    "data-action": "evidence", ...keyed("evidence", "Show or fold away the evidence"),
    "aria-controls": "lc-evidence" }, keyCap("evidence"), el("span", { class: "words", text: "Evidence" }));
  return nodes.evidenceButton;
}

// The text in its nodes: plain stretches, and marked ones that speak for a label.
function textNodes(text, evidence) {
  const parts = [];
  let last = 0;
  for (const { start, end, side, is_main: isMain } of evidence?.spans ?? []) {
    if (start > last) parts.push(document.createTextNode(text.slice(last, start)));
    parts.push(el("mark", { class: isMain ? `tint tint-main tint-${side}` : `tint tint-${side}`, title: `Speaks for ${evidence[side] ?? ""}`,
      text: text.slice(start, end) }));
    last = end;
  }
  if (last < text.length) parts.push(document.createTextNode(text.slice(last)));
  return parts;
}

// In a text longer than its window, the words that matter most come into view.
function showMainTint(holder) {
  holder.scrollTop = 0;
  if (holder.dataset.size !== "long" || isFolded()) return;
  const tint = holder.querySelector(".tint-main") ?? holder.querySelector(".tint");
  if (!tint) return;
  const below = tint.getBoundingClientRect().bottom - holder.getBoundingClientRect().bottom;
  if (below <= 0) return;
  holder.scrollTop = tint.getBoundingClientRect().top - holder.getBoundingClientRect().top - CONTEXT_ABOVE_PX;
}

function voiceOf(label, evidence) {
  if (label === evidence.suggested) return "suggested";
  return label === evidence.given ? "given" : "other";
}

function nearNode(item, evidence, caption) {
  const label = el("span", { class: `near-label near-${voiceOf(item.label, evidence)}`, title: item.label },
    el("bdi", { dir: "auto", text: item.label }));
  const line = el("li", { "data-row": item.row });
  if (caption) line.append(el("span", { class: "near-caption soft", text: caption }));
  line.append(el("span", { class: "near-text", dir: "auto", title: item.text, text: item.text || "(no text)" }), label);
  if (item.told) {
    line.append(el("span", { class: "near-told", title: TOLD_WORDS[item.told] }, icon(TOLD_ICONS[item.told]),
      el("span", { class: "unseen", text: TOLD_WORDS[item.told] })));
  }
  return line;
}

function legendNodes(evidence) {
  const sides = ["suggested", "given"].filter((side) => evidence.spans.some((span) => span.side === side));
  return sides.map((side) => el("span", { title: evidence[side] ?? "" },
    el("span", { class: `tint tint-${side}`, text: "words" }), ` for ${side}`));
}

function missingWords(card, isNowhere) {
  if (card.is_veiled) return VEILED_EVIDENCE;
  return isNowhere ? NO_EVIDENCE : NOT_EXPLAINED;
}

function paintEvidence(nodes, card) {
  const { evidence } = card;
  const isNowhere = nodes.evidence.classList.contains("nowhere");
  if (!hasChanged(nodes.evidence, card.row, card.suggested, card.remark, evidence, isNowhere, card.is_veiled)) return;
  nodes.evidence.scrollTop = 0;
  nodes.evidence.classList.toggle("none", !evidence);
  const why = evidence ? evidence.sentence : missingWords(card, isNowhere);
  setText(nodes.why, card.remark ? `${card.remark} ${why}` : why);
  const isOld = Boolean(evidence) && evidence.suggested !== card.suggested;
  setText(nodes.whyOld, isOld ? `Gathered when ${evidence.suggested} was suggested; it speaks of that label.` : "");
  nodes.tintButton.hidden = !evidence?.spans.length;
  nodes.legend.replaceChildren(...(evidence ? legendNodes(evidence) : []));
  const lines = (evidence?.nearest ?? []).map((item) => nearNode(item, evidence));
  if (evidence?.counter) lines.push(nearNode(evidence.counter, evidence, "closest as given"));
  nodes.nearHead.hidden = lines.length === 0;
  nodes.near.replaceChildren(...lines);
}

// ---- folding -------------------------------------------------------------------------------------------------------

let foldedHere = null;

function isFolded() {
  try {
    foldedHere ??= localStorage.getItem(FOLDED_KEY) === "1";
  } catch {
    foldedHere ??= false;
  }
  return foldedHere;
}

function paintFolding(nodes) {
  const folded = isFolded();
  nodes.root.dataset.evidence = folded ? "folded" : "open";
  nodes.evidence.hidden = folded;
  nodes.evidenceButton.setAttribute("aria-expanded", String(!folded));
}

function toggleEvidence(nodes) {
  foldedHere = !isFolded();
  try {
    localStorage.setItem(FOLDED_KEY, foldedHere ? "1" : "0");
  } catch {
    // Without a memory the choice lasts as long as the page.
  }
  paintFolding(nodes);
  return foldedHere;
}
