// Fills the card's nodes from the desk; touches nothing that has not changed.

const SIZES = ["short", "medium", "long"];
const HEIGHTS_PX = [104, 200];
const LINE_HEIGHT = 1.45;
const CHARACTERS_AN_EM = 2;
const ROOM_PX = 900;
const USUAL_SHARE = 0.8;

function paintPlate(nodes, side, { name, prob, caption, isBlank, isSet }) {
  if (!isSet) setText(nodes[`${side}Name`], name);
  nodes[`${side}Name`].title = name;
  setText(nodes[`${side}Prob`], percent(prob));
  setText(nodes[`${side}Caption`], caption);
  nodes[`${side}Bar`].style.width = `${Math.round((prob ?? 0) * 1000) / 10}%`;
  nodes[side].classList.toggle("blank", Boolean(isBlank));
  nodes[side].setAttribute("aria-label", `${caption}: ${name} ${percent(prob)}`);
}

function paintHead(nodes, card) {
  const agrees = card.given !== null && card.given === card.suggested;
  paintPlate(nodes, "given", { name: card.given ?? "no label yet", prob: card.given_prob, caption: "Given",
    isBlank: card.given === null, isSet: card.chips && card.given !== null });
  paintPlate(nodes, "suggested", { name: card.suggested ?? VEILED_NAME, prob: card.suggested_prob,
    caption: agrees ? "Suggested: the same" : "Suggested", isBlank: card.is_veiled,
    isSet: card.chips && !card.is_veiled });
  if (card.chips) paintSetNames(nodes, card);
  setIcon(nodes.between, agrees ? "equal" : "arrow");
  nodes.control.hidden = !card.is_control;
  setText(nodes.rowNumber, `row ${count(card.row)}`);
  setText(nodes.rowId, card.row_id ?? "");
  nodes.rowId.title = card.row_id ?? "";
  nodes.rowId.hidden = card.row_id === null;
  nodes.wrongLine.hidden = card.error_probability === null;
  nodes.wrongLine.title = "Estimated probability that the given label is wrong";
  setText(nodes.wrong, percent(card.error_probability));
}

function paintText(nodes, card) {
  const isEmpty = card.text.trim() === "";
  if (isEmpty) setText(nodes.text, "This row has no text.");
  else nodes.text.replaceChildren(...textNodes(card.text, card.evidence));
  nodes.text.classList.toggle("blank", isEmpty);
  nodes.text.dataset.size = SIZES[Math.max(sizeOf(card.text), Number(nodes.text.dataset.usual ?? 0))];
  showMainTint(nodes.text);
}

function sizeOf(text) {
  const { textSize, lineWidth } = PREFERENCES;
  const perLine = CHARACTERS_AN_EM * Math.min(lineWidth, ROOM_PX / textSize);
  const lines = text.split("\n", 20).reduce((sum, line) => sum + Math.ceil((line.length + 1) / perLine), 0);
  return HEIGHTS_PX.filter((height) => lines > Math.floor(height / (LINE_HEIGHT * textSize))).length;
}

// One height for most texts of a queue, so that the buttons stay where they are from card to card.
function settleTextSize(nodes, { cards, are_sets: areSets }) {
  const sizes = cards.map((card) => sizeOf(card.text)).sort();
  nodes.text.dataset.usual = String(sizes[Math.floor(USUAL_SHARE * (sizes.length - 1))] ?? 0);
  nodes.chips.style.minHeight = "";
  nodes.evidence.classList.toggle("nowhere", !cards.some((card) => card.evidence));
  nodes.groupBox.classList.toggle("nowhere", !cards.some((card) => card.group));
  nodes.chips.setAttribute("aria-label", areSets ? "Labels" : "Likely classes");
  setText(nodes.findWords, areSets ? "any label" : "any class");
  nodes.buttons.confirm.hidden = !areSets;
  nodes.root.dataset.sets = areSets ? "on" : "off";
}

