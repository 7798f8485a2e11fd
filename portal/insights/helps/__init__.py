"""What helps to win: assets by what closed deals say of them, and what the figures mean."""
