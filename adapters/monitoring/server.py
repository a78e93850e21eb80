"""A small web server of its own, at `metrics.listen`, beside whatever platforms are served."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from bot.errors import ConfigError
from bot.metrics import CONTENT_TYPE, Metrics
from bot.vitals import Vitals


@asynccontextmanager
async def serving(listen: str, metrics: Metrics, vitals: Vitals) -> AsyncIterator[None]:
    """Answer `/metrics`, `/healthz` and `/readyz` for as long as the context lasts. Raises ConfigError."""
    runner = web.AppRunner(_app(metrics, vitals), access_log=None, shutdown_timeout=1.0)
    host, _, port = listen.rpartition(":")
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host.strip("[]"), int(port)).start()
        except OSError as error:
            raise ConfigError(f"metrics.listen: {listen} can't be listened at ({error.strerror}).") from None
        yield
    finally:
        await runner.cleanup()


def _app(metrics: Metrics, vitals: Vitals) -> web.Application:
    async def measured(_: web.Request) -> web.Response:
        return web.Response(body=await metrics.text(vitals), headers={"Content-Type": CONTENT_TYPE})

    async def alive(_: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def ready(_: web.Request) -> web.Response:
        wrong = await vitals.wrong()
        return web.Response(text="\n".join(wrong or ["ready"]) + "\n", status=503 if wrong else 200)

    app = web.Application()
    app.router.add_get("/metrics", measured)
    app.router.add_get("/healthz", alive)
    app.router.add_get("/readyz", ready)
    return app
