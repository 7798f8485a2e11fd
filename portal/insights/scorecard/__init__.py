"""Both departments' scorecard: one goal, one record of promises, one page."""
