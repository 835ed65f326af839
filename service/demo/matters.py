"""Lists the matters that citizens raise, by the fields in which dialogues are reported, and makes up the citizens."""

from dataclasses import dataclass
from random import Random

from domain.petitioner import Petitioner


@dataclass(frozen=True, slots=True)
class MatterField:
    """Holds the matters of one field.

    `department` answers those that a commune cannot settle, and since the merger who took over its work.
    """

    topic: str
    department: str
    matters: tuple[str, ...]


MATTER_FIELDS = (
    MatterField(
        "xây dựng Đảng, chính quyền",
        "so-nv",
        (
            "Đề nghị công khai kết quả giải quyết các kiến nghị của kỳ đối thoại trước",
            "Phản ánh bộ phận một cửa hẹn trả kết quả chậm nhiều lần",
            "Đề nghị bố trí lịch tiếp công dân của người đứng đầu vào ngày cố định",
        ),
    ),
    MatterField(
        "nông nghiệp, nông thôn mới",
        "so-nnptnt",
        (
            "Đề nghị nạo vét tuyến kênh tưới nội đồng bị bồi lấp",
            "Đề nghị hỗ trợ giống sau đợt rét hại",
            "Đề nghị sửa đoạn đường trục thôn bị hư hỏng",
            "Phản ánh mức đóng góp xây dựng nông thôn mới chưa thống nhất",
            "Đề nghị hướng dẫn chuyển đổi cây trồng trên đất lúa kém hiệu quả",
        ),
    ),
    MatterField(
        "môi trường, giải phóng mặt bằng, đất đai",
        "so-tnmt",
        (
            "Đề nghị cấp giấy chứng nhận quyền sử dụng đất còn tồn đọng",
            "Phản ánh rác thải sinh hoạt tồn đọng ở điểm tập kết",
            "Kiến nghị về đơn giá bồi thường khi giải phóng mặt bằng",
            "Phản ánh trại chăn nuôi xả thải ra mương chung",
            "Đề nghị đo đạc lại ranh giới thửa đất sau dồn điền",
        ),
    ),
    MatterField(
        "giao thông, điện, nước",
        "so-gtvt",
        (
            "Đề nghị lắp đèn chiếu sáng ở ngã ba đầu thôn",
            "Đề nghị nâng cấp cầu dân sinh qua kênh",
            "Phản ánh nguồn nước sạch yếu vào giờ cao điểm",
            "Đề nghị làm rãnh thoát nước dọc tuyến đường liên xã",
        ),
    ),
    MatterField(
        "văn hóa, giáo dục, y tế",
        "so-gddt",
        (
            "Đề nghị bổ sung phòng học cho trường mầm non",
            "Đề nghị giữ lại điểm trường lẻ của thôn",
            "Phản ánh trạm y tế thiếu thuốc thông thường",
            "Đề nghị sửa chữa nhà văn hóa thôn",
        ),
    ),
    MatterField(
        "an ninh và trật tự an toàn xã hội",
        "ca-tinh",
        (
            "Phản ánh thanh niên tụ tập gây ồn vào ban đêm",
            "Đề nghị xử lý xe quá tải trên đường liên xã",
            "Phản ánh tình trạng lừa đảo qua điện thoại",
        ),
    ),
    MatterField(
        "chính sách người có công, bảo trợ xã hội",
        "so-ldtbxh",
        (
            "Đề nghị xem xét chế độ đối với người có công",
            "Hỏi về hồ sơ hưởng trợ cấp bảo trợ xã hội",
            "Đề nghị rà soát lại danh sách hộ nghèo",
        ),
    ),
    MatterField(
        "giải quyết khiếu nại, tố cáo",
        "so-tnmt",
        (
            "Đề nghị trả lời dứt điểm vụ việc kéo dài về đất đai",
            "Hỏi về tiến độ thực hiện kết luận sau đối thoại",
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Accusation:
    """Holds what a complaint or a denunciation is about, and its field in forms 02/XLD and 03/XLD."""

    summary: str
    field: str


_LAND, _BENEFITS, _SERVICE, _OTHER = (
    "đất đai, nhà cửa",
    "chế độ, chính sách",
    "công chức, công vụ",
    "lĩnh vực hành chính",
)
COMPLAINTS_OF_COMMUNE = (
    Accusation("Khiếu nại việc không xác nhận nguồn gốc sử dụng đất", _LAND),
    Accusation("Khiếu nại quyết định xử phạt vi phạm hành chính của Chủ tịch Ủy ban nhân dân xã", _OTHER),
    Accusation("Khiếu nại việc không đưa hộ gia đình vào danh sách hộ nghèo", _BENEFITS),
    Accusation("Khiếu nại việc không chứng thực hợp đồng", _OTHER),
)
"""Complaints of decisions and acts of the chair of a commune, who settles them first (Law 02/2011 Art 17)."""
COMPLAINTS_OF_PROVINCE = (
    Accusation("Khiếu nại quyết định thu hồi đất của Ủy ban nhân dân tỉnh", _LAND),
    Accusation("Khiếu nại quyết định phê duyệt phương án bồi thường, hỗ trợ, tái định cư", _LAND),
    Accusation("Khiếu nại quyết định xử phạt vi phạm hành chính của Chủ tịch Ủy ban nhân dân tỉnh", _OTHER),
)
"""Complaints of decisions of the chair of the province, who settles them first (Law 02/2011 Art 21)."""
DENUNCIATIONS_OF_COMMUNE = (
    Accusation("Tố cáo công chức của xã thu phí sai quy định", _SERVICE),
    Accusation("Tố cáo công chức của xã lập khống danh sách hỗ trợ", _BENEFITS),
    Accusation("Tố cáo công chức của xã bao che vi phạm trong quản lý đất đai", _LAND),
)
"""Denunciations of those whom the chair of a commune manages, and settles (Law 25/2018 Art 13)."""
DENUNCIATIONS_OF_PROVINCE = (
    Accusation("Tố cáo người đứng đầu một cơ quan của tỉnh bao che vi phạm trong quản lý đất đai", _LAND),
    Accusation("Tố cáo người đứng đầu một đơn vị sự nghiệp của tỉnh thu phí sai quy định", _SERVICE),
)
"""Denunciations of those whom the chair of the province manages, and settles (Law 25/2018 Art 13)."""

_FAMILY_NAMES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Phan", "Vũ", "Đặng", "Bùi", "Đỗ")
_MIDDLE_NAMES = ("Văn", "Thị", "Hữu", "Ngọc", "Đức")
_GIVEN_NAMES = ("Ví Dụ", "Mẫu", "Thử", "Giả Định", "Minh Họa")


def make_petitioner(random: Random) -> Petitioner:
    """Make up a citizen whose name shows that there is no such person."""
    name = f"{random.choice(_FAMILY_NAMES)} {random.choice(_MIDDLE_NAMES)} {random.choice(_GIVEN_NAMES)}"
    return Petitioner(name=name, address=f"Thôn Ví Dụ {random.randint(1, 9)}, xã Mẫu, tỉnh Ví Dụ")
