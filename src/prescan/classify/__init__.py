"""The attribute model: predicts the disclosure attribute from words and anatomy, with reasons and their places."""
