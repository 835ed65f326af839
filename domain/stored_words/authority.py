"""Holds the words of units, offices, roles and meetings."""

from collections.abc import Mapping

from domain.labels import BilingualText
from domain.labels import bilingual_text as _

_BRANCHES = {
    "party_committee": _("cấp ủy", "Party committee"),
    "peoples_council": _("Hội đồng nhân dân", "People's Council"),
    "peoples_committee": _("Ủy ban nhân dân", "People's Committee"),
    "department": _("sở, ban, ngành", "department"),
    "front_and_mass_organisations": _(
        "Mặt trận Tổ quốc và các tổ chức chính trị - xã hội", "Front and mass organisations"
    ),
    "public_unit": _("đơn vị sự nghiệp công lập", "public unit"),
}

AUTHORITY_WORDS: Mapping[str, Mapping[str, BilingualText]] = {
    "Level": {
        "central": _("cấp trung ương", "central"),
        "province": _("cấp tỉnh", "province"),
        "district": _("cấp huyện", "district"),
        "commune": _("cấp xã", "commune"),  # also phường, đặc khu: Decree 155/2026 Art 6
    },
    "Branch": _BRANCHES,
    "Office": {
        "head": _("người đứng đầu", "head"),
        "deputy_head": _("cấp phó", "deputy head"),
        "follow_up": _("đầu mối theo dõi, đôn đốc", "follow-up unit"),
        "chair": _("Chủ tịch Ủy ban nhân dân cấp tỉnh", "chair of the provincial People's Committee"),
        "inspectorate": _("Chánh Thanh tra tỉnh", "chief inspector"),
    },
    "Role": {
        "receiver": _("người tiếp nhận đơn", "receiver"),
        "classifier": _("người phân loại đơn", "classifier"),
        "head": _("người đứng đầu", "head"),
        "officer": _("người được giao giải quyết", "responsible officer"),
        "follow_up": _("người theo dõi, đôn đốc", "follow-up officer"),
        "corrector": _("người đề nghị đính chính", "corrector"),
        "approver": _("người phê duyệt", "approver"),
        "inspector": _("người thanh tra", "inspector"),
        "custodian": _("người giữ thông tin danh tính", "custodian of identities"),
        "importer": _("người nhập dữ liệu", "importer"),
        "administrator": _("người quản trị", "administrator"),
    },
    "Category": {
        "petition": _("đơn", "petition"),
        "unit": _("đơn vị", "unit"),
        "meeting": _("hội nghị, buổi tiếp công dân", "meeting"),
        "law": _("thay đổi pháp luật", "changes of law"),
        "reorganisation": _("sắp xếp tổ chức", "reorganisation"),
        "import_withdrawal": _("thu hồi lần nhập", "withdrawal of imports"),
        "erasure": _("xóa dữ liệu cá nhân", "erasure of personal data"),
        "message": _("tin nhắc việc", "message"),
        "message_composition": _("việc soạn tin nhắc việc", "composition of messages"),
        "operator_alert": _("cảnh báo vận hành", "operator alert"),
    },
    "MeetingKind": {
        "dialogue_conference": _("hội nghị đối thoại", "dialogue conference"),
        "reception_day": _("buổi tiếp công dân", "reception day"),
        "social_criticism": _("hội nghị phản biện xã hội", "social criticism conference"),
    },
    "ReceptionType": {
        "regular": _("tiếp công dân thường xuyên", "regular"),
        "periodic": _("tiếp công dân định kỳ", "periodic"),
        "extraordinary": _("tiếp công dân đột xuất", "extraordinary"),
    },
    "MeetingMode": {
        "face_to_face": _("trực tiếp", "face to face"),
        "online": _("trực tuyến", "online"),
    },
    "MeetingStage": {
        "planned": _("đã lên kế hoạch", "planned"),
        "held": _("đã tổ chức", "held"),
        "cancelled": _("đã hủy", "cancelled"),
        "withdrawn": _("đã thu hồi ghi nhận", "record withdrawn"),
    },
    "HeadOf": _BRANCHES,
    "Audience": {
        "people": _("Nhân dân", "people"),
        "enterprises": _("doanh nghiệp", "enterprises"),
        "cooperatives": _("hợp tác xã", "cooperatives"),
        "households": _("hộ kinh doanh, hộ gia đình", "households"),
        "youth": _("thanh niên", "youth"),
        "women": _("phụ nữ", "women"),
        "farmers": _("nông dân", "farmers"),
        "union_members": _("đoàn viên công đoàn", "union members"),
        "veterans": _("cựu chiến binh", "veterans"),
        "officials": _("cán bộ, công chức, viên chức", "officials"),
        "other": _("nhóm khác", "other"),
    },
}
