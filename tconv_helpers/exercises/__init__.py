"""What a student's package holds: exercises that diagnose, quizzes, and the edition of the notebooks."""
