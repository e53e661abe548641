"""Serve build/site from this machine and open it in a browser: ``python site/open.py [PORT]``."""

import sys
import webbrowser
from contextlib import suppress
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

SITE = Path(__file__).resolve().parents[1] / "build/site"


def main(port=8899):
    handler = partial(SimpleHTTPRequestHandler, directory=SITE)
    try:
        server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    except OSError as error:
        sys.exit(f"port {port} must be free: got '{error.strerror}'; name another: make site-open ARGS=8900")
    url = f"http://127.0.0.1:{server.server_port}/"
    print(f"{url} shows build/site; Ctrl + C ends it", flush=True)
    serving = Thread(target=server.serve_forever, daemon=True)
    serving.start()
    with server, suppress(KeyboardInterrupt):
        webbrowser.open(url)  # one in a terminal comes back only when it is left
        serving.join()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
