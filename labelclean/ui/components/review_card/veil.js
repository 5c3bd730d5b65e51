// Blind review: the card as it may be seen before it is decided, without anything that gives the suggestion away.

const PREFERENCES = { blind: false, textSize: 22, lineWidth: 36 };
const VEILED_NAME = "shown once you decide";
const VEILED_ACCEPT = "The suggestion is hidden until you decide. Choose a class, or keep the given label.";
const VEILED_EVIDENCE = "You review blind: the evidence speaks for the suggestion, and is shown once you decide.";

// The suggestion shows in more than its plate: in figures, tints, the sentence, marks, and the order of the classes.
function veiled(card) {
  return {
    ...card, is_veiled: true, suggested: null, suggested_prob: null, given_prob: null, error_probability: null,
    evidence: null, likely: inNameOrder(card.likely).map(({ label }) => ({ label, prob: null })),
    chips: card.chips && inNameOrder(card.chips).map((chip) => ({ ...chip, prob: null, suggested: chip.given })),
  };
}

function inNameOrder(items) {
  return [...items].sort((one, other) => one.label.localeCompare(other.label) || (one.label < other.label ? -1 : 1));
}

// What is painted. Once decided nothing is hidden, but the classes keep their places and so their keys.
function faceOf(card, decision) {
  if (!card || !PREFERENCES.blind) return card;
  if (!decision) return veiled(card);
  return { ...card, likely: inNameOrder(card.likely), chips: card.chips && inNameOrder(card.chips) };
}

// Said after the decision, when it can no longer lead the hand.
function revealWords(card, verdict, label) {
  if (!PREFERENCES.blind) return "";
  const agrees = label === card.suggested || (verdict === "keep" && card.given === card.suggested);
  const prob = card.suggested_prob === null ? "" : ` (${percent(card.suggested_prob)})`;
  return `Row ${count(card.row)}: the suggestion was ${agrees ? "the same" : `${card.suggested}${prob}`}.`;
}
