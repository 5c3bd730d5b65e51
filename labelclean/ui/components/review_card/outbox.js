// Keeps each decision until the server says it is stored: memory, localStorage, and sending again.

const OUTBOX_PREFIX = "labelclean:outbox:";
const TAB = newUuid();
const UUID_FORM = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const BEAT_MS = 2000;
// A tab that closes says so at once; this is for crashes. Taking over from a living tab does no harm.
const GONE_AFTER_MS = 15000;
const LOOK_MS = 250;
const DRAWING_BEGINS_MS = 500;
const DRAWN_WITHIN_MS = 60000;
const DEAF_AFTER_MS = 10000;
const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 30000;
// One sending at a time: a new one would interrupt the server's run before it has stored the last.
const ANSWER_WITHIN_MS = 400;
const KICK_EVERY_MS = 3000;
// The next card is painted first; decisions in quick succession go together.
const AFTER_PAINT_MS = 40;
const TOGETHER_WITHIN_MS = 200;

// crypto.randomUUID exists only on https and localhost.
function newUuid() {
  if (globalThis.crypto?.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

// A project id in percent code holds no colon, so that one project's keys never begin with another's.
function outboxPrefix(project) {
  return `${OUTBOX_PREFIX}${encodeURIComponent(project)}:`;
}

function readRecord(key) {
  try {
    const record = JSON.parse(localStorage.getItem(key) ?? "null");
    if (!record || !Array.isArray(record.events)) return null;
    const events = record.events.filter((event) => event && UUID_FORM.test(event.uuid));
    return { events, beat: Number(record.beat) || 0, released: record.released === true };
  } catch {
    return null;
  }
}

// Streamlit says on the page whether it has a connection and whether it draws; without a word, all is well.
function isServerThere() {
  const state = document.querySelector("[data-test-connection-state]")?.getAttribute("data-test-connection-state");
  return state === undefined || state === "CONNECTED";
}

function isPageBeingDrawn() {
  return Boolean(document.querySelector("[data-test-script-state=running], [data-test-script-state=rerunRequested]"));
}

function bySequence(one, other) {
  return (one.seq ?? 0) - (other.seq ?? 0);
}

class Outbox {
  // deliver(events, sent) hands everything to the server; changed() asks for a repaint; mayReload() tells whether
  // loading the page again would lose nothing.
  constructor(project, { deliver, changed, mayReload }) {
    this.key = outboxPrefix(project) + TAB;
    this.prefix = outboxPrefix(project);
    this.deliver = deliver;
    this.changed = changed;
    this.mayReload = mayReload;
    this.events = [];
    this.seq = 0;
    this.sent = 0;
    this.wanted = false;
    this.delay = FIRST_RETRY_MS;
    this.sentAt = -Infinity;
    this.kickedAt = -Infinity;
    this.awaiting = false;
    this.dirty = false;
    this.dirtyAt = -Infinity;
    this.timer = null;
    this.pausedUntil = -Infinity;
    this.oldestAt = null;
    this.link = "up";
    this.backAt = null;
    this.isKept = true;
    const own = readRecord(this.key);
    if (own) this.events = own.events;
    this.adopt();
    this.beat = setInterval(() => this.onBeat(), BEAT_MS);
    this.watch = setInterval(() => this.followConnection(), LOOK_MS);
  }

  get isEmpty() {
    return this.events.length === 0;
  }

  // Nothing is on its way to the server, and nothing waits to be.
  get isQuiet() {
    return this.isEmpty && !this.awaiting && !this.dirty;
  }

  add(event) {
    this.events.push({ ...event, uuid: newUuid(), seq: this.seq++ });
    this.oldestAt ??= performance.now();
    this.save();
    this.send();
    return this.events.at(-1);
  }

  // Ask for cards: keeps sending until something is heard, as for an event.
  want() {
    if (this.wanted) return;
    this.wanted = true;
    this.send();
  }

  send() {
    const now = performance.now();
    if (!this.dirty) this.dirtyAt = now;
    this.dirty = true;
    const wait = this.awaiting ? this.sentAt + ANSWER_WITHIN_MS - now : 0;
    this.schedule(Math.max(wait, Math.min(AFTER_PAINT_MS, this.dirtyAt + TOGETHER_WITHIN_MS - now), 0));
  }

  schedule(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), Math.max(wait, this.pausedUntil - performance.now()));
  }

  // Send nothing for a while, or until the server is heard.
  pause(ms) {
    this.pausedUntil = performance.now() + ms;
    if (!this.isQuiet || this.wanted) this.schedule(0);
  }

  flush() {
    if (this.link !== "up") return this.schedule(LOOK_MS);
    this.awaiting = true;
    this.dirty = false;
    this.sentAt = performance.now();
    this.sent += 1;
    try {
      this.deliver(this.events, this.sent);
    } catch (error) {
      console.warn("labelclean: sending failed, will try again", error);
    }
    if (!this.isEmpty || this.wanted) {
      this.schedule(this.delay);
      this.delay = Math.min(this.delay * 2, LAST_RETRY_MS);
    }
  }

  // Called with each word from the server: what is stored, or refused for good, need not be kept.
  heard(done, hasCards) {
    const before = this.events.length;
    if (this.link === "up") this.backAt = null;
    this.awaiting = false;
    this.pausedUntil = -Infinity;
    this.events = this.events.filter((event) => !done.has(event.uuid));
    const shorter = this.events.length < before;
    if (hasCards) this.wanted = false;
    if (shorter) {
      this.delay = FIRST_RETRY_MS;
      this.oldestAt = this.isEmpty ? null : performance.now();
      this.save();
    }
    if (this.isEmpty && !this.wanted && !this.dirty) clearTimeout(this.timer);
    else if (this.dirty || shorter) this.send();
    else this.kick();
  }

  // The server is there again after a long silence: do not wait for the end of a long delay.
  kick() {
    const now = performance.now();
    if (now - this.kickedAt < KICK_EVERY_MS) return;
    this.kickedAt = now;
    this.delay = FIRST_RETRY_MS;
    this.schedule(FIRST_RETRY_MS / 2);
  }

  save(released = false) {
    try {
      if (this.isEmpty) localStorage.removeItem(this.key);
      else localStorage.setItem(this.key, JSON.stringify({ beat: Date.now(), released, events: this.events }));
      this.isKept = true;
    } catch (error) {
      this.isKept = false;
      console.warn("labelclean: the browser keeps no copy of unsaved decisions", error);
    }
  }

  // Take over what tabs that are gone left behind. Written under the own key first, so that nothing is ever without
  // a keeper; two tabs that take the same events send the same uuids, which the server stores once.
  adopt() {
    const known = new Set(this.events.map((event) => event.uuid));
    const found = [];
    const left = [];
    for (const key of this.foreignKeys()) {
      const record = readRecord(key);
      if (record && !record.released && Date.now() - record.beat < GONE_AFTER_MS) continue;
      left.push(key);
      for (const event of (record?.events ?? []).sort(bySequence)) {
        if (!known.has(event.uuid)) found.push(event);
        known.add(event.uuid);
      }
    }
    if (found.length) {
      this.events = [...found, ...this.events];
      this.oldestAt ??= performance.now();
      this.save();
    }
    left.forEach((key) => localStorage.removeItem(key));
    return found.length > 0;
  }

  foreignKeys() {
    try {
      return Object.keys(localStorage).filter((key) => key.startsWith(this.prefix) && key !== this.key);
    } catch {
      return [];
    }
  }

  onBeat() {
    if (!this.isEmpty) this.save();
    if (this.adopt()) {
      this.send();
      this.changed();
    }
  }

  // A server that comes back draws the whole page first. A request that reaches it meanwhile stops that, and the page
  // then answers to nothing: so nothing is sent before it is drawn, and then at once what waits.
  followConnection() {
    const now = performance.now();
    if (!isServerThere()) this.link = "down";
    else if (this.link === "down") [this.link, this.backAt] = ["drawing", now];
    else if (this.link === "drawing") {
      const isDrawn = now - this.backAt > DRAWING_BEGINS_MS && !isPageBeingDrawn();
      if (!isDrawn && now - this.backAt < DRAWN_WITHIN_MS) return;
      [this.link, this.backAt] = ["up", now];
      this.delay = FIRST_RETRY_MS;
      if (this.waits) this.schedule(0);
    } else if (this.backAt !== null && now - this.backAt > DEAF_AFTER_MS) this.helpDeafPage();
  }

  // A page that was killed while it was drawn may never answer again. What is not stored yet is kept in the browser,
  // and the page that is loaded in its place takes it over.
  helpDeafPage() {
    if (!this.waits || !this.isKept || isPageBeingDrawn() || !this.mayReload()) return;
    this.backAt = null;
    location.reload();
  }

  get waits() {
    return !this.isEmpty || this.wanted;
  }

  // The page goes away: another tab, or this one after a refresh, may take over at once.
  release() {
    if (!this.isEmpty) this.save(true);
  }

  close() {
    this.release();
    clearTimeout(this.timer);
    clearInterval(this.beat);
    clearInterval(this.watch);
  }
}
