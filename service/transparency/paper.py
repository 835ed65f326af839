"""Writes a checkpoint as a sheet that a person signs by hand and files, Vietnamese first."""

from textwrap import wrap

from service.transparency.offline_verifier import SignedTree

_LINE = "." * 48


def checkpoint_sheet(checkpoint: SignedTree, note: str) -> str:
    """Return the sheet: what was signed, in figures that can be read aloud and compared, and where to sign."""
    root = checkpoint.root.hex().upper()
    groups = [" ".join(wrap(line, 4)) for line in wrap(root, 32)]
    signed = ", ".join(key.name for key in checkpoint.signed_by)
    return "\n".join(
        [
            "XÁC NHẬN ĐIỂM KIỂM TRA CỦA NHẬT KÝ / CONFIRMATION OF A CHECKPOINT OF THE LOG",
            "",
            f"Nhật ký / Log:                      {checkpoint.origin}",
            f"Số mục / Leaves:                    {checkpoint.size}",
            f"Đến vị trí / Up to position:        {checkpoint.line('position') or '-'}",
            f"Thời điểm (UTC) / Time (UTC):       {checkpoint.line('at') or '-'}",
            f"Khóa đã ký / Signed by the keys:    {signed}",
            "Mã băm gốc / Root:",
            *(f"    {group}" for group in groups),
            "",
            "Ai giữ tờ này có thể chứng minh về sau rằng nhật ký đến vị trí trên không bị sửa, xóa hay chèn thêm.",
            "Whoever keeps this sheet can prove later that nothing up to there was changed, removed or inserted.",
            "",
            f"Họ tên, chức vụ / Name, position:   {_LINE}",
            f"Ngày giờ ký / Signed on, at:        {_LINE}",
            f"Chữ ký / Signature:                 {_LINE}",
            "",
            "Bản gốc để máy kiểm tra / The original, for the machine:",
            "",
            note,
        ]
    )
