"""The look of the report: the product's colours for light, dark and paper."""

from __future__ import annotations

__all__ = ["STYLE"]

STYLE = """
:root {
  --ground: #F7F6F2; --card: #FFFFFF; --ink: #1D2127; --soft-ink: #5B6470; --hairline: #E2DFD7;
  --given: #B45309; --given-ground: #FDF2E0; --suggested: #0F6E6E; --suggested-ground: #DDF1EF;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #14171B; --card: #1C2026; --ink: #ECEAE4; --soft-ink: #9AA3AE; --hairline: #2D333B;
    --given: #F0B267; --given-ground: #3A2C18; --suggested: #6FD0C8; --suggested-ground: #163634;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
main { max-width: 880px; margin: 0 auto; padding: 40px 24px 64px; }
h1 { font-size: 28px; line-height: 1.25; margin: 0 0 4px; overflow-wrap: anywhere; }
h2 { font-size: 18px; margin: 40px 0 12px; }
p { margin: 0 0 12px; max-width: 60em; }
.kind { color: var(--soft-ink); font-size: 13px; letter-spacing: 0.06em; margin: 0 0 4px; text-transform: uppercase; }
.lead, .note { color: var(--soft-ink); font-size: 14px; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(220px, 1fr)); gap: 16px; margin-top: 24px; }
.figures div { padding: 16px; background: var(--card);
  border: 1px solid var(--hairline); border-radius: 12px; }
.figures strong { display: block; font-size: 24px; line-height: 1.3; font-variant-numeric: tabular-nums; }
.figures span { color: var(--soft-ink); font-size: 14px; }
table { width: 100%; border-collapse: collapse; font-size: 14px; background: var(--card); }
th { padding: 8px 12px; font-size: 13px; text-align: left; color: var(--soft-ink);
  border-bottom: 1px solid var(--hairline); }
td { padding: 8px 12px; vertical-align: top; border-bottom: 1px solid var(--hairline); }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td.number { width: 1%; }
.user { white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: isolate; }
.given, .new { display: inline-block; padding: 0 8px; border-radius: 8px; }
.given { color: var(--given); background: var(--given-ground); border-bottom: 2px dotted var(--given); }
.new { color: var(--suggested); background: var(--suggested-ground); border-bottom: 2px solid var(--suggested); }
@media print {
  :root {
    --ground: #FFFFFF; --card: #FFFFFF; --ink: #000000; --soft-ink: #444444; --hairline: #CCCCCC;
    --given: #B45309; --given-ground: #FFFFFF; --suggested: #0F6E6E; --suggested-ground: #FFFFFF;
  }
  main { max-width: none; padding: 0; }
  thead { display: table-header-group; }
  tr, .figures div { break-inside: avoid; }
  h2 { break-after: avoid; }
}
"""
"""Inline CSS; nothing is loaded from elsewhere."""
