"""Names the steps for which the law sets a limit: every step of handling, and the periods in which citizens may act.

The policy files use these words.
"""

from enum import StrEnum


class LegalStage(StrEnum):
    """Names one step by one word. Steps for which a petition has a clock have the same names as in `Clock`."""

    TRIAGE = "triage"
    FIRST_REPLY = "first_reply"  # to a proposal: taken up or passed on
    PARTY_HEAD_NOTICE = "party_head_notice"  # the head of the Party committee says what became of it
    REFUSAL_NOTICE = "refusal_notice"  # từ chối tiếp công dân, form 01/TCD
    HANDLING = "handling"  # the line beyond which not handling a letter is a breach of duty
    TRANSFER = "transfer"  # chuyển đơn
    TRANSFER_REPLY = "transfer_reply"
    RESULT_TO_CITIZEN = "result_to_citizen"  # whoever passed it on tells the citizen
    REFERRAL_REPLY = "referral_reply"  # to the press or the body that sent it

    ACCEPTANCE = "acceptance"  # thụ lý
    ACCEPTANCE_EXTENSION = "acceptance_extension"
    ACCEPTANCE_NOTICE = "acceptance_notice"
    SETTLEMENT = "settlement"  # giải quyết; of a complaint the first
    SETTLEMENT_EXTENSION = "settlement_extension"
    SECOND_SETTLEMENT = "second_settlement"  # giải quyết khiếu nại lần hai
    CENTRAL_SETTLEMENT = "central_settlement"  # by a Party body at the centre
    SUSPENSION_SENDING = "suspension_sending"  # the decision to suspend, terminate or resume
    DOCUMENT_SUPPLY = "document_supply"
    DIALOGUE_INVITATION = "dialogue_invitation"  # to the dialogue of a complaint's settlement

    DECISION_SENDING = "decision_sending"
    SECOND_DECISION_SENDING = "second_decision_sending"
    DECISION_PUBLICATION = "decision_publication"  # công khai quyết định giải quyết khiếu nại
    PUBLICATION_MEETING_NOTICE = "publication_meeting_notice"  # before the meeting at which the decision is published
    DECISION_POSTING = "decision_posting"  # how long the decision stays posted
    FRONT_NOTICE = "front_notice"  # Mặt trận learns the result of a complaint that it passed on
    DECISION_EFFECT = "decision_effect"  # có hiệu lực pháp luật
    CONCLUSION_SENDING = "conclusion_sending"  # kết luận nội dung tố cáo
    CONCLUSION_ACTION = "conclusion_action"
    CONCLUSION_PUBLICATION = "conclusion_publication"
    ACTION_REPORT = "action_report"  # by whoever was asked to act on the conclusion
    FURTHER_REVIEW = "further_review"  # tố cáo tiếp
    OVERDUE_DEMAND = "overdue_demand"  # the superior demands a report
    OVERDUE_REPORT = "overdue_report"

    LODGING = "lodging"  # thời hiệu
    SECOND_COMPLAINT = "second_complaint"
    SECOND_COMPLAINT_ON_DISMISSAL = "second_complaint_on_dismissal"

    SCHEDULE_POSTING = "schedule_posting"  # lịch tiếp công dân
    SESSION_NOTICE = "session_notice"  # of a reception online
    CONNECTION_TEST = "connection_test"
    CONFERENCE_NOTICE = "conference_notice"  # hội nghị đối thoại với Nhân dân
    CONFERENCE_RESULT = "conference_result"
    CONCLUSION_NOTICE = "conclusion_notice"  # thông báo kết luận của người đứng đầu
    WRITTEN_ANSWER = "written_answer"
