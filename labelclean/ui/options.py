"""
Server and theme options: what ``labelclean`` passes to Streamlit.

``.streamlit/config.toml`` says the same for ``streamlit run app.py``; a test keeps the two equal.
"""

from __future__ import annotations

__all__ = ["SERVER_OPTIONS", "THEME_OPTIONS"]

SERVER_OPTIONS: dict[str, object] = {
    "server.address": "127.0.0.1",
    # Only these names may be asked for, so that a web page cannot reach the app through a name of its own.
    "server.allowedHosts": ["127.0.0.1", "localhost"],
    "server.headless": True,
    "server.showEmailPrompt": False,
    "server.enableXsrfProtection": True,
    "server.maxUploadSize": 400,
    "server.fileWatcherType": "none",
    # A closed lid must not throw the reviewer's place away.
    "server.disconnectedSessionTTL": 1800,
    "browser.gatherUsageStats": False,
    # A full garbage collection after every decision costs seven times the decision itself.
    "runner.postScriptGC": False,
    "runner.magicEnabled": False,
    "client.toolbarMode": "viewer",
    # Tracebacks may hold the user's texts, and the links beside them lead to other hosts.
    "client.showErrorDetails": "type",
    "client.showErrorLinks": False,
    "logger.level": "warning",
}

THEME_OPTIONS: dict[str, object] = {
    "theme.font": (
        "ui-sans-serif, system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Helvetica Neue', Arial, sans-serif"
    ),
    "theme.codeFont": "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace",
    "theme.baseFontSize": 16,
    "theme.baseRadius": "8px",
    "theme.buttonRadius": "8px",
    "theme.showWidgetBorder": True,
    "theme.paddingTop": "1rem",
    "theme.paddingBottom": "2rem",
    "theme.light.primaryColor": "#0F6E6E",
    "theme.light.backgroundColor": "#F7F6F2",
    "theme.light.secondaryBackgroundColor": "#FFFFFF",
    "theme.light.textColor": "#1D2127",
    "theme.light.borderColor": "#E2DFD7",
    "theme.light.linkColor": "#1F5FA8",
    "theme.light.redColor": "#A3262C",
    "theme.light.greenColor": "#2F6B3A",
    "theme.light.blueColor": "#1F5FA8",
    "theme.light.orangeColor": "#B45309",
    "theme.light.grayColor": "#5B6470",
    "theme.light.dataframeBorderColor": "#E2DFD7",
    "theme.light.dataframeHeaderBackgroundColor": "#EEECE5",
    "theme.light.dataframeHeaderTextColor": "#5B6470",
    "theme.light.codeBackgroundColor": "#EEECE5",
    "theme.light.codeTextColor": "#1D2127",
    "theme.dark.primaryColor": "#6FD0C8",
    "theme.dark.backgroundColor": "#14171B",
    "theme.dark.secondaryBackgroundColor": "#1C2026",
    "theme.dark.textColor": "#ECEAE4",
    "theme.dark.borderColor": "#2D333B",
    "theme.dark.linkColor": "#7DB2EE",
    "theme.dark.redColor": "#F0888C",
    "theme.dark.greenColor": "#8CCB97",
    "theme.dark.blueColor": "#7DB2EE",
    "theme.dark.orangeColor": "#F0B267",
    "theme.dark.grayColor": "#9AA3AE",
    "theme.dark.dataframeBorderColor": "#2D333B",
    "theme.dark.dataframeHeaderBackgroundColor": "#272C33",
    "theme.dark.dataframeHeaderTextColor": "#9AA3AE",
    "theme.dark.codeBackgroundColor": "#272C33",
    "theme.dark.codeTextColor": "#ECEAE4",
}
