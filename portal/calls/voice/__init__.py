"""The voice of the customer: what is said over and over, and who answers it."""
