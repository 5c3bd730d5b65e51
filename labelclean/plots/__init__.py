"""Results to plotly figures; no computing."""