function chipNode(item, place, card, decision) {
  const chosen = decision && (decision.label ?? (decision.verdict === "keep" ? card.given : null));
  const kinds = ["chip", item.label === card.given && "chip-given", item.label === card.suggested && "chip-suggested"];
  const isChosen = chosen !== null && item.label === chosen;
  const chip = el("button", { type: "button", class: kinds.filter(Boolean).join(" "), "data-digit": place + 1,
    title: item.label, "data-keyed": `class_${place + 1}`, "aria-keyshortcuts": ariaKey(`class_${place + 1}`) || null,
    "aria-pressed": String(Boolean(isChosen)) },
    keyCap(`class_${place + 1}`), el("bdi", { class: "chip-name", dir: "auto", text: item.label }),
    el("span", { class: "chip-prob", text: percent(item.prob) }));
  if (isChosen) chip.append(icon("check"));
  return chip;
}

// Nodes that stay the same must stay the same nodes: a click ends on the node where it began.
function hasChanged(node, ...facts) {
  const mark = JSON.stringify(facts);
  if (node.dataset.mark === mark) return false;
  node.dataset.mark = mark;
  return true;
}

function paintChips(nodes, card, decision) {
  if (!hasChanged(nodes.chips, card.row, card.likely, decision?.verdict, decision?.label)) return;
  const chips = card.likely.map((item, place) => chipNode(item, place, card, decision));
  nodes.chips.replaceChildren(...chips);
  keepChipLines(nodes);
}

// A second line of chips, once needed, stays reserved: see settleTextSize.
function keepChipLines(nodes) {
  const height = nodes.chips.offsetHeight;
  if (height > (Number.parseInt(nodes.chips.style.minHeight, 10) || 0)) nodes.chips.style.minHeight = `${height}px`;
}

function paintDecided(nodes, decision) {
  nodes.decided.hidden = !decision;
  if (!hasChanged(nodes.decided, decision?.verdict, decision?.label)) return;
  if (!decision) {
    nodes.decided.replaceChildren();
    return;
  }
  const { words, label } = describeDecision(decision);
  const parts = [icon("check"), el("strong", { text: words })];
  if (label !== null) parts.push(el("bdi", { class: "decided-label", dir: "auto", text: label, title: label }));
  parts.push(el("span", { class: "soft", text: "Decide again to change it." }));
  nodes.decided.replaceChildren(...parts);
}

function paintNote(nodes, note, isOpen) {
  setText(nodes.noteWords, note || "Note");
  nodes.noteWords.title = note;
  nodes.noteButton.classList.toggle("has-note", Boolean(note));
  nodes.noteButton.hidden = isOpen;
  nodes.noteInput.hidden = !isOpen;
}

function paintWords(nodes, card) {
  const agrees = card.given !== null && card.given === card.suggested;
  nodes.buttons.accept.disabled = Boolean(card.is_veiled);
  setText(nodes.words.accept, agrees ? "Agree" : "Accept");
  setText(nodes.words.keep, card.given === null ? "Leave empty" : "Keep");
}

function paintSteps(nodes, desk) {
  const { undo, redo } = desk.stacks();
  nodes.buttons.undo.disabled = undo.length === 0;
  nodes.buttons.redo.disabled = redo.length === 0;
  nodes.buttons.back.disabled = !desk.detour && desk.at === 0;
  nodes.buttons.forward.disabled = desk.isAtEnd;
  nodes.panelUndo.hidden = undo.length === 0;
  nodes.panelBack.hidden = desk.at === 0;
}

function endWords(desk, progress) {
  const left = progress.total - progress.decided;
  if (desk.data.total === 0 && progress.total === 0) {
    return { title: "No row matches this queue", name: "equal", lines: [
      "Nothing is lost: the rows are in other queues.", "Loosen the filter, or choose another queue."] };
  }
  const done = `${count(progress.decided)} of ${plural(progress.total, "row", "rows")} decided, ` +
    `${plural(progress.fixed, "label", "labels")} corrected.`;
  if (left > 0) {
    return { title: "You have reached the end of this queue", name: "check", lines: [
      done, `${plural(left, "row is", "rows are")} still undecided.`] };
  }
  return { title: "This queue is done", name: "check", lines: [
    done, "Next: choose another queue on this page, or go to Export for the corrected file."] };
}

