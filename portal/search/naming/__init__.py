"""What things are called: the vocabulary's names, and the words texts have."""
