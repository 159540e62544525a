"""A real server in a process of its own: the one the benchmarks start."""

from __future__ import annotations

from benchmark_modules import benchmark

Server = benchmark("desk_server").Server
