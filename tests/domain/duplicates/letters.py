"""Makes up letters, and the same letters as they come a second time: typed again, in another order, by another hand.

Names, places and matters are put together from lists of words; every resemblance to somebody is chance.
"""

import unicodedata
from collections.abc import Sequence
from random import Random
from typing import NamedTuple

from domain.petitioner import Petitioner

MATTERS: dict[str, tuple[str, ...]] = {
    "giao thông": (
        "đoạn đường liên thôn bị hư hỏng nặng",
        "mặt cầu dân sinh xuống cấp",
        "rãnh thoát nước hai bên đường bị tắc",
        "xe tải chở vật liệu chạy quá tải",
        "đường vào khu sản xuất lầy lội sau mưa",
        "biển báo ở ngã ba bị đổ",
        "cống qua đường bị sụt",
        "nền đường sạt lở một bên",
    ),
    "đất đai": (
        "chậm cấp giấy chứng nhận quyền sử dụng đất",
        "ranh giới thửa đất với hộ liền kề chưa rõ",
        "diện tích đo đạc không khớp với thực tế",
        "tiền bồi thường khi thu hồi đất chưa được chi trả",
        "đất công bị lấn chiếm làm nhà xưởng",
        "hồ sơ tách thửa bị trả lại nhiều lần",
        "đất nông nghiệp bị chuyển mục đích trái phép",
        "bản đồ địa chính ghi sai tên chủ sử dụng",
    ),
    "môi trường": (
        "trại chăn nuôi xả thải ra mương",
        "bãi rác tạm gây mùi hôi thối",
        "cơ sở sản xuất gây tiếng ồn ban đêm",
        "khói bụi từ lò gạch ảnh hưởng sức khỏe",
        "nước giếng có màu vàng và mùi lạ",
        "rác thải sinh hoạt không được thu gom đúng lịch",
        "kênh tưới bị ô nhiễm làm chết cá",
        "nước thải làng nghề chảy vào ruộng lúa",
    ),
    "chính sách": (
        "chưa nhận được trợ cấp người có công",
        "hồ sơ hộ nghèo không được xét",
        "chế độ bảo hiểm y tế bị gián đoạn",
        "tiền hỗ trợ sau bão chia không đều",
        "trợ cấp người cao tuổi bị chậm hai quý",
        "học bổng cho con hộ nghèo chưa chi trả",
        "chế độ mai táng phí chưa được giải quyết",
        "danh sách hỗ trợ thiên tai có tên người không bị thiệt hại",
    ),
    "điện nước": (
        "điện yếu vào giờ cao điểm",
        "cột điện nghiêng sát nhà dân",
        "nước sạch mất nhiều ngày liền",
        "đồng hồ nước chạy nhanh bất thường",
        "đường dây hạ thế chùng thấp",
        "trạm bơm hỏng không bơm được nước tưới",
        "hóa đơn tiền điện tăng gấp đôi",
        "đường ống nước vỡ tràn ra đường",
    ),
}
EFFECTS = (
    "người dân đi lại rất khó khăn",
    "trẻ em đi học không an toàn",
    "sản xuất vụ này bị ảnh hưởng lớn",
    "đã xảy ra hai vụ tai nạn",
    "gia đình tôi thiệt hại nhiều",
    "bà con trong xóm rất bức xúc",
    "đã phản ánh nhiều lần nhưng chưa được trả lời",
    "tình trạng kéo dài hơn một năm nay",
    "nhiều hộ phải bỏ ruộng",
    "người già và trẻ nhỏ hay ốm",
    "cán bộ thôn đã lập biên bản nhưng chưa có kết quả",
    "mùa mưa tới sẽ nguy hiểm hơn",
)
REQUESTS = (
    "đề nghị Ủy ban nhân dân xã kiểm tra và có biện pháp khắc phục",
    "kính mong cơ quan có thẩm quyền xem xét giải quyết",
    "đề nghị cho biết thời gian giải quyết cụ thể",
    "đề nghị cử cán bộ về kiểm tra thực tế",
    "mong được trả lời bằng văn bản",
    "đề nghị xử lý người có trách nhiệm",
    "đề nghị bố trí kinh phí sửa chữa trong năm nay",
    "kính đề nghị làm rõ và thông báo cho nhân dân",
)
OPENINGS = (
    "Kính gửi Ủy ban nhân dân xã",
    "Kính gửi Chủ tịch Ủy ban nhân dân xã",
    "Tôi làm đơn này kiến nghị như sau",
    "Tôi xin phản ánh với cơ quan có thẩm quyền việc sau",
    "",
)
ENDINGS = ("Tôi xin chân thành cảm ơn", "Xin trân trọng cảm ơn", "")
SYLLABLES = (
    *("an", "bình", "cao", "dương", "đông", "gia", "hà", "hải", "hòa", "hưng", "khê", "kim", "lâm", "lạc", "lộc"),
    *("long", "mai", "minh", "mỹ", "nam", "ngọc", "nhân", "ninh", "phong", "phú", "phúc", "quang", "quý", "sơn", "tân"),
    *(
        "tây",
        "thạch",
        "thái",
        "thanh",
        "thịnh",
        "thọ",
        "thượng",
        "tiên",
        "trung",
        "trường",
        "vân",
        "vạn",
        "việt",
        "vinh",
        "xuân",
    ),
    *("yên"),
)
FAMILIES, MIDDLES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Đặng"), ("Văn", "Thị", "Đức", "Ngọc")


