// Which key means what, and when keys mean nothing. CARD_ACTIONS comes from review/card_keys.py with the script.

const KEYMAP = { keys: {}, actions: {} };
useKeys(Object.fromEntries(CARD_ACTIONS.map(({ name, key }) => [name, key])));

const NUMBER_HELP = "Per cents are estimates, made by models that never saw the row they judge, or by your own: beside " +
  "a class, how likely it is the right one; after “wrong”, how likely the given label is wrong. They are a reason to " +
  "look, no proof.";

const EVIDENCE_HELP = "Words with a line under them speak for the suggested label, words with dots for the given one. " +
  "The nearest texts stand with their labels as they are by now; “closest as given” is the text most like this one " +
  "that carries its given label.";

const SHOWN_KEYS = { ArrowLeft: "←", ArrowRight: "→" };
const DIGITS = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];

// Things that use letters or arrows themselves.
const KEY_USERS = [
  "input", "textarea", "select", "[contenteditable]:not([contenteditable=false])",
  "[role=textbox]", "[role=combobox]", "[role=listbox]", "[role=menu]", "[role=slider]", "[role=radiogroup]",
  "[role=tablist]", "[role=grid]", "[role=tree]", "[role=spinbutton]", "[data-testid=stDataFrame]",
].join(",");

// ---- the map ---------------------------------------------------------------------------------------------------------

// Returns whether it is another map than before.
function useKeys(keys) {
  const names = CARD_ACTIONS.map(({ name }) => name);
  const isSame = names.every((name) => KEYMAP.keys[name] === (keys[name] ?? ""));
  if (isSame) return false;
  KEYMAP.keys = Object.fromEntries(names.map((name) => [name, keys[name] ?? ""]));
  KEYMAP.actions = Object.fromEntries(names.filter((name) => KEYMAP.keys[name]).map((name) => [KEYMAP.keys[name], name]));
  return true;
}

// A key as it is printed; letters in capitals.
function printedKey(key) {
  const upper = key.toUpperCase();
  return SHOWN_KEYS[key] ?? (key.length === 1 && upper.length === 1 ? upper : key);
}

function keyOf(action) {
  return printedKey(KEYMAP.keys[action] ?? "");
}

// The words with the key in brackets; the words alone where the action has no key.
function withKey(words, action) {
  const key = keyOf(action);
  return key ? `${words} (${key})` : words;
}

// As aria-keyshortcuts spells it: a list parted by spaces, where + joins keys pressed together.
function ariaKey(action) {
  const key = KEYMAP.keys[action] ?? "";
  if (key === "+") return "Plus";
  return key.length === 1 && key.toUpperCase().length === 1 ? key.toUpperCase() : key;
}

function keyCap(action) {
  const key = keyOf(action);
  return el("kbd", { class: "cap", "aria-hidden": "true", "data-cap": action, hidden: key === "", text: key });
}

// Every cap, title and shortcut on the card, from the one map.
function paintKeys(root) {
  for (const cap of root.querySelectorAll("[data-cap]")) {
    cap.hidden = keyOf(cap.dataset.cap) === "";
    setText(cap, keyOf(cap.dataset.cap));
  }
  for (const node of root.querySelectorAll("[data-keyed]")) {
    const action = node.dataset.keyed;
    if (ariaKey(action)) node.setAttribute("aria-keyshortcuts", ariaKey(action));
    else node.removeAttribute("aria-keyshortcuts");
    if (!node.dataset.title) continue;
    node.title = withKey(node.dataset.title, action);
    if (node.hasAttribute("aria-label")) node.setAttribute("aria-label", node.title);
  }
}

// What a button needs to be painted by paintKeys.
function keyed(action, title) {
  return { "data-keyed": action, "data-title": title, title: withKey(title, action), "aria-keyshortcuts": ariaKey(action) || null };
}

// ---- the help --------------------------------------------------------------------------------------------------------

const CLASSES_WORDS = "Give the likely class with that number";
const LABELS_WORDS = "Put the label with that number in, or take it out";

