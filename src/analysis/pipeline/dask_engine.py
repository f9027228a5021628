"""Sites built on a Dask cluster: one of this machine, or one whose scheduler is named. The extra `registry` installs Dask.

Every worker needs this program in the same version, and must reach the folder of raw files under the same path. The key goes to the
workers with the work: a cluster of several machines needs Dask's TLS, as docs/performance.md says.
"""

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from analysis.errors import RefusedBeforeWork, UsageError

if TYPE_CHECKING:
    from distributed import Client

Item = TypeVar("Item")
Made = TypeVar("Made")
_TRIES = 3
"""A site whose worker dies is built anew by another so many times."""
_PATIENCE = 20


class Cluster:
    """Applies a function to many items on the workers of a cluster."""

    elsewhere = True

    def __init__(self, client: "Client", *, same_disk: bool = False) -> None:
        self.client, self.same_disk = client, same_disk

    def map(self, work: Callable[[Item], Made], items: Sequence[Item]) -> Iterator[tuple[int, Made]]:
        """See `analysis.pipeline.engine.Engine`. A result leaves its worker as soon as it was taken."""
        from distributed import as_completed

        futures = self.client.map(work, list(items), retries=_TRIES, pure=False)
        place = {future.key: n for n, future in enumerate(futures)}
        waiting = as_completed(futures, with_results=True)  # type: ignore[no-untyped-call]
        del futures
        for future, made in waiting:
            n = place[future.key]
            future.release()
            yield n, made

    def reduce(
        self, work: Callable[[Item], Made], merge: Callable[[Made, Made], Made], items: Sequence[Item]
    ) -> Made | None:
        """See `analysis.pipeline.engine.Engine`: a tree on the workers, of which only the root comes here."""
        level = self.client.map(work, list(items), retries=_TRIES, pure=False)
        while len(level) > 1:
            pairs = [
                self.client.submit(merge, one, other, retries=_TRIES, pure=False)
                for one, other in zip(level[0::2], level[1::2], strict=False)
            ]
            level = pairs + (level[-1:] if len(level) % 2 else [])
        return level[0].result() if level else None


@contextmanager
def cluster(scheduler: str | None = None, *, workers: int | None = None) -> Iterator[Cluster]:
    """The cluster at an address such as tcp://host:8786, or one of processes of this machine for the time of this run.

    Raises UsageError where Dask is not installed, RefusedBeforeWork where nobody answers.
    """
    try:
        from distributed import Client, LocalCluster
    except ImportError:
        raise UsageError(
            "--engine dask needs Dask, which is not installed. Run: pip install 'clinic-adverse-events[registry]'"
        ) from None
    if scheduler is not None:
        try:
            client = Client(scheduler, timeout=_PATIENCE)  # type: ignore[no-untyped-call]
        except (OSError, ValueError, TimeoutError):
            raise RefusedBeforeWork(
                f"No Dask scheduler answers at {scheduler}. Start it, or check the address."
            ) from None
        with client:
            yield Cluster(client)
        return
    with (
        LocalCluster(n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=None) as local,  # type: ignore[no-untyped-call]
        Client(local) as client,  # type: ignore[no-untyped-call]
    ):
        client.run(_make_ready)
        try:
            yield Cluster(client, same_disk=True)
        finally:
            client.run(_let_go, on_error="ignore")


def _make_ready() -> None:
    """In a worker, as it starts: what every site needs."""
    import analysis.pipeline.site  # noqa: F401
    from analysis.coding.lexicon import load_lexicon

    load_lexicon(None)


def _let_go() -> None:
    """In a worker that is to end: Python would look through all it has read for garbage, for seconds, and Dask warn and kill it."""
    gc.disable()
    gc.freeze()
