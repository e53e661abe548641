"""Check exercises, tell what is wrong, ask quizzes, and hand out the edition; no answers are here."""
