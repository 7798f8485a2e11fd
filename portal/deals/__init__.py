"""Deals as the CRM or a rep knows them: who sells what to whom, for how much, how far it is."""
