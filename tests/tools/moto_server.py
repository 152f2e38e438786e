"""Serves moto on a free loopback port for as long as stdin stays open.

Prints the port in one line. The acceptance tests hold the other end of stdin, so the server ends with
them however they end.
"""

import sys

from moto.server import ThreadedMotoServer

server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
print(server.get_host_and_port()[1], flush=True)
sys.stdin.read()
server.stop()
