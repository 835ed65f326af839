"""Lists the matters that citizens raise, by the fields in which dialogues are reported, and makes up the citizens."""

from dataclasses import dataclass
from random import Random

from domain.petitioner import Petitioner


@dataclass(frozen=True, slots=True)
class MatterField:
    """Holds the matters of one field; `department` answers those that a commune cannot settle."""

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
        "so-nnmt",
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
        "so-nnmt",
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
        "so-xd",
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
        "an ninh trật tự",
        "ca-tinh",
        (
            "Phản ánh thanh niên tụ tập gây ồn vào ban đêm",
            "Đề nghị xử lý xe quá tải trên đường liên xã",
            "Phản ánh tình trạng lừa đảo qua điện thoại",
        ),
    ),
    MatterField(
        "chính sách người có công, bảo trợ xã hội",
        "so-nv",
        (
            "Đề nghị xem xét chế độ đối với người có công",
            "Hỏi về hồ sơ hưởng trợ cấp bảo trợ xã hội",
            "Đề nghị rà soát lại danh sách hộ nghèo",
        ),
    ),
    MatterField(
        "giải quyết khiếu nại, tố cáo",
        "so-nnmt",
        (
            "Đề nghị trả lời dứt điểm vụ việc kéo dài về đất đai",
            "Hỏi về tiến độ thực hiện kết luận sau đối thoại",
        ),
    ),
)

COMPLAINT_SUMMARIES = (
    "Khiếu nại quyết định thu hồi đất",
    "Khiếu nại phương án bồi thường, hỗ trợ, tái định cư",
    "Khiếu nại quyết định xử phạt vi phạm hành chính về xây dựng",
    "Khiếu nại việc không cấp giấy chứng nhận quyền sử dụng đất",
)
DENUNCIATION_SUMMARIES = (
    "Tố cáo cán bộ thu phí sai quy định",
    "Tố cáo việc lập khống danh sách hỗ trợ",
    "Tố cáo hành vi bao che vi phạm trong quản lý đất đai",
)

_FAMILY_NAMES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Phan", "Vũ", "Đặng", "Bùi", "Đỗ")
_MIDDLE_NAMES = ("Văn", "Thị", "Hữu", "Ngọc", "Đức")
_GIVEN_NAMES = ("Ví Dụ", "Mẫu", "Thử", "Giả Định", "Minh Họa")


def make_petitioner(random: Random) -> Petitioner:
    """Make up a citizen whose name shows that there is no such person."""
    name = f"{random.choice(_FAMILY_NAMES)} {random.choice(_MIDDLE_NAMES)} {random.choice(_GIVEN_NAMES)}"
    return Petitioner(name=name, address=f"Thôn Ví Dụ {random.randint(1, 9)}, xã Mẫu, tỉnh Ví Dụ")
