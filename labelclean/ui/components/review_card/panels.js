// What is folded away until it is asked for: the guideline beside the card, and the other columns of the row.

const GUIDELINE_ASKED = "labelclean:guideline";
const COLUMNS_KEY = "labelclean:columns-open";

function panelButton(nodes, action, words, title) {
  nodes[`${action}Button`] = el("button", { type: "button", class: "button ghost evidence-button", "data-action": action,
    ...keyed(action, title), "aria-expanded": "false", hidden: true,
    "aria-controls": action === "columns" ? "lc-columns" : null }, keyCap(action), el("span", { class: "words", text: words }));
  return nodes[`${action}Button`];
}

function buildPanelButtons(nodes) {
  return [panelButton(nodes, "columns", "Columns", "Show the other columns of this row, or fold them away"),
    panelButton(nodes, "guideline", "Guideline", "Show the guideline, or fold it away")];
}

// ---- the guideline: a panel of the page, which answers the card's event --------------------------------------------

function askGuideline(turn) {
  const detail = { turn, isOpen: null };
  document.dispatchEvent(new CustomEvent(GUIDELINE_ASKED, { detail }));
  return detail.isOpen;
}

function toggleGuideline() {
  const isOpen = askGuideline(true);
  if (isOpen === null) return "This project has no guideline yet. It can be added beside the queues.";
  return isOpen ? "Guideline shown" : "Guideline folded away";
}

function paintGuidelineButton(nodes, hasGuideline) {
  nodes.guidelineButton.hidden = !hasGuideline;
  nodes.guidelineButton.setAttribute("aria-expanded", String(askGuideline(false) === true));
}

function followGuideline(nodes, options) {
  const follow = ({ detail }) => nodes.guidelineButton.setAttribute("aria-expanded", String(detail.isOpen));
  document.addEventListener(`${GUIDELINE_ASKED}-is`, follow, options);
}

// ---- the other columns, in the place of the evidence ---------------------------------------------------------------

let columnsOpenHere = null;

function areColumnsOpen() {
  try {
    columnsOpenHere ??= localStorage.getItem(COLUMNS_KEY) === "1";
  } catch {
    columnsOpenHere ??= false;
  }
  return columnsOpenHere;
}

function buildColumns(nodes) {
  nodes.columnList = el("dl", { class: "column-list" });
  nodes.columns = el("div", { class: "columns", id: "lc-columns", role: "group", "aria-label": "Other columns of this row",
    tabindex: "0", hidden: true }, el("h3", { text: "Other columns of this row" }), nodes.columnList);
  return nodes.columns;
}

function paintColumns(nodes, card) {
  const columns = card.columns ?? [];
  const isOpen = areColumnsOpen() && columns.length > 0;
  nodes.columnsButton.hidden = columns.length === 0;
  nodes.columnsButton.setAttribute("aria-expanded", String(isOpen));
  nodes.columns.hidden = !isOpen;
  nodes.root.dataset.columns = isOpen ? "open" : "folded";
  nodes.evidenceButton.setAttribute("aria-expanded", String(!isOpen && !isFolded()));
  if (!isOpen || !hasChanged(nodes.columns, card.row, columns)) return;
  nodes.columns.scrollTop = 0;
  nodes.columnList.replaceChildren(...columns.flatMap(({ name, value }) => [
    el("dt", {}, el("bdi", { dir: "auto", text: name })),
    value === "" ? el("dd", { class: "soft", text: "empty" }) : el("dd", { dir: "auto", text: value })]));
}

// Both stand in one place: asking for the evidence puts the columns away.
function turnEvidence(nodes, card) {
  const wereOpen = Boolean(card) && nodes.root.dataset.columns === "open";
  if (wereOpen) toggleColumns(nodes, card);
  if (wereOpen && !isFolded()) return "Evidence shown";
  return toggleEvidence(nodes) ? "Evidence folded away" : "Evidence shown";
}

function toggleColumns(nodes, card) {
  if (!card.columns?.length) return "The file has no other columns";
  columnsOpenHere = !areColumnsOpen();
  try {
    localStorage.setItem(COLUMNS_KEY, columnsOpenHere ? "1" : "0");
  } catch {
    // Without a memory the choice lasts as long as the page.
  }
  paintColumns(nodes, card);
  return columnsOpenHere ? "Other columns shown" : "Other columns folded away";
}