function paintEnd(nodes, desk) {
  const { title, name, lines } = endWords(desk, desk.progress());
  setIcon(nodes.panelIcon, name);
  setText(nodes.panelTitle, title);
  nodes.panelLines.replaceChildren(...lines.map((line) => el("p", { text: line })));
  const first = firstUndecided(desk);
  nodes.panelJump.hidden = first === null;
  setText(nodes.panelJump.querySelector(".words"), "Go to the first undecided row");
  nodes.panelActions.hidden = false;
}

function paintWaiting(nodes) {
  setIcon(nodes.panelIcon, "wait");
  setText(nodes.panelTitle, "Fetching the next cards …");
  const words = "They come as soon as the server answers. Your decisions are kept meanwhile.";
  nodes.panelLines.replaceChildren(el("p", { text: words }));
  nodes.panelActions.hidden = true;
}

// The server's answer, unless this very browser has decided that row since: then the next one it knows of.
function firstUndecided(desk) {
  const cards = Array.from(desk.cards.values()).sort((one, other) => one.index - other.index);
  const known = cards.find((card) => !desk.decisionOf(card))?.index ?? null;
  const told = desk.data.first_undecided;
  const toldCard = told === null ? null : desk.cards.get(told);
  return told !== null && (!toldCard || !desk.decisionOf(toldCard)) ? Math.min(told, known ?? told) : known;
}

function paintFigure({ number, unit, line }, value, words) {
  line.hidden = value === null;
  setText(number, value ?? "");
  setText(unit, ` ${words}`);
}

function paintProgress(nodes, desk) {
  const { decided, total, fixed, perMinute } = desk.progress();
  nodes.trackFill.style.width = total ? `${(100 * decided) / total}%` : "0";
  nodes.track.setAttribute("aria-valuemax", String(total));
  nodes.track.setAttribute("aria-valuenow", String(decided));
  paintFigure(nodes.figure.decided, count(decided), `of ${count(total)} decided`);
  paintFigure(nodes.figure.fixed, count(fixed), "corrected");
  paintFigure(nodes.figure.pace, perMinute === null ? null : perMinute.toFixed(1), "a minute");
}

const SAVED_WORDS = { saved: ["check", "saved"], saving: ["wait", "saving…"],
  late: ["warn", "not saved yet – will retry"] };

function paintSaved(nodes, state, pending) {
  const [name, words] = SAVED_WORDS[state];
  nodes.saved.dataset.state = state;
  nodes.saved.title = pending ? `${plural(pending, "decision", "decisions")} kept in this browser, on the way` : "";
  setIcon(nodes.savedIcon, name);
  setText(nodes.savedWords, words);
}

function paintCard(nodes, desk, { noteIsOpen, chipSet, forAll }) {
  const card = desk.face;
  nodes.body.hidden = !card;
  nodes.panel.hidden = Boolean(card);
  paintSteps(nodes, desk);
  if (!card) return desk.isAtEnd ? paintEnd(nodes, desk) : paintWaiting(nodes);
  const decision = desk.decisionOf(card);
  nodes.body.dataset.row = String(card.row);
  paintHead(nodes, card);
  if (card.chips) paintSetChips(nodes, card, decision, chipSet);
  else paintChips(nodes, card, decision);
  paintEvidence(nodes, card);
  paintColumns(nodes, card);
  paintGroup(nodes, card, forAll.isOn);
  paintDecided(nodes, chipSet.draft ? null : decision);
  paintDraft(nodes, card, chipSet);
  paintNote(nodes, desk.noteFor(card), noteIsOpen);
  return paintWords(nodes, card);
}
