"""The maths of mutual scoring, on tensors."""
