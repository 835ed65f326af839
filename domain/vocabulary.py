"""Defines the stored words of petition work: kinds, channels, stages. A stored word is never renamed."""

from enum import StrEnum
from typing import NewType
from uuid import UUID

PetitionId = NewType("PetitionId", UUID)
MeetingId = NewType("MeetingId", UUID)
PetitionerRef = NewType("PetitionerRef", UUID)
GroundCode = NewType("GroundCode", str)
"""Code of the ground of an ending, in a list of grounds of the law."""
LawChangeId = NewType("LawChangeId", UUID)
ReorganisationId = NewType("ReorganisationId", UUID)
ImportWithdrawalId = NewType("ImportWithdrawalId", UUID)
ErasureId = NewType("ErasureId", UUID)
OfficerId = NewType("OfficerId", str)
UnitId = NewType("UnitId", str)
RemedyKind = NewType("RemedyKind", str)

NO_UNIT = UnitId("")
"""The unit of petitions for which no unit is named: views show them under it rather than hide them. No fact says it."""
NO_UNIT_WORD = "none"
"""The word for NO_UNIT in a question, where an empty value is none."""


class Category(StrEnum):
    """Says what a history in the log is about. All events of one history have the same category."""

    PETITION = "petition"
    UNIT = "unit"
    MEETING = "meeting"
    LAW = "law"  # the one history of all changes of law
    REORGANISATION = "reorganisation"  # the one history of all reorganisations
    IMPORT_WITHDRAWAL = "import_withdrawal"  # the one history of all withdrawals of imports
    ERASURE = "erasure"  # the one history of all erasures of personal data
    MESSAGE = "message"
    MESSAGE_COMPOSITION = "message_composition"  # the one history of which messages were composed together
    OPERATOR_ALERT = "operator_alert"


class PetitionKind(StrEnum):
    """Classifies a petition (loại đơn, Thông tư 05/2021 Art 6.1) by what it asks for, not by the letter's title."""

    COMPLAINT = "complaint"  # khiếu nại
    DENUNCIATION = "denunciation"  # tố cáo
    PROPOSAL_FEEDBACK = "proposal_or_feedback"  # kiến nghị, phản ánh: one legal class


class PersonCapacity(StrEnum):
    """Says in which capacity a person stands behind a petition (tư cách)."""

    PETITIONER = "petitioner"  # người khiếu nại, tố cáo, kiến nghị, phản ánh
    REPRESENTATIVE = "representative"  # người đại diện: a petitioner whom many persons chose (Law 42/2013 Art 29)
    PROXY = "proxy"  # người được ủy quyền: acts for a complainant (Law on complaints Art 12)
    LAWYER = "lawyer"  # luật sư, trợ giúp viên pháp lý được ủy quyền


class IdentityField(StrEnum):
    """Names a part of an identity in the vault: a record may say which part was mistyped, never what it says."""

    NAME = "name"
    ADDRESS = "address"
    IDENTITY_NO = "identity_no"
    PHONE = "phone"
    IS_REPRESENTATIVE = "is_representative"


class IdentityVersion(StrEnum):
    """Says what an identity in the vault is, where it is not the one that counts."""

    FORMER = "former"  # a right one took its place
    PROPOSED = "proposed"  # nobody approved it yet
    NOT_APPROVED = "not_approved"  # another proposal took its place


CAPACITIES_OF_PETITIONERS = frozenset({PersonCapacity.PETITIONER, PersonCapacity.REPRESENTATIVE})
"""The capacities of those who ask. Who acts for them is none of them, and is not counted."""


class Channel(StrEnum):
    """Says how the petition reached the authority (nguồn đơn; list: Thông tư 07/2014 Art 5, 05/2021)."""

    POST = "post"
    RECEPTION_PLACE = "reception_place"
    SUGGESTION_BOX = "suggestion_box"
    REFERRED_BY_LEADER = "referred_by_leader"
    REFERRED_BY_DEPUTY = "referred_by_deputy"
    REFERRED_BY_FRONT = "referred_by_front"
    REFERRED_BY_PRESS = "referred_by_press"
    RECEPTION_DAY = "reception_day"
    DIALOGUE = "dialogue"
    VOTER_MEETING = "voter_meeting"
    ONLINE = "online"
    HOTLINE = "hotline"
    INSPECTORATE = "inspectorate"
    OTHER = "other"


