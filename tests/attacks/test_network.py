"""A session has no network: no name, no port of this machine, no cloud metadata, no other kind of socket."""

import socket
import socketserver
import threading
from collections.abc import Callable, Iterator

import pytest

Run = Callable[[str], str]

CONNECT = """
import socket, errno
def reach(host, port):
    try:
        with socket.create_connection((host, port), 3):
            return "open"
    except OSError as error:
        return errno.errorcode.get(error.errno, type(error).__name__)
"""
ASK_NAME_SERVER = """
import socket, struct
def ask(server, port, name):
    question = b"".join(bytes([len(part)]) + part.encode() for part in name.split(".")) + b"\\0"
    query = struct.pack(">HHHHHH", 7, 256, 1, 0, 0, 0) + question + struct.pack(">HH", 1, 1)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as channel:
        channel.settimeout(2)
        try:
            channel.connect((server, port))
            channel.send(query)
            return "answered" if channel.recv(512)[:2] == query[:2] else "odd"
        except OSError as error:
            return type(error).__name__
"""


class _NameServer(socketserver.BaseRequestHandler):
    """Answers any question with its own header: enough to see that it was reached."""

    def handle(self) -> None:
        question, channel = self.request
        channel.sendto(question, self.client_address)


@pytest.fixture(scope="module")
def name_server() -> Iterator[int]:
    """The port of a name server on this machine."""
    with socketserver.ThreadingUDPServer(("127.0.0.1", 0), _NameServer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


@pytest.fixture(scope="module")
def listener() -> Iterator[int]:
    """A port of this machine that accepts connections."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_no_name_is_resolved(inside: Run, outside: Run, name_server: int) -> None:
    ask = f"{ASK_NAME_SERVER}\nprint(ask('127.0.0.1', {name_server}, 'example.org'))"
    assert outside(ask) == "answered"
    assert inside(ask) in ("ConnectionRefusedError", "TimeoutError")
    resolve = "import socket\ntry:\n    socket.getaddrinfo('example.org', 443); print('resolved')\nexcept socket.gaierror:\n    print('no name')"
    assert inside(resolve) == "no name"
    assert inside("import socket; print(socket.getaddrinfo('localhost', 80)[0][4][0])") == "127.0.0.1"


def test_no_port_of_this_machine_is_reached(inside: Run, outside: Run, listener: int, house: object) -> None:
    ports = [listener, house.front]  # type: ignore[attr-defined]
    reach = f"{CONNECT}\nprint([reach('127.0.0.1', port) for port in {ports}])"
    assert outside(reach) == "['open', 'open']"
    assert inside(reach) == "['ECONNREFUSED', 'ECONNREFUSED']"
    own = "server = socket.create_server(('127.0.0.1', 0)); print(reach('127.0.0.1', server.getsockname()[1])); server.close()"
    assert inside(f"{CONNECT}\n{own}") == "open"


def test_this_machines_other_addresses_are_not_reached(inside: Run, outside: Run) -> None:
    with socket.create_server(("127.9.9.9", 0)) as server:
        reach = f"{CONNECT}\nprint(reach('127.9.9.9', {server.getsockname()[1]}))"
        assert outside(reach) == "open"
        assert inside(reach) == "ECONNREFUSED"


@pytest.mark.parametrize("address", ["169.254.169.254", "1.1.1.1", "10.0.0.1", "2606:4700:4700::1111", "fd00:ec2::254"])
def test_no_address_beyond_is_reached(inside: Run, outside: Run, listener: int, address: str) -> None:
    assert inside(f"{CONNECT}\nprint(reach({address!r}, 80))") == "ENETUNREACH"
    assert outside(f"{CONNECT}\nprint(reach('127.0.0.1', {listener}))") == "open"


def test_there_is_no_interface_but_loopback(inside: Run) -> None:
    assert inside("import socket; print([name for _, name in socket.if_nameindex()])") == "['lo']"
    assert inside("print(len(open('/proc/net/route').read().splitlines()))") == "1"


def test_no_other_kind_of_socket_is_made(inside: Run, outside: Run) -> None:
    make = """
import socket
def make(family, kind, protocol=0):
    try:
        socket.socket(family, kind, protocol).close()
        return "made"
    except OSError as error:
        return type(error).__name__ + str(error.errno)
"""
    kinds = {
        "raw": "socket.AF_INET, socket.SOCK_RAW, 1",
        "packet": "socket.AF_PACKET, socket.SOCK_RAW",
        "vsock": "socket.AF_VSOCK, socket.SOCK_STREAM",
        "netfilter": "socket.AF_NETLINK, socket.SOCK_RAW, 12",
        "crypto": "socket.AF_ALG, socket.SOCK_SEQPACKET",
    }
    for name, arguments in kinds.items():
        assert inside(f"{make}\nprint(make({arguments}))") != "made", name
    assert inside(f"{make}\nprint(make(socket.AF_UNIX, socket.SOCK_STREAM))") == "made"
    assert outside(f"{make}\nprint(make(socket.AF_NETLINK, socket.SOCK_RAW, 12))") == "made"


def test_this_machines_abstract_sockets_are_not_reached(inside: Run, outside: Run) -> None:
    name = "tre-attack-test"
    reach = f"""
import socket
try:
    socket.socket(socket.AF_UNIX).connect("\\0{name}")
    print("open")
except OSError as error:
    print(type(error).__name__)
"""
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(f"\0{name}")
        server.listen()
        assert outside(reach) == "open"
        assert inside(reach) == "ConnectionRefusedError"
