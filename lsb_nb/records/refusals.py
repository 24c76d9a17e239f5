"""Word the refusals of `guard`: why a file is not read, and the way out."""

from __future__ import annotations

from lsb_nb.i18n import _


def word_refusal(code: str, detail: str = "") -> tuple[str, str]:
    """Say why a file was refused.

    Parameters
    ----------
    code : str
        The code of a `lsb_nb.records.guard.Refused`, or one of ``et``, ``suffix``, ``missing``, ``crash``, ``time``.
    detail : str
        What was seen: a part's name, a cell, a size.

    Returns
    -------
    reason, hint : str
    """
    resave = _("用 WPS 或 Excel 打开，另存为 .xlsx 后再试")
    recopy = _("从原处重新拷贝，或用 WPS、Excel 打开后另存为 .xlsx")
    plain = _("把需要的内容复制到新建的工作簿，保存为 .xlsx 后再试")
    shown = f"（{detail}）" if detail else ""
    words = {
        "et": (_("不能读取 .et 文件"), resave),
        "suffix": (_("不能读取这种文件{shown}"), resave),
        "missing": (_("找不到文件，或没有读取权限"), _("检查文件是否还在、是否允许读取")),
        "empty": (_("文件是空的（0 字节）"), recopy),
        "large": (_("文件太大{shown}"), _("删去图片和多余的工作表后另存为 .xlsx")),
        "renamed": (_("内容不是电子表格，只是改了扩展名"), resave),
        "not_workbook": (_("内容不是 .xlsx 或 .xls 工作簿{shown}"), resave),
        "encrypted": (_("文件已加密，不能读取"), _("用 WPS 或 Excel 打开，取消密码，另存为 .xlsx 后再试")),
        "damaged": (_("文件已损坏，不能读取"), recopy),
        "parts": (_("文件内部零件过多{shown}，不予读取"), plain),
        "bomb": (_("文件解压后过大，不予读取"), plain),
        "encoding": (_("文件内部不是 UTF-8 编码，不予读取"), resave),
        "text_encoding": (
            _("文本编码无法识别，只能读取 UTF-8 或 GB18030"),
            _("用 WPS 或 Excel 打开，另存为 .xlsx 或 UTF-8 的 .csv"),
        ),
        "dtd": (_("文件内部含有文档类型定义（DTD），不予读取"), plain),
        "deep": (_("文件内部嵌套过深，不予读取"), plain),
        "far": (_("离表格很远的单元格有内容{shown}，不予读取"), _("删去该处内容，只保留表格部分")),
        "cells": (_("表格范围过大{shown}，不予读取"), _("删去表格以外的内容，只保留表格部分")),
        "memory": (_("读取所需内存过大，不予读取"), plain),
        "time": (_("读取时间过长，已停止"), plain),
        "crash": (_("读取程序因这个文件异常退出"), plain),
    }
    reason, hint = words.get(code, words["damaged"])
    return reason.replace("{shown}", shown), hint
