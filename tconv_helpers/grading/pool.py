"""Do jobs in processes of their own, on this machine or on a cluster, though any of them may die.

Nothing here knows what the jobs are.
"""

import contextlib
import multiprocessing
import os
import threading
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, ProcessPoolExecutor, wait

DIED = "its worker process died, and died again"


def do_all(jobs, start_workers, do, window=4):
    """Yield (job, do(job)) for each job, as they get done; (job, DIED) for one that kills its worker.

    start_workers : returns an executor and its number of workers; with 1, of one worker. It is called again
    when the executor broke. Of an endless list of jobs at most `window` for each worker are in memory.
    If a worker dies, all that were under way are done again, each alone, so that only the one that killed it
    gets `DIED`. What `do` raises is raised here.

    >>> from concurrent.futures import ThreadPoolExecutor
    >>> sorted(do_all("abc", lambda count=2: (ThreadPoolExecutor(count), count), ord))
    [('a', 97), ('b', 98), ('c', 99)]
    """
    jobs, waiting, (executor, workers) = iter(jobs), {}, start_workers()
    try:
        while True:
            suspects = _submit_more(jobs, executor, do, waiting=waiting, most=window * workers)
            if not waiting and not suspects:
                return
            for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                job = waiting.pop(future)
                try:
                    yield job, _outcome(future)
                except BrokenExecutor:
                    suspects.append(job)
            if suspects:
                suspects += waiting.values()
                waiting.clear()
                executor.shutdown(wait=False)
                yield from _one_by_one(suspects, start_workers, do)
                executor, workers = start_workers()
    finally:
        for future in waiting:
            future.cancel()
        executor.shutdown(wait=False)


def _submit_more(jobs, executor, do, *, waiting, most):
    """Add jobs to `waiting`, {future: job}; return in a list the one that a broken executor did not take."""
    for job in jobs:
        try:
            waiting[executor.submit(do, job)] = job
        except BrokenExecutor:  # a worker has died since we looked
            return [job]
        if len(waiting) >= most:
            break
    return []


def _one_by_one(jobs, start_workers, do):
    for job in jobs:
        executor, _ = start_workers(1)
        try:
            yield job, _outcome(executor.submit(do, job))
        except BrokenExecutor:
            yield job, DIED
        finally:
            executor.shutdown(wait=False)


def _outcome(future):
    """Return what a job came to; Dask has tried again by itself before it gives up on a worker."""
    try:
        return future.result()
    except Exception as error:
        if type(error).__name__ == "KilledWorker":
            return DIED
        raise


def local_workers(most, preload=()):
    """Return what starts `most` processes on this machine, which end with the one that started them.

    preload : names of modules that each of them finds imported.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__, *preload])

    def start_workers(count=most):
        return ProcessPoolExecutor(count, mp_context=context, initializer=end_with_parent), count

    return start_workers


def end_with_parent():
    """Let a worker end when the process that started it was killed, instead of waiting for ever."""

    def watch():
        multiprocessing.parent_process().join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


@contextlib.contextmanager
def cluster_workers(address):
    """Give what starts an executor on the running Dask cluster at an address; OSError if it is none."""
    from distributed import Client

    with Client(address, timeout=5, set_as_default=False) as client:

        def start_workers(_=None):
            workers = client.scheduler_info(n_workers=-1)["workers"].values()
            return client.get_executor(pure=False), max(1, sum(worker["nthreads"] for worker in workers))

        yield start_workers
