"""Serves withdrawals of imports: reviewed, proposed, approved by another officer, applied over several requests."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from domain import permissions
from domain.import_withdrawals.commands import ApproveImportWithdrawal, ProposeImportWithdrawal
from domain.import_withdrawals.decide import ImportWithdrawalReview
from domain.text import Code
from projections.projection import Connection
from service.api.dependencies import ApiContext, ContextDep, OfficerCredentials, authenticate_officer
from service.api.openapi.responses import problem_responses
from service.api.routes.reviewed_change_kind import ReviewedChangeKind
from service.api.routes.reviewed_changes import reviewed_change_router
from service.api.schemas.petitions import ResponseModel
from service.approvals.import_withdrawals import IMPORT_WITHDRAWALS, dry_run_import_withdrawal
from service.approvals.imported_petitions import read_import_runs

_TAG = "imports"


class ImportRunShown(ResponseModel):
    """One run of the import of a source. `began_at` is in UTC; `withdrawn` of its `cases` were withdrawn."""

    source: str
    run: str | None
    began_at: datetime
    officer: str
    cases: int
    withdrawn: int


class ImportRunList(ResponseModel):
    imports: list[ImportRunShown]


class ImportToWithdraw(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    source: Annotated[Code, Field(description="the name that the mapping gives the source")]
    run: Annotated[UUID | None, Field(description="one run of the import; all runs if left out")] = None


class ImportWithdrawalKind(ReviewedChangeKind):
    """Describes withdrawals of imports."""

    service = IMPORT_WITHDRAWALS
    noun, plural, tag = "import_withdrawal", "import_withdrawals", _TAG
    id_name = "withdrawal_id"
    review_text = (
        "Try the withdrawal of an import without writing anything: list its cases, those that somebody worked on first."
        "\n\nRoles: those for proposing and for approving."
    )
    apply_text = (
        "Withdraw the next cases of an approved withdrawal.\n\n"
        "Send the request again to continue; no petition is withdrawn twice."
    )
    trial = ImportToWithdraw
    review_form = ImportWithdrawalReview

    async def dry_run(
        self, context: ApiContext, connection: Connection, trial: ImportToWithdraw
    ) -> ImportWithdrawalReview:
        """Return the cases of the import."""
        return await dry_run_import_withdrawal(context.office, connection, trial.source, trial.run)


imports_router = APIRouter(dependencies=[Depends(authenticate_officer)], tags=[_TAG])


@imports_router.get("/imports", operation_id="list_imports", responses=problem_responses(401, 403, 503))
async def list_imports(context: ContextDep, credentials: OfficerCredentials) -> ImportRunList:
    """List every run of an import: its source, when and by whom, its cases, and how many of them were withdrawn.

    Roles: those for proposing and for approving the withdrawal of an import.
    """
    permissions.require_any_permission((ProposeImportWithdrawal, ApproveImportWithdrawal), credentials.roles)
    async with context.office.pool.connection() as connection:
        runs = await read_import_runs(connection)
    return ImportRunList(imports=[ImportRunShown.model_validate(one, from_attributes=True) for one in runs])


router = reviewed_change_router(ImportWithdrawalKind())
