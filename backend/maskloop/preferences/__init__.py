"""What a person has set for themselves, kept on the server so that it follows them to every browser."""
