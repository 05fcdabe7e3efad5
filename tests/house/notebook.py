"""A kernel in a workspace, spoken to as JupyterLab does: over HTTP and a WebSocket through the proxy."""

import json
import time
import uuid
from dataclasses import dataclass
from typing import Any

import requests
import websocket

# Jupyter's server hangs up on who does not answer its pings, and this client answers only while it listens.
QUIET_SECONDS = 20.0


@dataclass
class Answer:
    """What a cell printed, showed and ended with."""

    text: str
    error: str


class Kernel:
    """One kernel of the server at `base` (on 127.0.0.1), asked under its own host name `host`."""

    def __init__(self, base: str, *, host: str, token: str) -> None:
        self.base, self.headers = base, {"Authorization": f"token {token}", "Host": host}
        answer = requests.post(f"{base}api/kernels", headers=self.headers, json={"name": "python3"}, timeout=60)
        assert answer.status_code == 201, answer.text
        self.id = answer.json()["id"]
        self.channel, self.used_at = self._open(), time.monotonic()
        self.run("None")

    def run(self, code: str, *, timeout: float = 90) -> Answer:
        """Run `code` as a cell; return what came of it. A kernel that dies on it is an error, too."""
        message = uuid.uuid4().hex
        if time.monotonic() - self.used_at > QUIET_SECONDS:
            self.channel.close()
            self.channel = self._open()
        self.channel.settimeout(timeout)
        self.channel.send(json.dumps(_execute(message, code)))
        answer, replied, idle = Answer("", ""), False, False
        while not (replied and idle):
            received = self._next()
            if received["msg_type"] == "status" and received["content"]["execution_state"] in ("restarting", "dead"):
                return Answer(answer.text, "KernelDied")
            if received["parent_header"].get("msg_id") != message:
                continue
            replied = replied or received["msg_type"] == "execute_reply"
            idle = idle or received["content"].get("execution_state") == "idle"
            _take(answer, received["msg_type"], received["content"])
        self.used_at = time.monotonic()
        return answer

    def close(self) -> None:
        """End the kernel."""
        self.channel.close()
        requests.delete(f"{self.base}api/kernels/{self.id}", headers=self.headers, timeout=30)

    def _open(self) -> websocket.WebSocket:
        address = (
            self.base.replace("http://", "ws://") + f"api/kernels/{self.id}/channels?session_id={uuid.uuid4().hex}"
        )
        authorization = f"Authorization: {self.headers['Authorization']}"
        return websocket.create_connection(address, host=self.headers["Host"], header=[authorization], timeout=90)

    def _next(self) -> dict[str, Any]:
        while True:
            raw = self.channel.recv()
            if isinstance(raw, str) and raw:
                received: dict[str, Any] = json.loads(raw)
                return received


def _take(answer: Answer, kind: str, content: dict[str, Any]) -> None:
    if kind == "stream":
        answer.text += content["text"]
    elif kind in ("execute_result", "display_data"):
        answer.text += str(content["data"].get("text/plain", ""))
    elif kind == "error":
        answer.error = f"{content['ename']}: {content['evalue']}"


def _execute(message: str, code: str) -> dict[str, Any]:
    content = {
        "code": code,
        "silent": False,
        "store_history": False,
        "user_expressions": {},
        "allow_stdin": False,
        "stop_on_error": True,
    }
    header = {
        "msg_id": message,
        "username": "",
        "session": "s",
        "msg_type": "execute_request",
        "version": "5.3",
        "date": "",
    }
    return {
        "header": header,
        "parent_header": {},
        "metadata": {},
        "content": content,
        "channel": "shell",
        "buffers": [],
    }
