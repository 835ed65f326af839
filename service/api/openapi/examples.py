"""Gives one example body for each command, for the OpenAPI description. All persons in the examples are made up."""

from collections.abc import Mapping
from typing import Any

from fastapi.openapi.models import Example

from domain import commands as c
from domain.command import Command
from domain.law_changes.commands import ApproveLawChange, ProposeLawChange
from domain.meetings import commands as m
from domain.reorganisations.commands import ProposeReorganisation
from domain.units import commands as u

_MEETING = "01980a6e-1111-7000-8000-000000000001"
_PETITION = "01980a6e-2222-7000-8000-000000000002"

REORGANISATION_PLAN = """\
title = "Sắp xếp phòng của xã Ví Dụ"
instrument = "52/NQ-HĐND"
on = 2026-07-01

[[open]]
unit = "phong-kinh-te-ha-tang"
name = "Phòng Kinh tế và Hạ tầng xã Ví Dụ"
level = "commune"

[[move]]
from = "phong-kinh-te"
to = ["phong-kinh-te-ha-tang"]
"""

EXAMPLE_BODIES: Mapping[type[Command], Mapping[str, Any]] = {
    c.ReceivePetition: {
        "channel": "reception_place",
        "kind": "proposal_or_feedback",
        "summary": "Đề nghị sửa đoạn đường liên thôn bị hư hỏng",
        "petitioners": [{"name": "Nguyễn Thị Ví Dụ", "address": "Thôn Mẫu, xã Ví Dụ"}],
        "place": "Thôn Mẫu",
    },
    c.CancelRegistration: {"reason": "Vào sổ nhầm"},
    c.SplitPetition: {
        "matters": [{"summary": "Sửa đoạn đường liên thôn"}, {"summary": "Thu gom rác", "kind": "proposal_or_feedback"}]
    },
    c.ClassifyPetition: {"kind": "proposal_or_feedback", "topic": "giao thông"},
    c.AcknowledgeReceipt: {"document_no": "12/TB-UBND", "how": "bưu điện"},
    c.RequestSupplement: {"wanted": "Bản sao giấy chứng nhận", "asked_for_on": "2026-07-20"},
    c.RecordSupplement: {"summary": "Bản sao giấy chứng nhận"},
    c.AcceptPetition: {"document_no": "34/QĐ-UBND"},
    c.RefuseAcceptance: {"document_no": "35/TB-UBND", "ground": "Vụ việc đã có quyết định giải quyết có hiệu lực"},
    c.TransferPetition: {"to_body": "Công an tỉnh (ví dụ)", "document_no": "36/PC-UBND"},
    c.RecordTransferReply: {"result": "Đã thụ lý", "is_accepted": True},
    c.ReturnPetition: {"to_body": "Ủy ban Mặt trận Tổ quốc xã (ví dụ)", "document_no": "37/UBND"},
    c.GuideCitizen: {"competent_body": "Tòa án nhân dân khu vực (ví dụ)", "document_no": "38/HD-UBND"},
    c.FilePetition: {"reason": "Đơn không có nội dung cụ thể"},
    c.MarkDuplicate: {"duplicate_of": _PETITION},
    c.UnmarkDuplicate: {"reason": "Hai đơn nói về hai đoạn đường khác nhau"},
    c.HandleAsInformation: {"reason": "Đơn không rõ tên, có bằng chứng rõ ràng"},
    c.AssignPetition: {
        "lead_unit": "phong-kinh-te",
        "responsible_officer": "cb-vidu",
        "responsible_position": "Chuyên viên",
        "task_summary": "Kiểm tra, sửa đoạn đường, trả lời công dân",
        "due_on": "2026-07-31",
        "expected_output": "Văn bản trả lời",
        "accountable_head": "tp-vidu",
        "notice_no": "40/TB-UBND",
        "notice_on": "2026-07-06",
    },
    c.ReassignPetition: {
        "lead_unit": "phong-kinh-te",
        "responsible_officer": "cb-mau",
        "responsible_position": "Chuyên viên",
        "reason": "Người được giao chuyển công tác",
    },
    c.StartWork: {},
    c.RecordComplaintDialogue: {
        "minutes_no": "51/BB-ĐTKN",
        "present": ["complainant", "complained_against"],
        "invited_on": "2026-07-01",
    },
    c.PrepareForMeeting: {"meeting_id": _MEETING, "proposed_answer": "Đoạn đường được sửa xong trong tháng 9"},
    c.AnswerAtMeeting: {
        "meeting_id": _MEETING,
        "answered_by": "tp-vidu",
        "answered_by_position": "Trưởng phòng",
        "answer": "Đoạn đường được sửa xong trong tháng 9",
        "minutes_page": "trang 4",
        "citizen_agreed": True,
    },
    c.AnswerInWriting: {
        "document_no": "41/UBND-KT",
        "signed_by": "ct-vidu",
        "signer_position": "Chủ tịch",
        "answer": "Kiến nghị đúng; đoạn đường được sửa xong trong tháng 9",
        "result": "right",
        "remedies": ["Sửa đoạn đường"],
    },
    c.NotifyCitizen: {"how": "bưu điện", "evidence": "Giấy báo phát ngày 2026-07-06"},
    c.RecordPromise: {"promised": "Sửa đoạn đường", "promised_for_on": "2026-09-30"},
    c.ReportPromise: {"number": 1, "state": "kept", "result": "Đã sửa xong đoạn đường"},
    c.RemindUnit: {"document_no": "42/UBND", "asked_for_on": "2026-07-20"},
    c.LodgeSecondComplaint: {
        "to_unit": "ubnd-tinh",
        "channel": "post",
        "summary": "Không đồng ý với quyết định giải quyết khiếu nại lần đầu",
    },
    c.LodgeFurtherDenunciation: {
        "to_unit": "ubnd-tinh",
        "channel": "post",
        "summary": "Quá thời hạn mà tố cáo chưa được giải quyết",
    },
    c.FileLawsuit: {"court": "Tòa án nhân dân khu vực 1 (ví dụ)", "document_no": "12/TB-TLVA"},
    c.TakeOverSettlement: {
        "to_unit": "ubnd-tinh",
        "ground": "Việc giải quyết có dấu hiệu không khách quan",
        "document_no": "49/UBND-NC",
    },
    c.OrderResponsibilityCheck: {
        "to_unit": "thanh-tra-tinh",
        "reason": "Đã đôn đốc, quá hạn không trả lời",
        "document_no": "50/QĐ-UBND",
    },
    c.SuspendProcessing: {"ground": "Chờ kết quả giám định", "decision_no": "43/QĐ-UBND"},
    c.ResumeProcessing: {"document_no": "44/QĐ-UBND"},
    c.TerminateProcessing: {"ground": "Người kiến nghị rút toàn bộ nội dung", "decision_no": "45/QĐ-UBND"},
    c.SetDeadline: {"due_on": "2026-07-31", "reason": "Chưa có thời hạn"},
    c.RequestExtension: {"clock": "head", "until": "2026-08-14", "reason": "Vụ việc phức tạp"},
    c.ExtendDeadline: {"decision_no": "46/QĐ-UBND"},
    c.DetermineComplexity: {"criteria": ["several_agencies"], "document_no": "48/TB-UBND"},
    c.RequestWithdrawal: {"scope": "whole", "form": "letter", "coercion_checked": True},
    c.AcceptWithdrawal: {},
    c.OverrideWithdrawal: {"ground": "Có dấu hiệu bị ép buộc"},
    c.ClosePetition: {"reason": "Công dân đã nhận văn bản trả lời"},
    c.ReopenPetition: {"reason": "Đoạn đường lại hư hỏng", "due_on": "2026-08-31"},
    c.ProposeCorrection: {"version": 1, "place": "Thôn Mẫu Hai", "why": "Ghi nhầm tên thôn"},
    c.ApproveCorrection: {},
    c.AcknowledgeAlert: {"clock": "head", "due_on": "2026-07-03", "step": "day-after"},
    m.RecordMeeting: {
        "meeting_id": _MEETING,
        "level": "commune",
        "organiser": "phong-kinh-te",
        "chair": "ct-vidu",
        "chair_position": "Chủ tịch",
        "title": "Đối thoại với nhân dân Thôn Mẫu",
        "attendance": 120,
    },
    m.PlanMeeting: {
        "meeting_id": _MEETING,
        "planned_for": "2026-07-20",
        "level": "commune",
        "organiser": "phong-kinh-te",
        "chair": "ct-vidu",
        "chair_position": "Chủ tịch",
        "title": "Đối thoại với nhân dân Thôn Mẫu",
        "head_of": "peoples_committee",
        "audience": "people",
        "topics": ["giao thông"],
    },
    m.AnnounceMeeting: {"how": "đài truyền thanh, niêm yết tại trụ sở", "document_no": "49/TB-UBND"},
    m.MoveMeeting: {"planned_for": "2026-07-27", "reason": "Trùng ngày họp Hội đồng nhân dân"},
    m.HoldMeeting: {"attendance": 120, "minutes_no": "3/BB-ĐT"},
    m.CancelMeeting: {"reason": "Mưa lũ, không bảo đảm an toàn cho người dự"},
    m.EnterMinutes: {"minutes_no": "3/BB-ĐT"},
    m.IssueConclusionNotice: {
        "document_no": "50/TB-UBND",
        "signed_by": "ct-vidu",
        "signer_position": "Chủ tịch",
        "tasks": [{"unit": "phong-kinh-te", "task": "Sửa đoạn đường liên thôn", "due_on": "2026-09-30"}],
    },
    m.PublishConclusionNotice: {"how": "niêm yết tại trụ sở, gửi trưởng thôn"},
    m.CompleteConclusionTask: {"number": 1, "result": "Đã sửa xong đoạn đường"},
    m.PublishAnswers: {
        "answers": [
            {
                "petition": "TD-2026-000123",
                "answered_by": "tp-vidu",
                "answered_by_position": "Trưởng phòng",
                "answer": "Đoạn đường được sửa xong trong tháng 9",
                "minutes_page": "trang 4",
            }
        ]
    },
    u.OpenUnit: {
        "unit": "phong-kinh-te",
        "name": "Phòng Kinh tế xã Ví Dụ",
        "level": "commune",
        "branch": "department",
        "parent": "ubnd-xa-vi-du",
    },
    u.CloseUnit: {"instrument": "47/NQ-HĐND"},
    u.PlaceUnit: {"parent": "ubnd-xa-vi-du", "branch": "department", "instrument": "49/QĐ-UBND"},
    u.RenameUnit: {"name": "Phòng Kinh tế và Hạ tầng xã Ví Dụ", "instrument": "50/NQ-HĐND"},
    u.SucceedUnit: {"successors": ["phong-kinh-te-ha-tang"], "instrument": "51/NQ-HĐND"},
    u.TakeOffice: {"office": "head", "officer": "tp-vidu", "position": "Trưởng phòng"},
    u.LeaveOffice: {"office": "head", "officer": "tp-vidu"},
    u.NameDeputy: {
        "officer": "tp-vidu",
        "deputy": "pp-vidu",
        "away_from": "2026-07-13",
        "away_until": "2026-07-24",
    },
    u.EndAbsence: {"officer": "tp-vidu"},
    ProposeLawChange: {
        "subject": "calendar",
        "text": 'version = "VD-2026.2"\n[[change]]\nsource = "49/TB"\n[change.days_off]\n2026-12-31 = "Nghỉ bù"\n',
        "instrument": "49/TB-UBND ngày 01/12/2026",
    },
    ApproveLawChange: {},
    ProposeReorganisation: {"text": REORGANISATION_PLAN},
}


def example_body(command: type[Command]) -> dict[str, Any]:
    """Return the example body of a command, with the day on which it happened."""
    return {"occurred_on": "2026-07-06", **EXAMPLE_BODIES[command]}


def openapi_examples(command: type[Command]) -> dict[str, Example]:
    """Return the example of a command in the form that FastAPI needs for a body."""
    return {"example": {"value": example_body(command)}}
