// What the reviewer sees and may do, from the server's data with the unsaved events on top; no DOM here.

const KEEP_BEHIND = 40;
const KEEP_AHEAD = 120;
const ASK_WHEN_AHEAD = 12;
const ASK_WHEN_BEHIND = 2;

const CORRECTIONS = new Set(["accept", "relabel"]);

class Desk {
  constructor() {
    this.data = null;
    this.at = 0;
    this.cards = new Map();
    this.cardOfRow = new Map();
    this.detour = null;
    this.drafts = new Map();
    this.events = () => [];
  }

  // Returns whether the queue is another one than before.
  receive(data, done) {
    const isNew = !this.data || this.data.queue !== data.queue || this.data.project !== data.project;
    if (isNew) this.clear();
    else this.settle(done);
    this.data = data;
    data.cards.forEach((card) => this.keep(card));
    if (isNew) this.at = this.firstToShow(data.at);
    this.forgetFarCards();
    return isNew;
  }

  clear() {
    this.cards.clear();
    this.cardOfRow.clear();
    this.drafts.clear();
    this.detour = null;
  }

  keep(card) {
    this.cards.set(card.index, card);
    this.cardOfRow.set(card.row, card);
  }

  // Cards outside the new window learn what was stored before its events are forgotten.
  settle(done) {
    const rows = new Set(this.events().filter((event) => done.has(event.uuid)).map((event) => event.row));
    for (const row of rows) {
      const card = this.cardOfRow.get(row);
      if (card) card.decision = this.decisionOf(card);
    }
  }

  forgetFarCards() {
    for (const [index, card] of this.cards) {
      if (index < this.at - KEEP_BEHIND || index > this.at + KEEP_AHEAD) {
        this.cards.delete(index);
        this.cardOfRow.delete(card.row);
      }
    }
  }

  // After a restart the server may begin with cards whose decisions are still on their way to it.
  firstToShow(at) {
    let index = at;
    while (this.data.undecided_only) {
      const card = this.cards.get(index);
      if (!card || card.decision || !this.decisionOf(card)) break;
      index += 1;
    }
    return index;
  }

  get isAtEnd() {
    return !this.detour && this.at >= this.data.total;
  }

  // The card to show; null at the end, or while it is on its way.
  get card() {
    return this.detour ?? (this.isAtEnd ? null : this.cards.get(this.at) ?? null);
  }

  // The card as it may be seen: with blind review, without what gives the suggestion away.
  get face() {
    const { card } = this;
    return card && faceOf(card, this.decisionOf(card));
  }

  get lacksCards() {
    return !this.card && !this.isAtEnd;
  }

  // Few cards are left on one side, and the queue has more there.
  get runsLow() {
    const ahead = Math.min(this.at + ASK_WHEN_AHEAD, this.data.total - 1);
    const behind = Math.max(this.at - ASK_WHEN_BEHIND, 0);
    return (ahead >= this.at && !this.cards.has(ahead)) || (behind < this.at && !this.cards.has(behind));
  }

  move(step) {
    if (this.detour) this.detour = null;
    else this.goTo(this.at + step);
  }

  goTo(index) {
    this.detour = null;
    this.at = Math.min(Math.max(index, 0), this.data.total);
  }

  // The decision in force on a card: the server's, then the unsaved events in their order.
  decisionOf(card) {
    let decision = card.decision;
    const earlier = new Map(this.data.redo.map((entry) => [entry.uuid, entry.decision ?? null]));
    if (decision) earlier.set(decision.uuid, decision);
    const inForce = decision ? [decision] : [];
    for (const event of this.events()) {
      if (event.row !== card.row) continue;
      const target = event.kind === "decide" ? event : earlier.get(event.target);
      const place = inForce.findIndex((other) => other.uuid === (event.target ?? event.uuid));
      if (place >= 0) inForce.splice(place, 1);
      if (event.kind !== "undo" && target) inForce.push(target);
      if (event.kind === "decide") earlier.set(event.uuid, event);
    }
    decision = inForce.at(-1) ?? null;
    return decision;
  }

  // What can be undone and redone, newest last.
  stacks() {
    let undo = [...this.data.undo];
    let redo = [...this.data.redo];
    for (const event of this.events()) {
      if (event.kind === "decide") {
        if ([...undo, ...redo].some((entry) => entry.uuid === event.uuid)) continue;
        undo.push({ uuid: event.uuid, row: event.row, index: event.queue === this.data.queue ? event.index : null });
        redo = [];
        continue;
      }
      const [from, to] = event.kind === "undo" ? [undo, redo] : [redo, undo];
      const place = from.findIndex((entry) => entry.uuid === event.target);
      if (place >= 0) to.push(...from.splice(place, 1));
    }
    return { undo, redo };
  }

  // Goes to the row of an undo or redo; a row outside the queue is shown for the time being.
  visit(entry) {
    const index = entry.index ?? this.cardOfRow.get(entry.row)?.index ?? null;
    if (index !== null) this.goTo(index);
    else this.detour = entry.card ?? null;
    return index;
  }

  progress() {
    const { decided, total, fixed, per_minute: perMinute } = this.data.progress;
    let [moreDecided, moreFixed] = [0, 0];
    for (const row of new Set(this.events().map((event) => event.row))) {
      const card = this.cardOfRow.get(row);
      if (!card) continue;
      const now = this.decisionOf(card);
      moreDecided += Number(Boolean(now)) - Number(Boolean(card.decision));
      moreFixed += Number(isCorrection(now, card)) - Number(isCorrection(card.decision, card));
    }
    const bounded = Math.min(Math.max(decided + moreDecided, 0), total);
    return { decided: bounded, total, fixed: Math.max(fixed + moreFixed, 0), perMinute };
  }

  noteFor(card) {
    return this.drafts.get(card.row) ?? this.decisionOf(card)?.note ?? "";
  }
}

function isCorrection(decision, card) {
  return Boolean(decision) && CORRECTIONS.has(decision.verdict) && decision.label !== card.given;
}

// The verdict that a chosen label amounts to.
function verdictFor(label, card) {
  if (label === card.given) return "keep";
  return label === card.suggested ? "accept" : "relabel";
}

function describeDecision(decision) {
  const words = {
    accept: "Accepted", relabel: "Changed to", keep: "Kept as given", ambiguous: "Ambiguous: several labels fit",
    unsure: "Unsure: wants a second opinion", exclude: "Excluded from the data",
  };
  const label = CORRECTIONS.has(decision.verdict) ? decision.label : null;
  return { words: words[decision.verdict] ?? decision.verdict, label };
}
