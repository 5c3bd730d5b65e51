// Builds the card's nodes once; paint.js fills them.

const VERDICT_BUTTONS = [
  ["accept", "Accept"], ["keep", "Keep"], ["confirm", "Confirm"], ["ambiguous", "Ambiguous"], ["unsure", "Unsure"], ["exclude", "Exclude"],
];

const BUTTON_TITLES = {
  accept: "Accept the suggested label", keep: "Keep the given label", ambiguous: "Several labels fit",
  confirm: "Confirm the labels as they stand", recent: "Your last ten decisions",
  unsure: "Ask for a second opinion", exclude: "This row does not belong into the data",
  undo: "Undo the last decision", redo: "Redo the decision undone last", back: "Previous card",
  forward: "Next card without deciding", help: "All keys", note: "Write a note",
};

function actionButton(nodes, action, words, kind = "") {
  const label = el("span", { class: "words", text: words });
  const button = el("button", { type: "button", class: `button ${kind}`.trim(), "data-action": action,
    ...keyed(action, BUTTON_TITLES[action]) }, keyCap(action), label);
  nodes.buttons[action] = button;
  nodes.words[action] = label;
  return button;
}

function iconButton(nodes, action, name) {
  const button = el("button", { type: "button", class: "button ghost square", "data-action": action,
    ...keyed(action, BUTTON_TITLES[action]), "aria-label": BUTTON_TITLES[action] }, icon(name));
  nodes.buttons[action] = button;
  return button;
}

function buildPlate(nodes, side, caption) {
  const name = el("bdi", { class: "plate-name", dir: "auto" });
  const prob = el("span", { class: "plate-prob" });
  const bar = el("div", { class: "bar-fill" });
  const tag = el("span", { class: "plate-caption", text: caption });
  nodes[`${side}Name`] = name;
  nodes[`${side}Prob`] = prob;
  nodes[`${side}Bar`] = bar;
  nodes[`${side}Caption`] = tag;
  nodes[side] = el("div", { class: `plate plate-${side}`, role: "group" }, tag,
    el("div", { class: "plate-line" }, name, prob), el("div", { class: "bar", "aria-hidden": "true" }, bar));
  return nodes[side];
}

function buildHead(nodes) {
  nodes.between = el("div", { class: "between", "aria-hidden": "true" });
  nodes.rowNumber = el("div", { class: "row-number" });
  nodes.rowId = el("div", { class: "row-id", dir: "auto" });
  nodes.wrong = el("strong");
  nodes.wrongLine = el("div", {}, el("span", { text: "wrong: " }), nodes.wrong);
  nodes.meta = el("div", { class: "meta" }, nodes.rowNumber, nodes.rowId, nodes.wrongLine);
  return el("div", { class: "head" }, buildPlate(nodes, "given", "Given"), nodes.between,
    buildPlate(nodes, "suggested", "Suggested"), nodes.meta);
}

function buildStrip(nodes) {
  nodes.decided = el("div", { class: "decided", hidden: true });
  nodes.control = el("div", { class: "control", text: "control row: picked at random", hidden: true,
    title: "It is here whatever its label is, so that the share of wrong labels can be estimated without bias" });
  nodes.draft = el("div", { class: "draft", hidden: true });
  nodes.reveal = el("p", { class: "reveal", dir: "auto" });
  nodes.noteInput = el("input", { type: "text", class: "note-input", maxlength: "10000", dir: "auto",
    "aria-label": "Note, kept with your next decision on this card", autocomplete: "off", hidden: true,
    placeholder: "Note, kept with your next decision. Enter or Esc leaves." });
  nodes.noteWords = el("span", { class: "words", dir: "auto" });
  nodes.noteButton = el("button", { type: "button", class: "button ghost note-button", "data-action": "note",
    ...keyed("note", BUTTON_TITLES.note) }, keyCap("note"), nodes.noteWords);
  const steps = el("div", { class: "group steps", role: "group", "aria-label": "Go back and forth" },
    iconButton(nodes, "back", "left"), iconButton(nodes, "forward", "right"));
  return el("div", { class: "strip" }, nodes.control, nodes.decided, nodes.draft, nodes.noteButton, nodes.noteInput, buildEvidenceButton(nodes),
    ...buildPanelButtons(nodes), nodes.reveal, steps);
}

function buildActions(nodes) {
  const verdicts = VERDICT_BUTTONS.map(([action, words]) =>
    actionButton(nodes, action, words, action === "accept" ? "primary" : ""));
  nodes.verdicts = el("div", { class: "group verdicts", role: "group", "aria-label": "Decide" }, ...verdicts);
  const steps = el("div", { class: "group steps", role: "group", "aria-label": "Undo and help" },
    actionButton(nodes, "undo", "Undo", "ghost"), actionButton(nodes, "redo", "Redo", "ghost"),
    iconButton(nodes, "recent", "list"), actionButton(nodes, "help", "", "ghost square"));
  nodes.buttons.help.setAttribute("aria-label", BUTTON_TITLES.help);
  return el("div", { class: "actions" }, nodes.verdicts, steps);
}

