"""Provides each view with a fold of the log: one for all views that have the same, as long as they keep together."""

from psycopg_pool import AsyncConnectionPool

from projections.projection import Projection
from service.event_store.committed_events import CommittedEvents
from service.event_store.log_mark import LogMark
from service.projector.history_fold import Fold
from service.projector.shared_fold import MAX_STEPS_KEPT, SharedFold
from service.security.text_vault import TextVault


class Folds:
    """Holds the folds of a process: a shared one for each fold function, and those of views that are far behind."""

    def __init__(self, pool: AsyncConnectionPool, vault: TextVault, committed: CommittedEvents) -> None:
        self._pool = pool
        self._vault = vault
        self._committed = committed
        committed.has_follower = True
        vault.on_forget(committed.forget)
        self._shared: dict[Fold, SharedFold] = {}
        self._separate: dict[str, SharedFold] = {}

    def fold_for(self, view: Projection, mark: LogMark) -> SharedFold:
        """Return the fold that the view shares with others, or a separate fold if their marks are far away."""
        shared = self._shared.get(view.fold)
        if shared is None or shared.end.position + MAX_STEPS_KEPT < mark.position:
            shared = self._shared[view.fold] = self._new_fold(view, mark)
        if shared.can_serve(mark):
            self._separate.pop(view.name, None)
            return shared
        separate = self._separate.get(view.name)
        if separate is None or not separate.can_serve(mark):
            separate = self._separate[view.name] = self._new_fold(view, mark)
        return separate

    def _new_fold(self, view: Projection, mark: LogMark) -> SharedFold:
        return SharedFold(self._pool, self._vault, view.fold, mark, self._committed)

    async def drop(self) -> None:
        """End all folds and forget what they hold."""
        folds = (*self._shared.values(), *self._separate.values())
        self._shared, self._separate = {}, {}
        for fold in folds:
            await fold.aclose()
