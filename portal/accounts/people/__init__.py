"""The page for people: who is here, who may come, what each may, and who may not any more."""
