"""Give a student exercises that diagnose, quizzes, and the edition of the notebooks; results only, no answers."""
