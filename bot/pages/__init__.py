"""What is shown, made of facts and words: pure functions from the model to blocks."""
