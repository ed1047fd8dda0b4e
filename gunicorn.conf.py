"""How gunicorn serves the shop: few processes that share what they loaded, and no line about who asked."""

import gc
import os

bind = f"127.0.0.1:{os.environ.get('PORT') or 8000}"
# One serving process keeps a kitchen's shop, with its postman beside it, under 150 MB; `--workers` for more.
workers = 1
threads = 4
# Loaded once, shared by the workers; no connection crosses the fork (shop/schema.py closes them).
preload_app = True

# No access log; and of gunicorn's own lines, only errors: its warnings name the address of who sent nonsense.
accesslog = None
loglevel = "error"

timeout = 30
graceful_timeout = 10
keepalive = 5
# nginx stands in front and gives the slow their time; longer lines are nobody's order.
limit_request_line = 4094
limit_request_fields = 60
# One door less.
control_socket_disable = True


def when_ready(_server: object) -> None:
    """Keep the collector off what is loaded: to look through it would be to copy it into each worker."""
    gc.collect()
    gc.freeze()
