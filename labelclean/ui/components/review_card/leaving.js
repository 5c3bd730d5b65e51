// Leaves the page only after the decisions are stored.

// A link waits this long for the decisions to be stored, and then the card stays silent while the next page is drawn.
const LEAVE_AFTER_MS = 5000;
const SILENT_MS = 10000;
const LINKS = 'a[href]:not([href^="#"]), [data-testid="stLogoLink"]';

class Leaving {
  // outbox() is where the decisions are kept; null before there is one.
  constructor(outbox) {
    this.outbox = outbox;
    this.waiting = null;
    this.isPassing = false;
  }

  // A link is followed once the decisions are stored, so that the next page knows them. And nothing may be sent after
  // it: a request of this page that Streamlit finds while it draws another one leaves that page blank.
  onLink(event) {
    const link = event.target.closest?.(LINKS);
    const outbox = this.outbox();
    if (!link || !outbox || event.defaultPrevented || link.target === "_blank") return;
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if (outbox.isQuiet || this.isPassing) {
      outbox.pause(SILENT_MS);
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    this.waiting ??= { timer: setTimeout(() => this.leave(), LEAVE_AFTER_MS) };
    this.waiting.link = link;
  }

  leaveIfQuiet() {
    if (this.waiting && this.outbox().isQuiet) this.leave();
  }

  leave() {
    const { link, timer } = this.waiting;
    clearTimeout(timer);
    this.waiting = null;
    this.isPassing = true;
    link.click();
    this.isPassing = false;
  }

  close() {
    clearTimeout(this.waiting?.timer);
  }
}