function buildFinder(nodes) {
  nodes.finderInput = el("input", { type: "text", class: "finder-input", role: "combobox", dir: "auto",
    "aria-label": "Find a class", "aria-controls": "lc-options", "aria-expanded": "false", "aria-autocomplete": "list",
    autocomplete: "off", spellcheck: "false", maxlength: "500", placeholder: "Type to find a class, or to make one" });
  nodes.finderClose = el("button", { type: "button", class: "button ghost square", "aria-label": "Close (Esc)" },
    icon("close"));
  nodes.finderList = el("div", { class: "finder-list", role: "listbox", id: "lc-options", "aria-label": "Classes" });
  nodes.finderMore = el("div", { class: "finder-more", role: "status" });
  nodes.finderHint = el("span");
  nodes.finder = el("div", { class: "finder", role: "dialog", "aria-label": "Choose a class", hidden: true },
    el("div", { class: "finder-head" }, nodes.finderInput, nodes.finderClose), nodes.finderList,
    el("div", { class: "finder-foot" }, nodes.finderMore, nodes.finderHint));
  return nodes.finder;
}

function buildHelp(nodes) {
  nodes.helpClose = el("button", { type: "button", class: "button ghost square", "aria-label": "Close (Esc)" },
    icon("close"));
  nodes.helpBlocks = el("div", { class: "help-blocks" });
  nodes.help = el("dialog", { class: "help", "aria-label": "Keys" },
    el("div", { class: "help-panel" },
      el("div", { class: "help-head" }, el("h2", { text: "Keys" }), nodes.helpClose),
      nodes.helpBlocks,
      el("p", { class: "help-foot", text: NUMBER_HELP }),
      el("p", { class: "help-foot", text: EVIDENCE_HELP }),
      el("p", { class: "help-foot", text: "Keys rest while you type, while a dialog is open, and while Ctrl, Alt or " +
        "Command is held. Everything can be clicked as well." })));
  return nodes.help;
}

function buildPanel(nodes) {
  nodes.panelIcon = el("div", { class: "panel-icon" });
  nodes.panelTitle = el("h2", { class: "panel-title" });
  nodes.panelLines = el("div", { class: "panel-lines" });
  nodes.panelJump = el("button", { type: "button", class: "button primary", "data-action": "jump",
    "data-keyed": "jump" }, keyCap("jump"),
    el("span", { class: "words" }));
  nodes.panelBack = el("button", { type: "button", class: "button", "data-action": "back" }, icon("left"),
    el("span", { class: "words", text: "Back to the last card" }));
  nodes.panelUndo = el("button", { type: "button", class: "button", "data-action": "undo",
    "data-keyed": "undo" }, keyCap("undo"),
    el("span", { class: "words", text: "Undo" }));
  nodes.panelActions = el("div", { class: "group" }, nodes.panelJump, nodes.panelBack, nodes.panelUndo);
  nodes.panel = el("div", { class: "panel", hidden: true, tabindex: "-1" }, nodes.panelIcon, nodes.panelTitle,
    nodes.panelLines, nodes.panelActions);
  return nodes.panel;
}

function buildFoot(nodes) {
  nodes.trackFill = el("div", { class: "track-fill" });
  nodes.track = el("div", { class: "track", role: "progressbar", "aria-label": "Decided in this queue",
    "aria-valuemin": "0" }, nodes.trackFill);
  nodes.figures = el("div", { class: "figures" });
  nodes.figure = {};
  for (const [name, words] of [["decided", ""], ["fixed", "corrected"], ["pace", "a minute"]]) {
    const number = el("strong");
    const unit = el("span", { text: ` ${words}` });
    nodes.figure[name] = { number, unit, line: el("span", { class: "figure" }, number, unit) };
    nodes.figures.append(nodes.figure[name].line);
  }
  nodes.savedIcon = el("span", { class: "saved-icon" });
  nodes.savedWords = el("span");
  nodes.saved = el("div", { class: "saved" }, nodes.savedIcon, nodes.savedWords);
  return el("div", { class: "foot" }, nodes.track, nodes.figures, nodes.saved);
}

// The way to any other class stands beside the chips, not among them: it must not scroll away with a third line.
function buildChips(nodes) {
  nodes.chips = el("div", { class: "chips", role: "group", "aria-label": "Likely classes" });
  nodes.findWords = el("span", { class: "chip-name", text: "any class" });
  const finder = el("button", { type: "button", class: "chip chip-find", "data-action": "find",
    ...keyed("find", "Find any class by typing, or make a new one") }, keyCap("find"),
    nodes.findWords);
  return el("div", { class: "chip-line" }, nodes.chips, finder);
}

function buildCard() {
  const nodes = { buttons: {}, words: {} };
  nodes.text = el("div", { class: "text", dir: "auto", tabindex: "0", role: "article", "aria-label": "Text" });
  nodes.body = el("div", { class: "body" }, buildHead(nodes), nodes.text, buildChips(nodes), buildGroup(nodes), buildEvidence(nodes),
    buildColumns(nodes), buildStrip(nodes), buildActions(nodes));
  nodes.card = el("section", { class: "card", "aria-label": "Review card" }, nodes.body, buildPanel(nodes),
    buildFinder(nodes), buildHelp(nodes), buildHistory(nodes));
  nodes.refusal = el("div", { class: "refusal", role: "alert", hidden: true });
  nodes.live = el("div", { class: "unseen", role: "status", "aria-live": "polite" });
  nodes.root = el("div", { class: "labelclean" }, nodes.card, buildFoot(nodes), buildOutlook(nodes), nodes.refusal, nodes.live);
  return nodes;
}