class Letter(NamedTuple):
    """Holds what is written, and by whom."""

    text: str
    sender: Petitioner


def letter(random: Random) -> Letter:
    """Return a letter on one matter or two, in a place of its own.

    It is like others on the topic in most of its sentences.
    """
    matters = random.sample(MATTERS[random.choice(list(MATTERS))], random.choice((1, 1, 2)))
    village = " ".join(
        (random.choice(("thôn", "xóm", "ấp")), *random.choices(SYLLABLES, k=2), f"{random.randrange(20)}")
    )
    since = f"tháng {random.randrange(1, 13)} năm {random.randrange(2019, 2027)}"
    extent = f"dài khoảng {random.randrange(10, 900)} mét, ảnh hưởng {random.randrange(3, 150)} hộ dân"
    sentences = [
        random.choice(OPENINGS),
        f"tại {village} từ {since}, {', '.join(matters)}, {extent}",
        *random.sample(EFFECTS, random.choice((1, 2, 3))),
        *random.sample(REQUESTS, random.choice((1, 2))),
        random.choice(ENDINGS),
    ]
    text = ". ".join(sentence[0].upper() + sentence[1:] for sentence in sentences if sentence) + "."
    return Letter(text, person(random))


def person(random: Random) -> Petitioner:
    given = f"{random.choice(SYLLABLES)} {random.choice(SYLLABLES)}".title()
    return Petitioner(
        name=f"{random.choice(FAMILIES)} {random.choice(MIDDLES)} {given}",
        identity_no=f"{random.randrange(10**12):012}",
    )


def sent_again(first: Letter, random: Random) -> Letter:
    """Return the letter as it comes again, changed at most this much.

    Its sentences are in another order, a tenth of the words moved, a twentieth left out, often without accents.
    """
    sentences = first.text.split(". ")
    if random.random() < 0.5:
        random.shuffle(sentences)
    words = " ".join(sentences).split()
    for _ in range(round(len(words) * random.uniform(0, 0.1))):
        words.insert(random.randrange(len(words)), words.pop(random.randrange(len(words))))
    for _ in range(round(len(words) * random.uniform(0, 0.05))):
        del words[random.randrange(len(words))]
    if random.random() < 0.3:
        words = random.choice(OPENINGS).split() + words
    return Letter(typed(" ".join(words), random), again(first.sender, random))


def again(sender: Petitioner, random: Random) -> Petitioner:
    """Return the same person as another clerk enters them, or somebody of the family who sends it."""
    if random.random() < 0.1:
        return person(random)
    name = typed(random.choice(("", "", "Ông ", "bà ")) + sender.name, random)
    number = random.choice((sender.identity_no, sender.identity_no, spaced(sender.identity_no), ""))
    return Petitioner(name=name, identity_no=number)


def spaced(number: str) -> str:
    return " ".join(number[begin : begin + 3] for begin in range(0, len(number), 3))


def typed(text: str, random: Random) -> str:
    """Return the text as another keyboard gives it: without diacritics, in capitals, decomposed, or as it was."""
    return random.choice((bare, bare, str.upper, decomposed, str))(text)


def bare(text: str) -> str:
    marks_dropped = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return marks_dropped.replace("đ", "d").replace("Đ", "D")


def decomposed(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def letters(amount: int, seed: int) -> Sequence[Letter]:
    random = Random(seed)
    return [letter(random) for _ in range(amount)]
