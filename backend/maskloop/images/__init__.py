"""Images: from the upload to what a browser shows and what the encoder sees."""
