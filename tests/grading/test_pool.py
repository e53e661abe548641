"""Workers that die cost the job they died on, and no other."""

import fake_sandbox
from classroom import FLIPPED, all_right, grade_here, hand_in, points

from tconv_helpers.grading.grade import PRELOAD
from tconv_helpers.grading.pool import DIED, do_all, local_workers


def test_a_worker_that_dies_costs_the_one_it_died_on(course):
    hand_in(course.submitted, "dan", all_right(conv_by_kernel=FLIPPED + "# kill the grader"))
    summary = grade_here(course, fake_sandbox.run_or_die, local_workers(2, PRELOAD))
    assert summary.ungraded == ["dan"] and "died" in summary.trouble[0][1]
    assert points(course) == {"ann": 9, "bob": 7, "cem": 0}


def test_each_job_is_done_once_whatever_it_is():
    deadly = "__import__('os').abort()"
    jobs = ["2 + 2", deadly, *map(str, range(10))]
    done = list(do_all(jobs, local_workers(2), eval))
    assert len(done) == len(jobs)
    assert dict(done) == {"2 + 2": 4, deadly: DIED} | {str(number): number for number in range(10)}
