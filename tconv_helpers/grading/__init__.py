"""Grade what strangers hand in: for teachers, in a checkout; no part of it is in the wheel."""
