"""Labels to propose, and why."""
