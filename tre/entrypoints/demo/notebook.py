"""Owns the walk's way into a workspace: a kernel, spoken to over the WebSocket that JupyterLab uses. Must never use a hub token."""

import json
import uuid
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import websocket

from tre.entrypoints.demo.browser import Browser, WalkFailed

MESSAGE_SECONDS = 120


@dataclass(kw_only=True)
class Notebook:
    """A kernel in a person's workspace.

    Args:
        browser: the person's browser, signed in to the hub.
        base: address of the workspace, with a slash at its end.
    """

    browser: Browser
    base: str
    kernel: str = ""

    def start(self) -> None:
        """Start a kernel with the browser's own cookies."""
        answer = self.browser.client.post(
            f"{self.base}api/kernels", json={"name": "python3"}, headers=self._forgery_token()
        )
        if answer.status_code != CREATED:
            raise WalkFailed(f"no kernel: {answer.status_code} {answer.text[:300]}")
        self.kernel = answer.json()["id"]

    def cells_of(self, name: str) -> list[str]:
        """Return the code cells of a notebook in the workspace."""
        content = self.browser.get(f"{self.base}api/contents/{name}?type=notebook&content=1").json()["content"]
        return ["".join(cell["source"]) for cell in content["cells"] if cell["cell_type"] == "code"]

    def run(self, code: str) -> str:
        """Run code and return what it printed and showed.

        Raises:
            WalkFailed: the code ended in an error, or the kernel died.
        """
        channel = self._open_channel()
        try:
            return _converse(channel, code)
        finally:
            channel.close()

    def _open_channel(self) -> websocket.WebSocket:
        parts = urlsplit(self.base)
        path = f"{parts.path}api/kernels/{self.kernel}/channels?session_id={uuid.uuid4().hex}"
        return websocket.create_connection(
            f"ws://127.0.0.1:{parts.port}{path}",
            host=parts.netloc,
            origin=f"{parts.scheme}://{parts.netloc}",
            cookie=self.browser.cookie_header(self.base),
            timeout=MESSAGE_SECONDS,
        )

    def _forgery_token(self) -> dict[str, str]:
        # Jupyter wants its _xsrf cookie back in a header; the cookie of the longest path is the workspace's own
        cookies = [one for one in self.browser.client.cookies.jar if one.name == "_xsrf" and one.path in self.base]
        best = max(cookies, key=lambda one: len(one.path), default=None)
        return {"X-XSRFToken": best.value or ""} if best else {}


CREATED = 201


def _converse(channel: websocket.WebSocket, code: str) -> str:
    asked = uuid.uuid4().hex
    channel.send(json.dumps(_execute_request(asked, code)))
    shown: list[str] = []
    while True:
        message = json.loads(channel.recv())
        if message.get("parent_header", {}).get("msg_id") != asked:
            continue
        content = message["content"]
        match message["msg_type"]:
            case "stream":
                shown.append(content["text"])
            case "execute_result" | "display_data":
                shown.append(str(content["data"].get("text/plain", "")))
            case "error":
                raise WalkFailed(f"the notebook stopped with {content['ename']}: {content['evalue'][:400]}")
            case "status" if content["execution_state"] == "idle":
                return "".join(shown)


def _execute_request(asked: str, code: str) -> dict[str, Any]:
    return {
        "header": {
            "msg_id": asked,
            "username": "",
            "session": asked,
            "msg_type": "execute_request",
            "version": "5.3",
            "date": "",
        },
        "parent_header": {},
        "metadata": {},
        "channel": "shell",
        "buffers": [],
        "content": {
            "code": code,
            "silent": False,
            "store_history": False,
            "user_expressions": {},
            "allow_stdin": False,
        },
    }
