"""Holds by hand which act the law knows for which kind, from which day, by which document, and by which channels.

It is written apart from the product's own tables and reads none of them. Articles: Law 02/2011 on complaints (LKN), Law
25/2018 on denunciations (LTC), Law 42/2013 on citizen reception (LTCD), Decrees 31/2019, 154/2026 and 155/2026 (NĐ).
"""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from domain import commands as c
from domain.vocabulary import Channel, PetitionKind

PROPOSAL, COMPLAINT, DENUNCIATION = (
    PetitionKind.PROPOSAL_FEEDBACK,
    PetitionKind.COMPLAINT,
    PetitionKind.DENUNCIATION,
)
NEW_LAW = date(2026, 7, 1)
"""The first day of Law 136/2025 and Decree 155/2026."""


class Lawful(NamedTuple):
    """Holds the article of an act, its first day, and the sign of its document; "VP" ends the number of a letter."""

    article: str
    paper: str = ""
    since: date = date.min


OF_EVERY_KIND = frozenset(
    {
        c.ReceivePetition,
        c.CancelRegistration,
        c.ClassifyPetition,
        c.AcknowledgeReceipt,
        c.SplitPetition,
        c.MarkDuplicate,
        c.AssignPetition,
        c.ReassignPetition,
        c.StartWork,
        c.RemindUnit,
        c.DeliverContribution,
        c.ReplyToReferrer,
        c.NotifyCitizen,
        c.ClosePetition,
        c.ProposeCorrection,
        c.ApproveCorrection,
    }
)
"""Acts of the office's own work, which no law limits to a kind."""

ACTS_OF_KIND: Mapping[PetitionKind, Mapping[type, Lawful]] = {
    PROPOSAL: {
        c.AnswerAtMeeting: Lawful("NĐ 154 Art 25.3"),
        c.AnswerInWriting: Lawful("NĐ 154 Art 25.2", paper="VP"),
        c.RecordPromise: Lawful("no law"),
        c.ReportPromise: Lawful("no law"),
        c.ReopenPetition: Lawful("no law"),
        c.RequestExtension: Lawful("no law"),
        c.ExtendDeadline: Lawful("no law", paper="VP"),
        c.GuideCitizen: Lawful("no law", paper="VP"),
        c.FilePetition: Lawful("TT 05/2021 Art 28"),
        c.ReturnPetition: Lawful("no law", paper="VP"),
        c.TransferPetition: Lawful("TT 05/2021 Art 20.2", paper="PC"),
        c.RecordTransferReply: Lawful("LTCD Art 27"),
    },
    COMPLAINT: {
        c.GuideCitizen: Lawful("TT 07/2014 Art 8.1", paper="VP"),
        c.RecordMandate: Lawful("LTCD Art 29; LKN Art 8.4"),
        c.AcceptPetition: Lawful("LKN Art 27", paper="TB"),
        c.RefuseAcceptance: Lawful("LKN Arts 11, 27", paper="TB"),
        c.RecordComplaintDialogue: Lawful("LKN Arts 30, 39", paper="BB"),
        c.AnswerInWriting: Lawful("LKN Arts 31, 40", paper="QĐ"),
        c.RequestWithdrawal: Lawful("LKN Art 10"),
        c.AcceptWithdrawal: Lawful("LKN Art 10", paper="QĐ"),
        c.OverrideWithdrawal: Lawful("LKN Art 10 by Law 136/2025", since=NEW_LAW),
        c.SuspendProcessing: Lawful("LKN Art 11a", paper="QĐ", since=NEW_LAW),
        c.ResumeProcessing: Lawful("LKN Art 11a; NĐ 155 Art 12", paper="QĐ", since=NEW_LAW),
        c.TerminateProcessing: Lawful("LKN Art 11a", paper="QĐ", since=NEW_LAW),
        c.DetermineComplexity: Lawful("NĐ 155 Art 2", paper="TB", since=NEW_LAW),
        c.RequestExtension: Lawful("LKN Art 28, of a complex case", since=NEW_LAW),
        c.ExtendDeadline: Lawful("LKN Art 28, of a complex case", paper="QĐ", since=NEW_LAW),
        c.SendSuspensionDecision: Lawful("NĐ 124 Art 28b by NĐ 155", since=NEW_LAW),
        c.PublishDecision: Lawful("LKN Art 41.2"),
        c.LodgeSecondComplaint: Lawful("LKN Art 33"),
        c.FileLawsuit: Lawful("LKN Arts 33, 42"),
        c.RecordCourtRuling: Lawful("LKN Art 42"),
    },
    DENUNCIATION: {
        c.HandleAsInformation: Lawful("LTC Art 25"),
        c.TransferPetition: Lawful("LTC Art 24.2", paper="PC"),
        c.RecordTransferReply: Lawful("LTCD Art 27"),
        c.RecordMandate: Lawful("LTC Art 23.1; LTCD Art 29"),
        c.AcceptPetition: Lawful("LTC Art 29; NĐ 31 form 04", paper="QĐ"),
        c.RefuseAcceptance: Lawful("LTC Arts 24.1, 37", paper="TB"),
        c.DetermineComplexity: Lawful("NĐ 31 Art 3", paper="TB"),
        c.RequestExtension: Lawful("LTC Art 30.2"),
        c.ExtendDeadline: Lawful("LTC Art 30.2; NĐ 31 form 01", paper="QĐ"),
        c.SuspendProcessing: Lawful("LTC Art 34.1", paper="QĐ"),
        c.ResumeProcessing: Lawful("LTC Art 34.2", paper="QĐ"),
        c.TerminateProcessing: Lawful("LTC Art 34.3", paper="QĐ"),
        c.RequestWithdrawal: Lawful("LTC Art 33; NĐ 31 Art 4"),
        c.AcceptWithdrawal: Lawful("LTC Arts 33.2, 34.3a", paper="QĐ"),
        c.OverrideWithdrawal: Lawful("LTC Art 33.3"),
        c.AnswerInWriting: Lawful("LTC Art 35; NĐ 31 form 12", paper="KL"),
        c.SendAcceptanceNotice: Lawful("LTC Art 29.3", paper="TB"),
        c.SendSuspensionDecision: Lawful("LTC Art 34.4"),
        c.SendConclusion: Lawful("LTC Art 35.3"),
        c.ActOnConclusion: Lawful("LTC Art 36.1", paper="QĐ"),
        c.RecordActionResult: Lawful("LTC Art 36.3"),
        c.ReportAction: Lawful("LTC Art 36.3", paper="BC"),
        c.PublishConclusion: Lawful("LTC Art 40.1"),
        c.LodgeFurtherDenunciation: Lawful("LTC Art 37.1"),
    },
}
"""What an act of one kind rests on. An act that a kind does not list is no act of its law."""

