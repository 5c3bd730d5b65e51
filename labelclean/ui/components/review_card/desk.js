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
    this.decidedBefore = new Set();
    this.events = () => [];
  }

  // Returns whether the queue is another one than before.
  receive(data, done) {
    const isNew = !this.data || this.data.queue !== data.queue || this.data.project !== data.project;
    if (isNew) this.clear();
    else this.settle(done);
    // After a restart the queue may hold rows whose decisions were still on their way when it was made.
    if (isNew) this.decidedBefore = new Set(this.events().flatMap(rowsOf));
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

  // A card that is here already stays what it is, whatever the server has learnt since: the reviewer may be reading it.
  keep(card) {
    const known = this.cards.get(card.index);
    if (known) return known.row === card.row ? refreshCard(known, card) : undefined;
    const shown = this.detour?.row === card.row ? this.detour : null;
    if (shown) refreshCard(shown, card);
    const elsewhere = this.cardOfRow.get(card.row);
    if (elsewhere && elsewhere.index !== this.at) this.cards.delete(elsewhere.index);
    this.cards.set(card.index, card);
    this.cardOfRow.set(card.row, card);
    return undefined;
  }

  // The card of a row, as far as it is in the browser.
  cardOf(row) {
    return this.cardOfRow.get(row) ?? (this.detour?.row === row ? this.detour : null);
  }

  // Cards outside the new window learn what was stored before its events are forgotten.
  settle(done) {
    const rows = new Set(this.events().filter((event) => done.has(event.uuid)).flatMap(rowsOf));
    for (const row of rows) {
      const card = this.cardOf(row);
      if (card) card.decision = this.decisionOf(card);
      if (this.detour?.row === row && card) this.detour.decision = card.decision;
    }
  }

  // Goes on after a decision; rows that were decided along with another one, or before this queue, are not shown again.
  advance() {
    this.move(1);
    while (!this.detour && this.card && this.isDone(this.card)) this.goTo(this.at + 1);
  }

  isDone(card) {
    const decision = this.decisionOf(card);
    return wasDecidedAlong(card, decision) ||
      Boolean(decision && this.data.undecided_only && this.decidedBefore.has(card.row));
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
    if (decision) earlier.set(stepOf(decision), decision);
    const inForce = decision ? [decision] : [];
    for (const event of this.events()) {
      if (!rowsOf(event).includes(card.row)) continue;
      const target = event.kind === "decide" ? event : earlier.get(event.target);
      const place = inForce.findIndex((other) => stepOf(other) === (event.target ?? event.uuid));
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
        undo.push({ uuid: event.uuid, row: event.row, index: event.queue === this.data.queue ? event.index : null,
          decision: event, n_rows: rowsOf(event).length, rows: rowsOf(event) });
        redo = [];
        continue;
      }
      const [from, to] = event.kind === "undo" ? [undo, redo] : [redo, undo];
      const place = from.findIndex((entry) => entry.uuid === event.target);
      if (place >= 0) to.push(...from.splice(place, 1));
    }
    return { undo, redo };
  }

  // All rows of a step, as far as they are known here.
  rowsOfStep(entry) {
    const known = [...this.cards.values()].filter((card) => card.decision && stepOf(card.decision) === entry.uuid);
    return [...new Set([entry.row, ...(entry.rows ?? []), ...known.map((card) => card.row)])];
  }

  // The last decisions, newest first, each row once.
  recent(most) {
    const rows = new Set();
    const newest = this.stacks().undo.reverse().filter(({ row }) => !rows.has(row) && rows.add(row));
    return newest.slice(0, most).map((entry) => ({ ...entry, words: entry.words ?? this.cardOf(entry.row)?.text ?? "" }));
  }

  // Shows a decided row for the time being; the next step leads back to where the reviewer was.
  revisit(entry) {
    const card = this.cardOf(entry.row) ?? entry.card ?? null;
    if (card && card !== this.cards.get(this.at)) this.detour = card;
    else if (card || entry.index === null) this.detour = null;
    else this.goTo(entry.index);
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
    for (const row of new Set(this.events().flatMap(rowsOf))) {
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

// Every row that an event decides, undoes or redoes.
function rowsOf(event) {
  return event.rows ?? [event.row, ...(event.group ?? [])];
}

// What undo and redo call a decision: decisions made at once have one name.
function stepOf(decision) {
  return decision.batch ?? decision.uuid;
}

// The first decision of a batch has its name; an event not yet stored still has the row that it was made on.
function wasDecidedAlong(card, decision) {
  if (!decision) return false;
  return decision.row === undefined ? stepOf(decision) !== decision.uuid : decision.row !== card.row;
}

function refreshCard(known, fresh) {
  known.decision = fresh.decision;
  known.group = fresh.group;
  if (!known.evidence || !fresh.evidence) {
    known.evidence ??= fresh.evidence;
    return;
  }
  const near = new Map([...fresh.evidence.nearest, fresh.evidence.counter].filter(Boolean).map((item) => [item.row, item]));
  for (const item of [...known.evidence.nearest, known.evidence.counter]) {
    const told = item && near.get(item.row);
    if (told) [item.label, item.told] = [told.label, told.told];
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

function stepWords(entry) {
  return entry.n_rows > 1 ? `${plural(entry.n_rows, "row", "rows")} at once` : `row ${count(entry.row)}`;
}
