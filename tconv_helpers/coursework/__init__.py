"""Exercises that diagnose, quizzes, and the student's edition of the notebooks."""
