"""What calls and ratings forget: words people wrote about them."""
