// Label sets: how a set is spelled, which labels stand on the card, and what was toggled there.

const NO_LABELS = "∅ no label";
const SET_PART = /\s*("(?:[^"\\]|\\.)*"|[^,]*)\s*(?:,|$)/gy;
const NEEDS_QUOTES = /[,\r\n]|^["∅[]|^\s|\s$|^(?:true|false|null|-?\d[\d.eE+-]*)$|^$/;

// The labels of a set, each as it is spelled in it.
function setMembers(token) {
  if (token === null || token === undefined || token === NO_LABELS || token.trim() === "∅") return [];
  const parts = Array.from(token.matchAll(SET_PART), (match) => match[1].trim());
  return [...new Set(parts.filter(Boolean))];
}

// By code points, as the server sorts.
function byCodePoints(one, other) {
  const [left, right] = [Array.from(one, (letter) => letter.codePointAt(0)), Array.from(other, (letter) => letter.codePointAt(0))];
  const place = left.findIndex((code, at) => code !== right[at]);
  return place < 0 ? left.length - right.length : left[place] - (right[place] ?? -1);
}

function setToken(members) {
  return members.length ? [...members].sort(byCodePoints).join(", ") : NO_LABELS;
}

function isSameSet(token, members) {
  const others = new Set(setMembers(token));
  return token !== null && others.size === members.length && members.every((label) => others.has(label));
}

// A label as typed, as it is spelled in sets.
function memberToken(typed, known) {
  if (known.includes(typed)) return typed;
  return NEEDS_QUOTES.test(typed) ? JSON.stringify(typed) : typed;
}

// A label as people read it: without the quotes that only guard its commas.
function shownLabel(member) {
  if (!member.startsWith('"')) return member;
  try {
    const plain = JSON.parse(member);
    return plain.trim() === plain && plain !== "" && /[,\r\n[]/.test(plain) ? plain : member;
  } catch {
    return member;
  }
}

// ---- what the reviewer puts together -------------------------------------------------------------------------------

// The labels on one card: those in force, and what was toggled since and not confirmed. Gone with the card.
class ChipSet {
  constructor() {
    this.row = null;
    this.forget();
  }

  forget() {
    this.draft = null;
    this.added = [];
  }

  // Another card drops what was not confirmed.
  follow(card) {
    if (card?.row === this.row) return;
    this.row = card?.row ?? null;
    this.forget();
  }

  members(card, decision) {
    return this.draft ?? decidedMembers(card, decision);
  }

  toggle(card, decision, label) {
    const now = this.members(card, decision);
    this.put(card, decision, now.includes(label) ? now.filter((other) => other !== label) : [...now, label]);
  }

  put(card, decision, members) {
    const wanted = [...new Set(members)];
    const before = decidedMembers(card, decision);
    const shown = new Set(card.chips.map((chip) => chip.label));
    this.added = [...new Set([...this.added, ...wanted])].filter((label) => !shown.has(label));
    const isSame = wanted.length === before.length && wanted.every((label) => before.includes(label));
    this.draft = isSame ? null : wanted;
  }

  // The chips to show: the card's, then those of the decision and of the reviewer's own finding.
  chips(card, decision) {
    const shown = new Set(card.chips.map((chip) => chip.label));
    const others = [...new Set([...decidedMembers(card, decision), ...this.added])].filter((label) => !shown.has(label));
    return [...card.chips, ...others.map((label) => ({ label, prob: null, given: false, suggested: false }))];
  }
}

// The set in force: what was decided, else what was given.
function decidedMembers(card, decision) {
  const isChange = decision && CORRECTIONS.has(decision.verdict);
  return setMembers(isChange ? decision.label : card.given);
}

// What a set amounts to.
function decisionForSet(members, card) {
  if (card.given !== null && isSameSet(card.given, members)) return { verdict: "keep", label: null };
  if (isSameSet(card.suggested, members)) return { verdict: "accept", label: card.suggested };
  return { verdict: "relabel", label: setToken(members) };
}

// What differs from the given set, in few words: what comes in, what goes out.
function changeWords(card, members) {
  const given = setMembers(card.given);
  const added = members.filter((label) => !given.includes(label)).map((label) => `+ ${shownLabel(label)}`);
  const removed = given.filter((label) => !members.includes(label)).map((label) => `− ${shownLabel(label)}`);
  return [...added, ...removed].join("  ") || "as given";
}

// ---- on the screen -------------------------------------------------------------------------------------------------

function changeOf(chip) {
  if (chip.given === chip.suggested) return "stays";
  return chip.suggested ? "adds" : "removes";
}

const CHANGE_WORDS = { adds: ", suggested addition", removes: ", suggested removal", stays: "" };
const CHANGE_SIGNS = { adds: "+", removes: "−", stays: "" };

function setChipNode(chip, place) {
  const change = changeOf(chip);
  const parts = [el("span", { class: "chip-box", "aria-hidden": "true" }, icon("check"))];
  if (place < 9) parts.unshift(keyCap(`class_${place + 1}`));
  if (CHANGE_SIGNS[change]) parts.push(el("span", { class: "chip-sign", "aria-hidden": "true", text: CHANGE_SIGNS[change] }));
  parts.push(el("bdi", { class: "chip-name", dir: "auto", text: shownLabel(chip.label) }),
    el("span", { class: "chip-prob", text: percent(chip.prob) }));
  const shortcut = place < 9 ? ariaKey(`class_${place + 1}`) || null : null;
  return el("button", { type: "button", class: `chip chip-set chip-${change}`, "data-place": place,
    "data-keyed": place < 9 ? `class_${place + 1}` : null, "aria-keyshortcuts": shortcut, title: shownLabel(chip.label),
    "aria-label": `${shownLabel(chip.label)} ${percent(chip.prob)}${CHANGE_WORDS[change]}` }, ...parts);
}

function paintSetChips(nodes, card, decision, chipSet) {
  const chips = chipSet.chips(card, decision);
  if (hasChanged(nodes.chips, card.row, chips)) nodes.chips.replaceChildren(...chips.map(setChipNode));
  const [now, before] = [chipSet.members(card, decision), decidedMembers(card, decision)];
  chips.forEach(({ label }, place) => {
    const node = nodes.chips.children[place];
    node.setAttribute("aria-pressed", String(now.includes(label)));
    node.classList.toggle("chip-toggled", now.includes(label) !== before.includes(label));
  });
  keepChipLines(nodes);
}

function paintDraft(nodes, card, chipSet) {
  const { draft } = chipSet;
  nodes.draft.hidden = !draft;
  nodes.buttons.confirm.classList.toggle("ready", Boolean(draft));
  if (!draft || !hasChanged(nodes.draft, card.row, draft)) return;
  nodes.draft.replaceChildren(el("strong", { text: "Not confirmed yet: " }),
    el("bdi", { class: "draft-words", dir: "auto", text: changeWords(card, draft), title: setToken(draft) }));
}

// One label on a plate, with the sign of what happens to it.
function plateLabel(label, sign) {
  const words = { "+": "added: ", "−": "removed: " }[sign];
  const parts = sign ? [el("span", { class: "plate-sign", "aria-hidden": "true", text: sign }),
    el("span", { class: "unseen", text: words })] : [];
  return el("span", { class: sign ? "plate-label" : "plate-label plate-stays" }, ...parts,
    el("bdi", { dir: "auto", text: shownLabel(label) }));
}

// Given: what the suggestion would take out comes first. Suggested: what it changes, then how many stay.
function setPlates(card) {
  const labels = (change, given) => card.chips.filter((chip) => changeOf(chip) === change && (!given || chip.given))
    .map((chip) => chip.label);
  const [added, removed] = [labels("adds"), labels("removes")];
  const stay = labels("stays", true);
  const given = [...removed.map((label) => plateLabel(label, "−")), ...stay.map((label) => plateLabel(label, ""))];
  const suggested = [...added.map((label) => plateLabel(label, "+")), ...removed.map((label) => plateLabel(label, "−"))];
  if (suggested.length && stay.length) suggested.push(el("span", { class: "plate-stays", text: `${stay.length} stay${stay.length === 1 ? "s" : ""}` }));
  if (!suggested.length) suggested.push(...stay.map((label) => plateLabel(label, "")));
  return { given, suggested };
}

function paintSetNames(nodes, card) {
  if (!hasChanged(nodes.given, card.row, card.chips, card.is_veiled)) return;
  const { given, suggested } = setPlates(card);
  if (card.given !== null) nodes.givenName.replaceChildren(...(given.length ? given : ["no label"]));
  if (!card.is_veiled) nodes.suggestedName.replaceChildren(...(suggested.length ? suggested : ["no label"]));
}
