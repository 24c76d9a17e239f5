@echo off
chcp 65001 >nul
cd /d "%~dp0"
set "PY="
for %%V in (3.14 3.13 3.12 3.11) do if not defined PY (py -%%V -c "import sys" >nul 2>nul && set "PY=py -%%V")
if not defined PY (python -c "import sys; sys.exit(sys.version_info < (3, 11))" >nul 2>nul && set "PY=python")
if not defined PY (
  echo 没有找到 Python 3.11 或更新版本。请先安装 Python，安装时勾选“Add python.exe to PATH”，然后再双击本文件。
  pause
  exit /b 1
)
fc /b requirements.lock .venv\ready >nul 2>nul || (
  echo 正在安装（第一次启动或版本有更新时），约需几分钟……
  %PY% -m venv .venv || goto failed
  .venv\Scripts\python -m pip install --quiet --require-hashes -r requirements.lock || goto failed
  .venv\Scripts\python -m pip install --quiet --no-deps --no-build-isolation --editable . || goto failed
  copy /y requirements.lock .venv\ready >nul
)
.venv\Scripts\lsb lab
if errorlevel 1 pause
exit /b
:failed
echo 安装没有完成。请检查网络后再双击本文件；仍不成功时，把上面的文字发给维护人员。
pause
exit /b 1
