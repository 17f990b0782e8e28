"""What becomes of judged answers: which of them form pairs, which pairs may leave, and how whole fields are rated."""
