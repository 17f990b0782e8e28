"""Every environment variable that FDC reads, in one place, as values. Reading is all that happens here."""

from __future__ import annotations

import os
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import environ

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Environment:
    """What the surroundings say. Paths are absolute; empty strings mean "not given"."""

    data_dir: Path
    database_url: str
    redis_url: str
    host: str
    port: int
    allowed_hosts: tuple[str, ...]
    origins: tuple[str, ...]
    https: bool
    debug: bool
    secret_key: str
    encryption_key: str
    provider_allow: tuple[str, ...]
    cny_per_usd: Decimal
    vectors: Path | None

    @property
    def embedded(self) -> bool:
        """Whether FDC runs on its own SQLite file with the in-memory broker."""
        return not self.redis_url


def _key(env: environ.Env, name: str, file: Path) -> str:
    given = env.str(name, default="")
    return given or (file.read_text(encoding="ascii").strip() if file.exists() else "")


def read() -> Environment:
    """The environment as it is now. Keys come from variables or from the 0600 files that `manage.py start` makes."""
    env = environ.Env()
    data_dir = Path(env.str("FDC_DATA_DIR", default=str(ROOT / "var"))).resolve()
    return Environment(
        data_dir=data_dir,
        database_url=env.str("DATABASE_URL", default=""),
        redis_url=env.str("REDIS_URL", default=""),
        host=env.str("FDC_HOST", default="127.0.0.1"),
        port=env.int("FDC_PORT", default=8000),
        allowed_hosts=tuple(env.list("FDC_ALLOWED_HOSTS", default=[])),
        origins=tuple(env.list("FDC_ORIGINS", default=[])),
        https=env.bool("FDC_HTTPS", default=False),
        debug=env.bool("FDC_DEBUG", default=False),
        secret_key=_key(env, "FDC_SECRET_KEY", data_dir / "secret_key"),
        encryption_key=_key(env, "FDC_ENCRYPTION_KEY", data_dir / "encryption_key"),
        provider_allow=tuple(env.list("FDC_PROVIDER_ALLOW", default=[])),
        cny_per_usd=Decimal(env.str("FDC_CNY_PER_USD", default="7.2")),
        vectors=Path(folder).resolve() if (folder := env.str("FDC_VECTORS", default="")) else None,
    )


def provider_order() -> list[str]:
    """The providers whose keys may stand in the environment, in the order in which they are to be asked."""
    wanted = os.environ.get("FDC_PROVIDERS", "openai,dashscope")
    return [name.strip().lower() for name in wanted.split(",") if name.strip()]


def provider_keys() -> dict[str, str]:
    """Keys given as OPENAI_API_KEY / DASHSCOPE_API_KEY, by provider name; they are never stored."""
    names = {"openai": "OPENAI_API_KEY", "dashscope": "DASHSCOPE_API_KEY"}
    return {name: os.environ[variable] for name, variable in names.items() if os.environ.get(variable)}
