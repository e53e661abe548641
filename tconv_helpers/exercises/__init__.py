"""Give a student exercises that diagnose, quizzes, and the edition of the notebooks; no answers."""
