// Which key means what, and when keys mean nothing.

const KEY_HELP = [
  ["Decide", [
    ["A", "Accept the suggested label"],
    ["K", "Keep the given label"],
    ["1 – 9", "Give the likely class with that number"],
    ["/", "Find any class by typing, or make a new one"],
    ["B", "Ambiguous: several labels fit"],
    ["U", "Unsure: ask for a second opinion"],
    ["X", "Exclude from the data"],
  ]],
  ["Go back and forth", [
    ["Z", "Undo the last decision"],
    ["Y", "Redo it"],
    ["←  →", "Look at the previous or next card without deciding"],
    ["J", "Jump to the first undecided card"],
  ]],
  ["More", [
    ["N", "Write a note, kept with the next decision on this card"],
    ["E", "Fold the evidence away, or show it"],
    ["?", "Show or close this help"],
    ["Esc", "Leave a note, the list of classes, or this help"],
  ]],
];

const NUMBER_HELP = "Per cents are estimates, made by models that never saw the row they judge, or by your own: beside " +
  "a class, how likely it is the right one; after “wrong”, how likely the given label is wrong. They are a reason to " +
  "look, no proof.";

const EVIDENCE_HELP = "Words underlined in teal speak for the suggested label, words dotted in amber for the given one. " +
  "The nearest texts stand with their labels as they are by now; “closest as given” is the text most like this one " +
  "that carries its given label.";

const LETTER_ACTIONS = {
  a: "accept", k: "keep", b: "ambiguous", u: "unsure", x: "exclude",
  z: "undo", y: "redo", n: "note", j: "jump", e: "evidence",
};

const NAMED_ACTIONS = { "/": "find", "?": "help", ArrowLeft: "back", ArrowRight: "forward" };

// Things that use letters or arrows themselves.
const KEY_USERS = [
  "input", "textarea", "select", "[contenteditable]:not([contenteditable=false])",
  "[role=textbox]", "[role=combobox]", "[role=listbox]", "[role=menu]", "[role=slider]", "[role=radiogroup]",
  "[role=tablist]", "[role=grid]", "[role=tree]", "[role=spinbutton]", "[data-testid=stDataFrame]",
].join(",");

// The letter as printed; on keyboards of another script, the key at its place.
function letterOf(event) {
  const key = event.key.length === 1 ? event.key.toLowerCase() : "";
  if (/^[a-z]$/.test(key)) return key;
  const isOtherScript = key.length === 1 && key.charCodeAt(0) > 127;
  const match = /^Key([A-Z])$/.exec(event.code ?? "");
  return isOtherScript && match ? match[1].toLowerCase() : "";
}

// Some keyboards print digits only with shift; there the bare key at the digit's place counts too.
function digitOf(event) {
  if (/^[1-9]$/.test(event.key)) return Number(event.key);
  const match = /^Digit([1-9])$/.exec(event.code ?? "");
  return match && !event.shiftKey && !(event.key in NAMED_ACTIONS) ? Number(match[1]) : 0;
}

function actionOf(event) {
  const digit = digitOf(event);
  if (digit) return { name: "digit", digit };
  const name = NAMED_ACTIONS[event.key] ?? LETTER_ACTIONS[letterOf(event)];
  return name ? { name, digit: 0 } : null;
}

function isVisible(node) {
  return node.getClientRects().length > 0;
}

function isDead(event) {
  if (event.defaultPrevented || event.repeat || event.isComposing) return true;
  if (event.ctrlKey || event.altKey || event.metaKey) return true;
  const usesKeys = (node) => node instanceof Element && node.matches(KEY_USERS);
  if (event.composedPath().some(usesKeys)) return true;
  return Array.from(document.querySelectorAll("[role=dialog], [role=alertdialog], [aria-modal=true]")).some(isVisible);
}