REFERRAL_CHANNELS = frozenset({Channel.REFERRED_BY_LEADER, Channel.REFERRED_BY_DEPUTY, Channel.REFERRED_BY_FRONT})
"""The channels by which another body passed the petition on. The press is none, but must be answered all the same."""


class Competence(StrEnum):
    """Says which body is competent for the matter (thẩm quyền)."""

    OWN = "own"
    SUBORDINATE = "subordinate"
    OTHER_BODY = "other_body"


class Complexity(StrEnum):
    """Says how complex a matter is (tính chất phức tạp). It is determined in writing and never presumed."""

    NORMAL = "normal"
    COMPLEX = "complex"  # vụ việc phức tạp
    SPECIALLY_COMPLEX = "specially_complex"  # vụ việc đặc biệt phức tạp, of denunciations alone


class Criterion(StrEnum):
    """Names a ground of complexity: points a, b, c, d, đ, e, g (Decree 124/2020 Art 3a, Decree 31/2019 Art 3)."""

    SEVERAL_PLACES = "several_places"  # one content, to be verified in two or more places
    SEVERAL_CONTENTS = "several_contents"
    MANY_PERSONS = "many_persons"  # on the same content, or the rights of many
    FOREIGN_ELEMENT = "foreign_element"
    SEVERAL_AGENCIES = "several_agencies"  # are responsible
    AGENCIES_DISAGREE = "agencies_disagree"
    CONTRADICTORY_EVIDENCE = "contradictory_evidence"  # that needs time or expertise


class Stage(StrEnum):
    """Names the stages of a petition, from the receipt to the close."""

    RECEIVED = "received"
    CLASSIFIED = "classified"
    ACCEPTED = "accepted"
    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    SUSPENDED = "suspended"
    ANSWERED_AT_MEETING = "answered_at_meeting"
    ANSWERED_IN_WRITING = "answered_in_writing"
    IMPLEMENTED = "implemented"
    # Gone up: by the citizen, or taken over from above
    COMPLAINED_AGAIN = "complained_again"
    DENOUNCED_FURTHER = "denounced_further"
    SUED = "sued"
    TAKEN_OVER = "taken_over"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"
    TERMINATED = "terminated"
    # Closed by intake
    REFUSED = "refused"
    TRANSFERRED = "transferred"
    URGED_BELOW = "urged_below"  # the competent lower body was urged to settle it
    RETURNED = "returned"
    GUIDED = "guided"
    FILED = "filed"
    DUPLICATE = "duplicate"
    HANDLED_AS_INFORMATION = "handled_as_information"
    SPLIT = "split"
    CANCELLED = "cancelled"

    is_open: bool
    """Whether the authority owes the citizen an answer."""

    @property
    def in_words(self) -> str:
        return self.value.replace("_", " ")


_OPEN_STAGES = frozenset(
    {Stage.RECEIVED, Stage.CLASSIFIED, Stage.ACCEPTED, Stage.ASSIGNED, Stage.IN_PROGRESS, Stage.SUSPENDED}
)
for _stage in Stage:  # an attribute: it is asked of every event
    _stage.is_open = _stage in _OPEN_STAGES
INTAKE_STAGES = frozenset({Stage.RECEIVED, Stage.CLASSIFIED})
"""The stages in which it is not decided yet whether and by whom the petition is handled."""
ANSWERED_STAGES = frozenset({Stage.ANSWERED_AT_MEETING, Stage.ANSWERED_IN_WRITING, Stage.IMPLEMENTED})
STAGES_WITH_UNIT = frozenset({Stage.ASSIGNED, Stage.IN_PROGRESS})
"""The stages in which a unit has the petition and must work on it."""


class WayUp(StrEnum):
    """Names the five ways in which a matter goes up: three are the citizen's own right, two are acts of those above."""

    SECOND_COMPLAINT = "second_complaint"  # Law on complaints Arts 7, 33
    FURTHER_DENUNCIATION = "further_denunciation"  # Law on denunciations Art 37
    LAWSUIT = "lawsuit"  # Law on complaints Arts 7, 33, 42
    SUPERIOR_SETTLES = "superior_settles"  # Law on denunciations Art 38.5
    RESPONSIBILITY_CHECK = "responsibility_check"  # Decree 154/2026 Art 32.1


class Instance(StrEnum):
    """Says which settlement of the same matter a petition asks for (lần giải quyết)."""

    FIRST = "first"  # lần đầu
    SECOND = "second"  # khiếu nại lần hai, Law on complaints Arts 7, 33
    FURTHER = "further"  # tố cáo tiếp, Law on denunciations Art 37