PAPER_FIELDS = ("document_no", "decision_no", "minutes_no")
"""The field of a command that has the number of its document."""

_WRITTEN_OR_IN_PERSON = frozenset(
    {
        Channel.POST,
        Channel.RECEPTION_PLACE,
        Channel.RECEPTION_DAY,
        Channel.REFERRED_BY_LEADER,
        Channel.REFERRED_BY_DEPUTY,
        Channel.REFERRED_BY_FRONT,
        Channel.REFERRED_BY_PRESS,
    }
)
CHANNELS: Mapping[PetitionKind, frozenset[Channel]] = {
    PROPOSAL: frozenset(Channel),
    COMPLAINT: _WRITTEN_OR_IN_PERSON,  # LKN Art 8
    DENUNCIATION: _WRITTEN_OR_IN_PERSON,  # LTC Art 22
}
RESULTS_WITHOUT_JUDGEMENT = frozenset({"explained"})
"""What no decision and no conclusion may come to (LKN Art 40.2, LTC Art 35.2)."""

UNITS_UNTIL: Mapping[str, date] = {
    "huyen-": date(2025, 6, 30),
    "so-tnmt": date(2025, 2, 28),
    "so-nnptnt": date(2025, 2, 28),
    "so-gtvt": date(2025, 2, 28),
    "so-ldtbxh": date(2025, 2, 28),
}
"""The last day of units that have ended, by the beginning of their code."""
UNITS_SINCE: Mapping[str, date] = {"so-nnmt": date(2025, 3, 1)}
REGIONAL_COURTS_SINCE = date(2025, 7, 1)
"""From memory, not verified."""
