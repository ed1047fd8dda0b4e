"""What the server writes down: an event, a route's template, where in the code; never what somebody sent."""

import logging
import sys
import traceback
from types import TracebackType

from flask import Flask, request

Problem = tuple[type[BaseException], BaseException, TracebackType | None]
FORMAT = "%(levelname)s %(message)s"


class CodeOnly(logging.Formatter):
    """Shows an exception by its class and its lines of code: its message may hold what somebody typed."""

    def formatException(self, problem: object) -> str:
        """Show where it happened, the chain of causes included."""
        error = problem[1] if isinstance(problem, tuple) else None
        shown: list[str] = []
        while isinstance(error, BaseException):
            shown.append(type(error).__name__)
            steps = traceback.extract_tb(error.__traceback__)
            shown += [f"  {step.filename}:{step.lineno} {step.name}" for step in steps]
            error = error.__cause__ or error.__context__
        return "\n".join(shown)


class DiscreetFlask(Flask):
    """Flask, whose own line for an unexpected error names the path, and with it a customer's link."""

    def log_exception(self, exc_info: Problem | tuple[None, None, None]) -> None:
        """Name the route instead: `/o/<token>` as it is written in the code."""
        rule = request.url_rule.rule if request.url_rule else "no route"
        self.logger.error("unexpected %s %s", request.method, rule, exc_info=exc_info)


def init_logs() -> None:
    """Let everything that is logged, by libraries too, pass the formatter; to standard error, as it comes."""
    root = logging.getLogger()
    if any(isinstance(handler.formatter, CodeOnly) for handler in root.handlers):
        return
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(CodeOnly(FORMAT))
    root.addHandler(handler)