INSTANCE_OF_WAY = {WayUp.SECOND_COMPLAINT: Instance.SECOND, WayUp.FURTHER_DENUNCIATION: Instance.FURTHER}
"""The instance that each further letter of the citizen asks for."""
KIND_OF_INSTANCE = {Instance.SECOND: PetitionKind.COMPLAINT, Instance.FURTHER: PetitionKind.DENUNCIATION}
"""The kind that has each instance after the first. A petition of another kind has none, whatever was said of it."""


class Result(StrEnum):
    """Says how the answer judges the matter."""

    RIGHT = "right"
    PARTLY_RIGHT = "partly_right"
    WRONG = "wrong"
    EXPLAINED = "explained"


class CourtOutcome(StrEnum):
    """Says what a court decided on the decision or act that was sued (Law 93/2015 Arts 123, 141, 143, 193; not
    verified).
    """

    UPHELD = "upheld"  # bác yêu cầu khởi kiện: the decision stands
    ANNULLED_IN_PART = "annulled_in_part"  # hủy một phần quyết định
    ANNULLED = "annulled"  # hủy toàn bộ quyết định
    ACT_UNLAWFUL = "act_unlawful"  # tuyên bố hành vi hành chính là trái pháp luật
    DISCONTINUED = "discontinued"  # đình chỉ giải quyết vụ án
    SUSPENDED = "suspended"  # tạm đình chỉ giải quyết vụ án
    RETURNED = "returned"  # trả lại đơn khởi kiện


class RulingForce(StrEnum):
    """Says whether a ruling of a court has taken legal effect (hiệu lực pháp luật)."""

    IN_FORCE = "in_force"
    NOT_IN_FORCE = "not_in_force"  # it may still be appealed
    APPEALED = "appealed"  # bị kháng cáo, kháng nghị


class PromiseState(StrEnum):
    """Says how far a promise is kept."""

    KEPT = "kept"
    PARTLY_KEPT = "partly_kept"
    NOT_KEPT = "not_kept"


class Party(StrEnum):
    """Names the parties invited to the dialogue in the settlement of a complaint, by their part and never by name."""

    COMPLAINANT = "complainant"  # người khiếu nại
    COMPLAINED_AGAINST = "complained_against"  # người bị khiếu nại
    RELATED = "related"  # người có quyền, nghĩa vụ liên quan
    AGENCY = "agency"  # cơ quan, tổ chức liên quan


class Recipient(StrEnum):
    """Names to whom a decision, conclusion or notice goes, by their part and never by name."""

    PETITIONER = "petitioner"  # người khiếu nại, tố cáo, kiến nghị, phản ánh
    RESPONDENT = "respondent"  # người bị khiếu nại, người bị tố cáo
    RELATED = "related"  # người có quyền, nghĩa vụ liên quan
    MANAGING_BODY = "managing_body"  # cơ quan quản lý người bị tố cáo
    REFERRER = "referrer"  # cơ quan, tổ chức, cá nhân đã chuyển đơn đến
    SUPERIOR_BODY = "superior_body"  # cấp trên trực tiếp
    STATE_INSPECTORATE = "state_inspectorate"  # cơ quan thanh tra nhà nước


class DutyAct(StrEnum):
    """Names the acts by which an authority does what an earlier act made due (việc phải làm sau)."""

    PARTY_HEAD_NOTICE_SENT = "party_head_notice_sent"
    REFERRER_ANSWERED = "referrer_answered"
    ACCEPTANCE_NOTICE_SENT = "acceptance_notice_sent"
    DOCUMENTS_SUPPLIED = "documents_supplied"
    SUSPENSION_DECISION_SENT = "suspension_decision_sent"
    DECISION_SENT = "decision_sent"
    DECISION_PUBLISHED = "decision_published"
    CONCLUSION_SENT = "conclusion_sent"
    CONCLUSION_PUBLISHED = "conclusion_published"
    CONCLUSION_ACTED_ON = "conclusion_acted_on"
    ACTION_REPORTED = "action_reported"
    OVERDUE_REPORT_DEMANDED = "overdue_report_demanded"
    OVERDUE_REPORTED = "overdue_reported"


class WithdrawalScope(StrEnum):
    """Says whether the whole petition or a part of it is withdrawn."""

    WHOLE = "whole"
    PART = "part"


class WithdrawalForm(StrEnum):
    """Says how the citizen withdrew: by a letter or in minutes (biên bản)."""

    LETTER = "letter"
    MINUTES = "minutes"