function hasUsualDigits() {
  return DIGITS.every((digit) => KEYMAP.keys[`class_${digit}`] === digit);
}

// The actions of one section, each with the key that is printed before it; nine digits are one line.
function helpLines(section, areSets) {
  const meant = CARD_ACTIONS.filter((action) => action.section === section && (areSets || !action.only_sets));
  const lines = meant.filter(({ name }) => KEYMAP.keys[name])
    .map(({ name, words }) => ({ key: keyOf(name), name, words }));
  if (!hasUsualDigits()) return lines;
  return lines.filter(({ name }) => !/^class_[2-9]$/.test(name)).map((line) =>
    line.name === "class_1" ? { key: "1 – 9", name: "class_1", words: areSets ? LABELS_WORDS : CLASSES_WORDS } : line);
}

function paintHelp(nodes, areSets) {
  const sections = [...new Set(CARD_ACTIONS.map(({ section }) => section))];
  const blocks = sections.map((section) => ({ section, lines: helpLines(section, areSets) }));
  blocks.at(-1).lines.push({ key: "Esc", name: "", words: "Leave a note, a list, or this help" });
  nodes.helpBlocks.replaceChildren(...blocks.map(({ section, lines }) => el("div", { class: "help-block" },
    el("h3", { text: section }), el("dl", {}, ...lines.flatMap(({ key, name, words }) => [
      el("dt", {}, el("kbd", { class: "cap", "data-help": name, text: key })), el("dd", { text: words })])))));
}

// ---- a key pressed ---------------------------------------------------------------------------------------------------

// What is printed on the key comes first. On keyboards of another script the letter at its place counts as well, and
// where digits are printed only with shift, the bare key at the digit's place.
function actionNameOf(event) {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const isOtherScript = key.length === 1 && key.charCodeAt(0) > 127;
  const letter = isOtherScript && /^Key([A-Z])$/.exec(event.code ?? "")?.[1].toLowerCase();
  const digit = !event.shiftKey && /^Digit([1-9])$/.exec(event.code ?? "")?.[1];
  return KEYMAP.actions[key] ?? KEYMAP.actions[letter] ?? KEYMAP.actions[digit] ?? null;
}

function actionOf(event) {
  const name = actionNameOf(event);
  const digit = /^class_([1-9])$/.exec(name ?? "")?.[1];
  if (digit) return { name: "digit", digit: Number(digit) };
  return name ? { name, digit: 0 } : null;
}

function isVisible(node) {
  return node.getClientRects().length > 0;
}

// Enter presses what the keyboard's focus is on; what was clicked with the mouse keeps no such claim.
function takesEnter(node) {
  return node instanceof Element && node.matches("button:focus-visible, a[href], summary, [role=button]");
}

function isDead(event) {
  if (event.defaultPrevented || event.repeat || event.isComposing) return true;
  if (event.ctrlKey || event.altKey || event.metaKey) return true;
  const usesKeys = (node) => node instanceof Element && node.matches(KEY_USERS);
  if (event.key === "Enter" && event.composedPath().some(takesEnter)) return true;
  if (event.composedPath().some(usesKeys)) return true;
  return openDialogs().some((dialog) => !tellsOfLostConnection(dialog));
}

function openDialogs() {
  return Array.from(document.querySelectorAll("[role=dialog], [role=alertdialog], [aria-modal=true]")).filter(isVisible);
}

// Streamlit's own, while it looks for the server. It asks nothing, and the cards that are here can be decided.
function tellsOfLostConnection(dialog) {
  const isConnected = document.querySelector("[data-test-connection-state=CONNECTED]");
  return !isConnected && dialog.querySelector("h2")?.textContent === "Connection error";
}

// Whoever goes on deciding has seen it; Streamlit goes on looking for the server.
function putAwayLostConnection() {
  for (const dialog of openDialogs()) {
    if (tellsOfLostConnection(dialog)) dialog.querySelector("button[aria-label=Close]")?.click();
  }
}
