"""What a person sees before typing."""
