"""What an error of the operating system means to the user: the path, the reason, the way out."""

from __future__ import annotations

import errno

from lsb_nb.i18n import _


def why(error: OSError) -> str:
    """Give the reason of a failed reading or writing in the user's language."""
    known = {
        errno.ENOENT: _("没有这个文件或文件夹"),
        errno.EACCES: _("没有权限，或它正在 WPS、Excel 里打开"),
        errno.EPERM: _("没有权限"),
        errno.EISDIR: _("这是文件夹，不是文件"),
        errno.ENOTDIR: _("路径中间有一段是文件，不是文件夹"),
        errno.EEXIST: _("已经存在"),
        errno.EROFS: _("磁盘是只读的"),
        errno.ENOSPC: _("磁盘已满"),
        errno.ENAMETOOLONG: _("名称太长"),
    }
    return known.get(error.errno or 0) or error.strerror or type(error).__name__


def cannot_write(path: object, error: OSError) -> str:
    """Say in one sentence that a file cannot be written, why, and what to do."""
    return _("不能写入 {path}：{reason}；请换一个位置或文件名").format(path=path, reason=why(error))


def cannot_open(error: OSError) -> str:
    """Say in one sentence that a file or folder cannot be read or written, why, and what to do."""
    path = error.filename2 or error.filename or "?"
    return _("打不开 {path}：{reason}；请核对路径和权限").format(path=path, reason=why(error))
