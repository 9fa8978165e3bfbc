"""Runs programs for the bench, as Node cannot tell what a child that has ended took.

One JSON request a line on stdin, one JSON answer a line on stdout:
{"argv": [...], "env": {...}, "input": "...", "at_once": 1, "seconds": 120} starts a program, or as many at once, and
waits for the last. The answer has wall and cpu in milliseconds, memory (the most that one of them held) in bytes,
code (the first that is not 0), lines (how many stdout had), and the first 64 KB of stdout and stderr.
"""

import json
import os
import signal
import sys
import tempfile
import time

SHOWN = 65536


def start(argv, env, given, errors):
    """Its pid, and the end of the pipe that it prints into. What it is given lies in its stdin before it starts."""
    stdin_read, stdin_write = os.pipe()
    stdout_read, stdout_write = os.pipe()
    os.write(stdin_write, given)
    os.close(stdin_write)
    actions = [
        (os.POSIX_SPAWN_DUP2, stdin_read, 0),
        (os.POSIX_SPAWN_DUP2, stdout_write, 1),
        (os.POSIX_SPAWN_DUP2, errors.fileno(), 2),
    ]
    try:
        return os.posix_spawnp(argv[0], argv, env, file_actions=actions), stdout_read
    finally:
        os.close(stdin_read)
        os.close(stdout_write)


def read_all(pipe):
    """The beginning of what comes, and its lines; the rest is taken away so that nobody waits for us."""
    begun, lines = b"", 0
    while piece := os.read(pipe, 1 << 20):
        lines += piece.count(b"\n")
        if len(begun) < SHOWN:
            begun += piece
    os.close(pipe)
    return begun[:SHOWN], lines


def run(request):
    given = request.get("input", "").encode()
    running = {}

    def stop(_signal, _frame):
        for pid in running:
            os.kill(pid, signal.SIGKILL)

    signal.signal(signal.SIGALRM, stop)
    with tempfile.TemporaryFile() as errors:
        signal.setitimer(signal.ITIMER_REAL, request.get("seconds", 120))
        began = time.perf_counter()
        for _ in range(request.get("at_once", 1)):
            pid, pipe = start(request["argv"], request["env"], given, errors)
            running[pid] = pipe
        answer = {"cpu": 0, "memory": 0, "code": 0, "lines": 0, "stdout": ""}
        for pid, pipe in list(running.items()):
            stdout, lines = read_all(pipe)
            _, status, usage = os.wait4(pid, 0)
            del running[pid]
            answer["cpu"] += (usage.ru_utime + usage.ru_stime) * 1000
            # macOS counts bytes, everybody else kilobytes.
            answer["memory"] = max(answer["memory"], usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024))
            answer["lines"] += lines
            answer["code"] = answer["code"] or os.waitstatus_to_exitcode(status)
            answer["stdout"] = answer["stdout"] or stdout.decode("utf8", "replace")
        answer["wall"] = (time.perf_counter() - began) * 1000
        signal.setitimer(signal.ITIMER_REAL, 0)
        errors.seek(0)
        answer["stderr"] = errors.read(SHOWN).decode("utf8", "replace")
    return answer


for line in sys.stdin:
    try:
        print(json.dumps(run(json.loads(line))), flush=True)
    except OSError as error:
        print(json.dumps({"raised": str(error)}), flush=True)
