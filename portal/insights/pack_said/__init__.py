"""What came out, was used, was won and looked for, in words."""
